"""`satwarn receiver`: the box on the wall, its rules, its state, its installation."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from satwarn.cli import _receiver_keys
from satwarn.cli._counted import counted
from satwarn.cli._receiver_run import EXAMPLES, HELP

app = typer.Typer(help="A stand-alone receiver: run it, check its rules, ask how it is.", no_args_is_help=True)
app.add_typer(_receiver_keys.app, name="keys")

Config = Annotated[Path, typer.Option(help="The site's settings.")]
AsJson = Annotated[bool, typer.Option("--json", help="Everything as JSON on stdout.")]
By = Annotated[str, typer.Option(help="Who does it: it stands in the record.")]


@app.command(help=f"{HELP}\n\n{EXAMPLES}")
def run(
    config: Config = Path("site.toml"),
    shadow: Annotated[
        bool, typer.Option("--shadow", help="Outputs absent: only say what would have been done.")
    ] = False,
) -> None:
    """Run one receiver (usually reached without typer, see satwarn.cli.main)."""
    from satwarn.app import receiver_run

    receiver_run.run(config, shadow=shadow)


@app.command()
def check(
    settings: Annotated[Path, typer.Argument(help="The settings to look at.")] = Path("site.toml"),
    reach: Annotated[bool, typer.Option(help="Try to reach the outputs.")] = True,
    as_json: AsJson = False,
) -> None:
    """Show what triggers what, contradictions, unreachable outputs, and what golden messages would do here.

    Exit 0 when there is no error, 1 when there is, 2 when the settings cannot be read. Changes nothing, sounds nothing.

    Examples:

      satwarn receiver check site.toml

      satwarn receiver check site.toml --no-reach --json
    """
    from satwarn.app import receiver_check
    from satwarn.app.receiver_settings import read

    chosen = read(settings)
    rules, rehearsed = receiver_check.rule_table(chosen), receiver_check.rehearse(chosen)
    found = [*receiver_check.findings(chosen, reach=reach), *receiver_check.differing(rehearsed)]
    if as_json:
        rows = [{"message": row.message, "by_default": row.by_default, "here": row.here} for row in rehearsed]
        said = [{"level": one.level, "where": one.where, "what": one.what} for one in found]
        typer.echo(json.dumps({"rules": rules, "golden": rows, "findings": said}, ensure_ascii=False, indent=1))
    else:
        typer.echo(f"{'information':<26}{'severity':<10}{'frame alone':<13}{'signed':<8}changed")
        for rule in rules:
            line = f"{rule['information']:<26}{rule['severity']:<10}{rule['frame']:<13}{rule['signed']:<8}"
            typer.echo((line + rule["changed"]).rstrip())
        typer.echo("\ngolden messages, with a sane radio and nothing signed")
        for row in rehearsed:
            typer.echo(f"  {row.message:<30}{row.here}")
        typer.echo("")
        for one in found:
            typer.echo(f"{'✗' if one.level == 'error' else '!'} {one.level}: {one.where}: {one.what}")
        typer.echo("✓ no error" if not _errors(found) else f"✗ {counted(_errors(found), 'error')}")
    raise typer.Exit(1 if _errors(found) else 0)


def _errors(found: list[Any]) -> int:
    return sum(one.level == "error" for one in found)


@app.command()
def status(config: Config = Path("site.toml"), as_json: AsJson = False) -> None:
    """Ask the running receiver how it is, in the site's first language (JSON stays English).

    Exit 0 when all is well, 1 when something is wrong or it does not answer.

    Examples:

      satwarn receiver status --config site.toml

      satwarn receiver status --json
    """
    from satwarn.app.receiver_asked import ask

    state = ask(config, "/status.json")
    if as_json:
        typer.echo(json.dumps(state, ensure_ascii=False, indent=1))
    else:
        from satwarn.app.receiver_settings import read
        from satwarn.app.receiver_status_text import lines

        typer.echo("\n".join(lines(state, read(config).languages[0])))
    raise typer.Exit(1 if state["faults"] else 0)


@app.command()
def stop(by: By, config: Config = Path("site.toml")) -> None:
    """Local stop: every output falls silent; what is on stays shown, what is new or graver sounds.

    No secret is asked for, unless the site says so ([by_hand] stop in site.toml).

    Example: satwarn receiver stop --by "caretaker"
    """
    from satwarn.app.receiver_asked import stop_wants_secret, tell

    secret = {"secret": _receiver_keys.secret_of(by)} if stop_wants_secret(config) else {}
    typer.echo(tell(config, "/stop", {"by": by, **secret}))


@app.command("test")
def try_outputs(by: By, config: Config = Path("site.toml")) -> None:
    """Sound, show and switch every output as a technical test, labelled before and after; see the status for results.

    Refused in a maintenance and while a warning is on. The silent self-test runs by itself each day. Asks for the
    secret of a key holder (satwarn receiver keys).

    Example: satwarn receiver test --by "caretaker"
    """
    from satwarn.app.receiver_asked import tell

    typer.echo(tell(config, "/test", {"by": by, "secret": _receiver_keys.secret_of(by)}))


@app.command()
def maintenance(
    by: By,
    minutes: Annotated[int, typer.Option(help="How long, at most 720.")] = 60,
    config: Config = Path("site.toml"),
) -> None:
    """Isolate every output for a time; it is shown here and at the hub. What sounds falls silent.

    Asks for the secret of a key holder; from a pipe it is read as one line.

    Examples:

      satwarn receiver maintenance --by "fitter" --minutes 90

      satwarn receiver maintenance --by "fitter" < fitter.secret
    """
    from satwarn.app.receiver_asked import tell

    said = {"by": by, "minutes": minutes, "secret": _receiver_keys.secret_of(by)}
    typer.echo(tell(config, "/maintenance", said))


@app.command()
def resume(by: By, config: Config = Path("site.toml")) -> None:
    """Turn one of the two keys that end a maintenance early; another person's must follow within five minutes.

    Example: satwarn receiver resume --by "fitter" && satwarn receiver resume --by "warden"
    """
    from satwarn.app.receiver_asked import tell

    typer.echo(tell(config, "/maintenance/leave", {"by": by, "secret": _receiver_keys.secret_of(by)}))


@app.command()
def replay(
    recording: Annotated[Path, typer.Argument(help="Bytes of a receiver or archive, in any form frames come in.")],
    at: Annotated[str, typer.Option(help='The place: a name, a code, or a point ("48.14,11.58").')],
    out: Annotated[Path | None, typer.Option(help="Write a page here.")] = None,
    language: Annotated[
        list[str] | None, typer.Option(help="A language of the words, may repeat; else those of the country.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What would my town have heard, minute by minute.

    Examples:

      satwarn receiver replay night.ubx --at "Yonago" --out yonago.html

      satwarn receiver replay Q002_20260917.l1s --at 31202 --json

      satwarn receiver replay night.ubx --at "-33.87,151.21" --language en --out sydney.html
    """
    from satwarn.app import receiver_replay
    from satwarn.errors import BadFrame, BadSetting, Missing
    from satwarn.people.language import tags

    if strange := [tag for tag in language or () if tag not in tags()]:
        raise BadSetting(f"no words in {strange[0]!r}", where="--language", fix=f"some of {', '.join(tags())}")
    try:
        told = receiver_replay.replay(recording, receiver_replay.find_place(at), language or ())
    except OSError as error:
        raise Missing(f"cannot be read: {error.strerror}", where=str(recording)) from None
    if not told.frames:
        raise BadFrame("no frame was found in it", where=str(recording), fix="satwarn frame decode --help: its forms")
    if out:
        from satwarn.app.receiver_replay_page import page

        out.write_text(page(told), encoding="utf-8")
        typer.echo(f"page: {out}", err=True)
    if as_json:
        typer.echo(receiver_replay.to_text(told))
        return
    span = f"{told.begins:%Y-%m-%d %H:%M:%S} to {told.ends:%Y-%m-%d %H:%M:%S} UTC"
    typer.echo(f"{told.name.strip()}: {counted(told.frames, 'frame')}, {span}")
    for moment in told.moments:
        if moment.kind != "logged":
            why = f" ({moment.why})" if moment.why else ""
            typer.echo(f"{moment.at:%H:%M:%S}  {moment.kind:<8} {moment.what}{why}")
    if all(moment.kind == "logged" for moment in told.moments):
        typer.echo("nothing would have been heard or shown")


