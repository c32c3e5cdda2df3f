"""`satwarn alert`: check, show, sign, verify, convert and compare CAP alerts, and see what a frame can carry of one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from satwarn.errors import BadMessage, Missing

if TYPE_CHECKING:
    from satwarn.alert.cap import Received
    from satwarn.alert.check import Checked
    from satwarn.alert.profiles import Profile

app = typer.Typer(help="Check, show, sign, verify, convert and compare CAP alerts.", no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="Files with CAP alerts; - is standard input.")]
File = Annotated[Path, typer.Argument(help="A file with a CAP alert; - is standard input.")]
AsJson = Annotated[bool, typer.Option("--json", help="Everything as JSON on stdout.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write here instead of stdout.")]
Moment = Annotated[
    datetime | None,
    typer.Option(
        help="Judge as of this time (UTC); the present without it.",
        formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S"],
    ),
]


def _bytes(file: Path) -> bytes:
    """At most what a message may be, and one byte more, so that nobody's 100 MB come in."""
    from satwarn.alert.reading import MAX_BYTES

    try:
        if str(file) == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise Missing(
            error.strerror or str(error), where=str(file), fix="a file with a CAP alert, or - for stdin"
        ) from None


@contextmanager
def _in_file(file: Path) -> Iterator[None]:
    """What is wrong with a file's content is said with its name."""
    try:
        yield
    except BadMessage as error:
        where = error.where if error.where.startswith(str(file)) else ", ".join(filter(None, (str(file), error.where)))
        raise BadMessage(error.what, where=where, fix=error.fix) from None


def _profile(name: str | None) -> "Profile | None":
    from satwarn.alert.profiles import PROFILES

    if name is None:
        return None
    if name not in PROFILES:
        raise Missing(f"no profile {name!r}", fix=f"one of {', '.join(PROFILES)}")
    return PROFILES[name]


def _as_of(at: datetime | None) -> datetime:
    from datetime import UTC

    from satwarn.app.present import present

    return present() if at is None else at if at.tzinfo else at.replace(tzinfo=UTC)


def _one(file: Path) -> "Received":
    """The one message in a file; raises BadMessage if there are none or several."""
    from satwarn.alert.containers import unpack

    with _in_file(file):
        received = unpack(_bytes(file)).received
        if len(received) != 1:
            raise BadMessage(f"{len(received)} alerts, one is wanted", fix="satwarn alert convert --each")
    return received[0]


def _put(data: bytes, out: Path | None) -> None:
    if out is not None:
        out.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


@app.command()
def check(
    files: Files,
    profile: Annotated[
        str | None,
        typer.Option(help="Also a profile: ipaws, cap-cp, cap-au, meteoalarm, dwd, mowas, wmo, google."),
    ] = None,
    at: Moment = None,
    as_json: AsJson = False,
    as_sarif: Annotated[bool, typer.Option("--sarif", help="SARIF 2.1.0 on stdout, for code scanners.")] = False,
) -> None:
    """Say what is wrong with alerts, where, and how to mend it.

    Exit 0 if every file is valid, 1 if the schema of its own version or a rule of CAP (or of the profile asked for)
    is broken, 2 if one cannot be read. Warnings, advice, expiry and signatures never change the exit code.

    Examples:

      satwarn alert check warning.xml

      satwarn alert check --profile ipaws --json *.xml
    """
    from satwarn.cli import alert_screen as screen

    if as_json and as_sarif:
        raise typer.BadParameter("either --json or --sarif")
    rules, now = _profile(profile), _as_of(at)
    results = _beside([(str(file), _checked(file, rules, now)) for file in files])
    screen.show_check(results, "sarif" if as_sarif else "json" if as_json else "text")
    raise typer.Exit(max(2 if isinstance(r, BadMessage) else 0 if r.is_valid else 1 for _, r in results))


def _beside(results: "list[tuple[str, Checked | BadMessage]]") -> "list[tuple[str, Checked | BadMessage]]":
    """The results, and what is seen only of files beside one another, such as an update of an alert among them."""
    from satwarn.alert.check import together

    readable = [(at, result) for at, (_, result) in enumerate(results) if not isinstance(result, BadMessage)]
    for (at, _), seen in zip(readable, together([result for _, result in readable]), strict=True):
        results[at] = results[at][0], seen
    return results


def _checked(file: Path, profile: "Profile | None", now: datetime) -> "Checked | BadMessage":
    from satwarn.alert.check import check as check_bytes

    try:
        return check_bytes(_bytes(file), profile=profile, now=now)
    except BadMessage as unreadable:
        return unreadable
    except Missing as absent:  # the other files are still judged
        return BadMessage(absent.what)


