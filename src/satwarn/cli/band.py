"""`satwarn band`: send and hear the wide band by itself, as a provider of satellite IP multicast takes it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="The wide band: signed messages over one-way FLUTE multicast.", no_args_is_help=True)

Group = Annotated[str, typer.Option(help="The multicast group, of 239.0.0.0/8 as a rule.")]
Port = Annotated[int, typer.Option(help="Its UDP port.", min=1, max=65535)]
Interface = Annotated[str, typer.Option(help="Network interface, by name or address; by default this machine alone.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.")]
For = Annotated[float, typer.Option("--for", help="End after so many seconds; 0: when stopped.", min=0)]

GROUP, PORT = "239.192.90.87", 4011


@app.command()
def send(
    folder: Annotated[Path | None, typer.Argument(help="Signed messages (*.xml, *.cap) and files they name.")] = None,
    from_hub: Annotated[
        Path | None, typer.Option(help="A hub's data folder: send what it sends, as its second transmitter.")
    ] = None,
    group: Group = GROUP,
    port: Port = PORT,
    bandwidth: Annotated[str, typer.Option(help="64k to 10M bit/s, headers included.")] = "256k",
    interface: Interface = "127.0.0.1",
    ttl: Annotated[int, typer.Option(help="How many networks it crosses; 0: this machine alone.")] = 0,
    key: Annotated[Path | None, typer.Option(help="Key (PEM) that signs a heartbeat a minute.")] = None,
    certificate: Annotated[Path | None, typer.Option(help="Its certificate, PEM.")] = None,
    sender: Annotated[str, typer.Option(help="As whom the heartbeat speaks (CAP sender).")] = "",
    passes: Annotated[int, typer.Option(help="End after so many passes; 0: when stopped.", min=0)] = 0,
    seconds: For = 0.0,
    as_json: AsJson = False,
) -> None:
    """Have a folder of signed messages go round until stopped; what is put into it or taken out counts at once.

    Nothing is signed here but the heartbeat. Exit 0 when it ended as wished, 1 when nothing left at the
    end, 2 for wrong use.

    Examples:

      satwarn band send outbox/ --group 239.192.90.87 --port 4011 --bandwidth 256k --interface eth1 --ttl 1

      satwarn band send outbox/ --key key.pem --certificate certificate.pem --sender hub@example.jp

      satwarn band send --from-hub satwarn-data --interface eth2 --ttl 1
    """
    from satwarn.app import band_tools
    from satwarn.app.hub_band import SPOOL, band_settings
    from satwarn.errors import BadSetting

    if (folder is None) is (from_hub is None):
        raise BadSetting("a folder or --from-hub, one of the two", where="band send", fix="satwarn band send outbox/")
    if len({key is None, certificate is None, not sender}) > 1:
        raise BadSetting("--key, --certificate and --sender go together", where="band send")
    signer = None
    if key and certificate:
        signer = band_tools.Signer(sender=sender, key_pem=key.read_bytes(), certificate_pem=certificate.read_bytes())
    place = folder or (from_hub or Path()) / SPOOL
    settings = band_settings(f"{group}:{port}", bandwidth, interface=interface, ttl=ttl)
    sending = band_tools.Sending(band_tools.Folder(place), settings, signer=signer)
    stop = band_tools.stop_on_signal()
    said: dict[str, str] = {}

    wrong = ""

    def tell(state: Mapping[str, Any]) -> bool:
        nonlocal wrong
        wrong = state["why"]
        for name, why in state["not_sent"].items():
            if said.get(name) != why:
                typer.echo(f"! {name} is not sent: {why}", err=True)
        said.clear()
        said.update(state["not_sent"])
        typer.echo(json.dumps(state, ensure_ascii=False) if as_json else _state_line(state, settings.bandwidth_bit_s))
        return not (stop.is_set() or (passes and state["passes"] > passes) or over())

    over = band_tools.over_after(seconds)
    sending.run(tell)
    raise typer.Exit(1 if wrong else 0)


@app.command()
def listen(
    trust: Annotated[list[str], typer.Option(help="Whom to believe, SENDER=FILE.pem; may be given again.")],
    out: Annotated[Path, typer.Option(help="Folder for what came whole and verified.")] = Path("band"),
    group: Group = GROUP,
    port: Port = PORT,
    interface: Interface = "127.0.0.1",
    most_mb: Annotated[float, typer.Option(help="The largest object that is taken, MB.", min=0.001, max=64)] = 4.0,
    count: Annotated[int, typer.Option(help="End after so many messages; 0: when stopped.", min=0)] = 0,
    seconds: For = 0.0,
    as_json: AsJson = False,
) -> None:
    """Hear a group and keep what a trusted signature covers: each message, and each file that one of them names.

    Files are named by their SHA-256 and never seen half. Exit 0 if a message or heartbeat came, 1 if none did.

    Examples:

      satwarn band listen --trust hub@example.jp=hub.pem --out inbox/ --group 239.192.90.87 --port 4011

      satwarn band listen --trust hub@example.jp=hub.pem --interface eth1 --json --for 300
    """
    from satwarn.app import band_tools

    listening = band_tools.Listening(
        f"{group}:{port}",
        interface=interface,
        trust=band_tools.trust_in(trust),
        out=out,
        object_bytes=round(most_mb * 1e6),
    )
    stop, over, came = band_tools.stop_on_signal(), band_tools.over_after(seconds), {"message": 0, "heartbeat": 0}
    wrong = ""

    def tell(said: Mapping[str, Any] | None) -> bool:
        nonlocal wrong
        if said:
            came[said["kind"]] = came.get(said["kind"], 0) + 1
            typer.echo(json.dumps(said, ensure_ascii=False) if as_json else _heard_line(said))
        if listening.band.why != wrong:
            wrong = listening.band.why
            if wrong:
                typer.echo(f"! nothing is heard: {wrong}", err=True)
        return not (stop.is_set() or over() or (count and came["message"] >= count))

    listening.run(tell)
    raise typer.Exit(0 if came["message"] + came["heartbeat"] else 1)


def _state_line(state: Mapping[str, Any], bandwidth_bit_s: int) -> str:
    if state["why"]:
        return f"✗ nothing leaves: {state['why']}"
    rate = f"{state['rate_bit_s'] / 1000:.1f} of {bandwidth_bit_s / 1000:g} kbit/s"
    return f"✓ pass {state['passes']}, {rate}, aboard: {', '.join(one['name'] for one in state['aboard']) or 'nothing'}"


def _heard_line(said: Mapping[str, Any]) -> str:
    match said["kind"]:
        case "heartbeat":
            return f"  heartbeat of {said['sent']}, {len(said['aboard'])} aboard"
        case "message":
            return f"✓ {said['status']} {said['identifier']} of {said['sender']}: {said['headline']} -> {said['file']}"
        case "file":
            return f"✓ file -> {said['file']}"
        case _:
            return f"✗ refused ({said['as']}): {said['why']}"