@app.command()
def init(
    place: Annotated[
        str,
        typer.Option(
            prompt="Where is it (a name, a code, or its latitude,longitude)",
            help='The place: a name, a code, or a point ("48.14,11.58").',
        ),
    ],
    out: Annotated[Path, typer.Option(help="Where to write the settings.")] = Path("site.toml"),
    folder: Annotated[str, typer.Option(help="Where the receiver keeps its memory.")] = "/var/lib/satwarn",
    device: Annotated[list[str] | None, typer.Option(help="A serial device; else what is plugged in.")] = None,
    position: Annotated[
        str, typer.Option(help='Where in it the building stands: "LATITUDE,LONGITUDE" in degrees.')
    ] = "",
    key: Annotated[list[str] | None, typer.Option(help="A person to give a key to; two end a maintenance.")] = None,
) -> None:
    """Make a site.toml: finds the codes of the place and the devices that are plugged in.

    Examples:

      satwarn receiver init

      satwarn receiver init --place Yonago --device /dev/ttyACM0 --key fitter --key warden --out site.toml

      satwarn receiver init --place AGS:03351 --position 52.62,10.08
    """
    from satwarn.app import receiver_init

    found = tuple(device) if device else receiver_init.devices()
    text = receiver_init.site_toml(place, found=found, folder=folder, position=position)
    receiver_init.write(text, out)
    for name in key or ():
        _receiver_keys.give(out, name)
    if receiver_init.UNPLACED in text:
        typer.echo(f"! no table says where in this place it stands: put latitude and longitude into {out}", err=True)
    typer.echo(
        f"wrote {out}; next: add [[trust]] (or satwarn receiver enrol), then satwarn receiver check {out}", err=True
    )