@app.command()
def show(
    file: File,
    language: Annotated[str | None, typer.Option(help="Only this language, for instance ja.")] = None,
    as_html: Annotated[bool, typer.Option("--html", help="A page for a browser, on stdout.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show an alert as people will see it, in each of its languages.

    Examples:

      satwarn alert show warning.xml

      satwarn alert show --language ja --html warning.xml > page.html
    """
    from satwarn.cli import alert_screen as screen

    alert = _one(file).alert
    screen.show_alert(alert, language, "html" if as_html else "json" if as_json else "text")


@app.command()
def sign(
    file: File,
    key: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="Private key, ECDSA P-256, PEM.")],
    certificate: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="Its certificate, PEM.")],
    out: Out = None,
) -> None:
    """Sign an alert (XML-DSig enveloped, ECDSA P-256). Each file it carries is signed with it, by its SHA-256.

    Example:

      satwarn alert sign warning.xml --key key.pem --certificate certificate.pem -o signed.xml
    """
    from satwarn.alert import cap, seal

    received = _one(file)
    data = received.raw
    if received.alert.infos and any(info.resources for info in received.alert.infos):
        data = cap.write(seal.with_digests(received.alert))
    _put(seal.sign(data, key_pem=key.read_bytes(), certificate_pem=certificate.read_bytes()), out)


@app.command()
def verify(
    files: Files,
    trust: Annotated[
        list[str] | None, typer.Option(help="A pinned certificate, SENDER=FILE.pem; may be given again.")
    ] = None,
    at: Moment = None,
    as_json: AsJson = False,
) -> None:
    """Judge the signatures of alerts by pinned certificates. Exit 0 if every one is trusted, else 1.

    Verdicts: trusted, unknown signer, expired certificate, broken, none.

    Example:

      satwarn alert verify signed.xml --trust warning@example.org=certificate.pem
    """
    from satwarn.alert import seal
    from satwarn.cli import alert_screen as screen

    store, now = seal.Trust.of([_pin(pair) for pair in trust or []]), _as_of(at)
    judged = []
    for file in files:
        with _in_file(file):
            judged.append((str(file), seal.verify(_bytes(file), store, at=now)))
    screen.show_verdicts(judged, as_json=as_json)
    raise typer.Exit(0 if all(sealed.verdict is seal.Verdict.TRUSTED for _, sealed in judged) else 1)


def _pin(pair: str) -> tuple[str, bytes]:
    sender, equals, name = pair.partition("=")
    if not equals:
        raise typer.BadParameter(f"--trust {pair}: SENDER=FILE.pem is wanted")
    return sender, _bytes(Path(name))


@app.command()
def convert(
    file: File,
    out: Out = None,
    each: Annotated[Path | None, typer.Option(help="A folder: one file for every alert in a feed or list.")] = None,
) -> None:
    """Rewrite alerts as strict CAP 1.2: from 1.0 or 1.1, from feeds, EDXL-DE, lists, or JSON of NINA and MeteoAlarm.

    What had to be assumed or left out is said on stderr. A signature does not survive rewriting.

    Examples:

      satwarn alert convert old.cap -o new.cap

      satwarn alert convert feed.atom --each alerts/
    """
    from satwarn.alert import cap
    from satwarn.alert.containers import unpack

    with _in_file(file):
        received = unpack(_bytes(file)).received if each else (_one(file),)
    for number, one in enumerate(received, 1):
        for finding in one.findings:
            typer.echo(f"{file}: {finding}", err=True)
        target = each / f"{number:04}.xml" if each else out
        if each:
            each.mkdir(parents=True, exist_ok=True)
        _put(cap.write(one.alert), target)


@app.command()
def diff(before: File, after: File, as_json: AsJson = False) -> None:
    """Say what differs in meaning between two alerts. Exit 0 if nothing does, 1 if something does.

    Example:

      satwarn alert diff first.xml update.xml
    """
    from satwarn.alert.check import compare
    from satwarn.alert.differ import differences
    from satwarn.cli import alert_screen as screen

    one, other = _one(before), _one(after)
    found = differences(one.alert, other.alert)
    screen.show_differences(found, compare(one, other), as_json=as_json)
    raise typer.Exit(1 if found else 0)


@app.command()
def encode(
    file: File,
    service: Annotated[
        str | None, typer.Option(help="j-alert, l-alert, local-government or outside-japan; else by hazard and area.")
    ] = None,
    country: Annotated[int | None, typer.Option(help="Country code of CAMF A2, for outside-japan.")] = None,
    provider: Annotated[int | None, typer.Option(help="Provider code of CAMF A3.")] = None,
    at: Moment = None,
    as_json: AsJson = False,
    as_hex: Annotated[bool, typer.Option("--hex", help="Only the frames, one a line.")] = False,
) -> None:
    """Say an alert in satellite frames (DCX), and show what is lost: area, text, times, what has no code.

    First the frames in hexadecimal, one a line, then what they say and what was lost. Nothing is sent.

    Examples:

      satwarn alert encode warning.xml

      satwarn alert encode --service outside-japan --country 71 --json warning.xml
    """
    from satwarn.cli import alert_frames as frames
    from satwarn.frame.compose import compose
    from satwarn.frame.compose_codes import Service

    if service is not None and service not in set(Service):
        raise Missing(f"no service {service!r}", fix=f"one of {', '.join(Service)}")
    moment = _as_of(at)
    chosen = Service(service) if service else None
    composed = compose(_one(file).alert, at=moment, service=chosen, country=country, provider=provider)
    frames.show_composed(composed, composed.frames(moment), "hex" if as_hex else "json" if as_json else "text")


@app.command()
def decode(
    frame: Annotated[str, typer.Argument(help="A frame in hexadecimal, as it was heard.")],
    sender: Annotated[str, typer.Option(help="The receiver that heard it.")] = "receiver@satwarn.invalid",
    at: Moment = None,
    out: Out = None,
) -> None:
    """Turn a heard frame (DCX or DCR) into a CAP alert with its provenance; a test frame becomes status Test.

    Example:

      satwarn alert decode 53B0000DE2E216F920880000000000000000001FF00000000000001001758C8
    """
    from satwarn.alert import cap
    from satwarn.cli import alert_frames as frames
    from satwarn.frame.compose_heard import heard
    from satwarn.frame.l1s import from_hexadecimal

    data, moment = from_hexadecimal(frame), _as_of(at)
    alert = heard(data, sender=sender, began=moment, words=frames.words_of(data, moment))
    _put(cap.write(alert), out)