@app.command()
def enrol(
    hub: Annotated[str, typer.Option(help="Address of the hub's pages, as its people know it.")],
    code: Annotated[str, typer.Option(help="The one-time code from the desk's page of sites.")],
    out: Annotated[Path, typer.Option(help="Folder for site.toml and the certificates beside it.")] = Path(),
    folder: Annotated[str, typer.Option(help="Where the receiver keeps its memory.")] = "/var/lib/satwarn",
    fingerprint: Annotated[
        str, typer.Option(help="Of the hub's authority, as the desk shows it: nothing else is believed then.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Join a hub: a one-time code becomes this site's certificate, whom to believe, and the way to the hub.

    Writes site.key (for its owner alone), site.pem, authority.pem, warning.pem, and a site.toml where there is none.
    Exit 1 when the hub refuses, 2 when it cannot be reached or believed. The running receiver renews its certificate
    by itself.

    Examples:

      satwarn receiver enrol --hub https://hub.example.jp --code 7KQD-M2PA-XW9H-4TRB-C6NE --out /etc/satwarn

      satwarn receiver enrol --hub http://localhost:8080 --code 7KQD-M2PA-XW9H-4TRB-C6NE --out site
    """
    from satwarn.app import receiver_enrol

    done = receiver_enrol.enrol(hub, code, out, folder=folder, fingerprint=fingerprint)
    if as_json:
        typer.echo(json.dumps({**asdict(done), "until": done.until.isoformat()}, indent=1))
    else:
        typer.echo(f"enrolled as {done.site}; the certificate ends {done.until:%Y-%m-%d} and is renewed by itself")
        typer.echo(f"fingerprint of the hub's authority, compare it with the desk's: {done.fingerprint}")
    if done.remark:
        typer.echo(f"the hub says that this receiver {done.remark}", err=True)
    if not done.ground:
        typer.echo("this hub has no ground path: the satellite is the only one", err=True)
    if done.settings_written:
        typer.echo(f"wrote {out / 'site.toml'}; next: satwarn receiver check {out / 'site.toml'}", err=True)
    else:
        typer.echo(
            f"{out / 'site.toml'} was there and is as it was; it must say:\n{receiver_enrol.tables(done)}", err=True
        )


@app.command("configure-ublox")
def configure_ublox(
    device: Annotated[Path, typer.Argument(help="The port the chip is on.")] = Path("/dev/ttyACM0"),
    port: Annotated[str, typer.Option(help="The chip's own name of that port: uart1, uart2, usb, i2c, spi.")] = "usb",
    speed: Annotated[int, typer.Option(help="Baud of a serial line.")] = 38400,
    keep: Annotated[bool, typer.Option("--keep", help="Also in flash and battery memory, beyond power-off.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be sent.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell a u-blox chip to give L1S frames and its jamming and spoofing state, and read every setting back.

    Exit 1 when what frames need was not taken. Nothing else may use the port meanwhile.

    Examples:

      satwarn receiver configure-ublox /dev/ttyACM0 --dry-run

      satwarn receiver configure-ublox /dev/ttyUSB0 --port uart1 --speed 38400 --keep
    """
    import asyncio

    from satwarn.app import receiver_ublox
    from satwarn.errors import BadSetting
    from satwarn.receiver.ublox import PORTS

    if port not in PORTS:
        raise BadSetting(f"no port {port!r}", where="--port", fix=f"one of {', '.join(PORTS)}")
    if dry_run:
        done = receiver_ublox.dry_run(port, keep=keep)
    else:
        done = asyncio.run(receiver_ublox.configure(device, port=port, speed=speed, keep=keep))
    if as_json:
        rows = [{"what": one.what, "taken": one.taken, "why": one.why, "sent": one.sent.hex()} for one in done]
        typer.echo(json.dumps(rows, indent=1))
    else:
        for one in done:
            mark = {None: "would send", True: "✓", False: "✗"}[one.taken]
            typer.echo(f"{mark} {one.what}: {one.why or one.sent.hex(' ')}")
    raise typer.Exit(0 if done[0].taken in (None, True) else 1)
