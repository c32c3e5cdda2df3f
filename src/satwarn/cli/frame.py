"""`satwarn frame`: the frames of the satellite, read, written, converted, watched, and their code lists."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from satwarn.errors import Missing, SatwarnError

if TYPE_CHECKING:
    from satwarn.frame.heard import Heard
    from satwarn.frame.stream import Stream

app = typer.Typer(help="Read, write, convert and watch QZSS L1S frames (DC Report and DCX).", no_args_is_help=True)

AT_ONCE = 1 << 16

Files = Annotated[list[str] | None, typer.Argument(help="Files to read; - or none is stdin.", show_default=False)]
Lang = Annotated[
    str, typer.Option("--lang", "--language", "-l", help="Language of the text: en, ja, de, ko, and drafts.")
]


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sources(files: list[str] | None) -> Iterator[tuple[str, BinaryIO]]:
    """Each input by name, opened; Missing (wrong use) if there is none or one cannot be read."""
    if not files and sys.stdin.isatty():
        raise Missing("nothing to read", fix="satwarn frame decode FILE, or give the frames on stdin")
    for name in files or ["-"]:
        if name == "-":
            yield "stdin", sys.stdin.buffer
            continue
        with _open(name) as file:
            yield name, file


def _open(name: str) -> BinaryIO:
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise Missing(f"cannot read {name}: {error.strerror}") from None


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """What is there now, as soon as it is there."""
    read: Callable[[int], bytes] = getattr(file, "read1", file.read)
    while piece := read(AT_ONCE):
        yield piece


def _remark(text: str) -> None:
    typer.echo(text, err=True)


def _report_faults(name: str, stream: "Stream") -> None:
    for fault in stream.faults():
        _remark(f"{name}, byte {fault.offset}: {fault.reason}")


def _frames(files: list[str] | None) -> Iterator["Heard"]:
    """All sound frames of all inputs in order; what is no frame is told on stderr."""
    from satwarn.frame.stream import Stream

    for name, file in _sources(files):
        stream = Stream()
        for piece in _pieces(file):
            yield from stream.feed(piece)
            _report_faults(name, stream)
        yield from stream.end()
        _report_faults(name, stream)
        if stream.skipped:
            _remark(f"{name}: {stream.skipped} bytes are no part of a frame")


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Missing(f"{text!r} is no time", fix="--received 2026-06-03T12:00:00Z") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _finish(good: bool) -> None:
    raise typer.Exit(0 if good else 1)


@app.command()
def decode(
    files: Files = None,
    as_json: Annotated[bool, typer.Option("--json", help="One compact JSON object a line and frame.")] = False,
    received: Annotated[
        str | None, typer.Option(help="When the frames were heard, for those that do not say; default: now.")
    ] = None,
    lang: Lang = "en",
) -> None:
    """Say what frames say. Exit 0 if there was a sound frame, 1 if none, 2 for wrong use.

    Finds frames in $QZQSM sentences, UBX and SBF logs, .l1s archives, lines of hexadecimal digits, datagrams, and any
    mixture with noise. One entry a sound frame, in order, nothing merged; what does not hold is told on stderr.

    Examples:

      satwarn frame decode log.ubx

      echo 53B0000DE2E216F920880000000000000000001FF00000000000001001758C8 | satwarn frame decode - --json
    """
    from satwarn.app.listening import now
    from satwarn.frame.codec import decode as read
    from satwarn.frame.notation import to_json
    from satwarn.people.reports import describe, words

    words(lang)
    given = _moment(received)
    any_sound = False
    for frame in _frames(files):
        at = given or frame.received or now()
        if as_json:
            typer.echo(_compact(to_json(frame, received=at)))
        else:
            typer.echo("\n".join([*([""] if any_sound else []), *describe(read(frame, received=at), lang)]))
        any_sound = True
    if not any_sound:
        _remark("no sound frame found")
    _finish(any_sound)


def _objects(files: list[str] | None) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Each line that is not empty, with where it stands, and what it says (None: no JSON object, told on stderr)."""
    for name, file in _sources(files):
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            where = f"{name}, line {number}"
            try:
                found = json.loads(line)
            except ValueError as error:  # also bytes that are no UTF-8
                _remark(f"{where}: no JSON: {error}")
                found = None
            if found is not None and not isinstance(found, dict):
                _remark(f"{where}: no JSON object")
                found = None
            yield where, found


@app.command()
def encode(files: Files = None) -> None:
    """Make frames from the lines that `decode --json` gives: hexadecimal, one a line.

    Exit 0 if every line became a frame, 1 if one did not (told on stderr, the others are written), 2 for wrong use.

    Examples:

      satwarn frame decode log.ubx --json | satwarn frame encode -

      satwarn frame encode reports.jsonl | satwarn frame convert - --to nmea
    """
    from satwarn.frame.l1s import hexadecimal
    from satwarn.frame.notation import from_json

    good = True
    for where, found in _objects(files):
        if found is None:
            good = False
            continue
        try:
            typer.echo(hexadecimal(from_json(found)))
        except SatwarnError as error:
            _remark(f"{where}: {error}")
            good = False
    _finish(good)


@app.command()
def convert(
    files: Files = None,
    to: Annotated[str, typer.Option("--to", "-t", help="nmea, ubx, sbf, l1s, datagram or hex.")] = "hex",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to a file instead of stdout.")] = None,
    satellite: Annotated[
        int | None, typer.Option(help="PRN (183 to 191) for frames whose container does not say it.")
    ] = None,
) -> None:
    """Put the frames of any container into another. Exit 0 if there was a sound frame, 1 if none, 2 for wrong use.

    Where a container wants a satellite or a time that is not known, it says so in its own way (number 0, no time).

    Examples:

      satwarn frame convert log.ubx --to nmea

      satwarn frame convert day.nmea --to l1s --satellite 186 --out day.l1s
    """
    from satwarn.frame.containers import FIRST_PRN, LAST_PRN
    from satwarn.frame.stream import CONTAINERS

    if to not in CONTAINERS:
        raise Missing(f"there is no container {to!r}", fix=f"one of {', '.join(CONTAINERS)}")
    if satellite is not None and not FIRST_PRN <= satellite <= LAST_PRN:
        raise Missing(f"satellite {satellite} is outside {FIRST_PRN}..{LAST_PRN}")
    if (
        out
        and out.is_file()
        and any(name != "-" and Path(name).exists() and out.samefile(name) for name in files or ())
    ):
        raise Missing("is read and would be overwritten", where=str(out), fix="--out another file")
    container = CONTAINERS[to]
    begun = False
    with out.open("wb") if out else nullcontext(sys.stdout.buffer) as written:
        for frame in _frames(files):
            if frame.satellite is None:
                frame.satellite = satellite
            written.write((b"" if begun else container.head(frame)) + container.write(frame))
            begun = True
        written.flush()
    if not begun:
        _remark("no sound frame found")
    _finish(begun)


@app.command()
def watch(
    source: Annotated[str, typer.Argument(help="serial:DEVICE[@BAUD], udp:HOST:PORT, a port or a file that grows.")],
    as_json: Annotated[bool, typer.Option("--json", help="One compact JSON object for each new message.")] = False,
    once: Annotated[
        bool, typer.Option("--once", help="Stop when nothing more comes (a file that is complete).")
    ] = False,
    lang: Lang = "en",
) -> None:
    """Follow what is on the air: each message once, how often and from where it is heard, what was lost.

    Examples:

      satwarn frame watch /dev/ttyACM0@115200

      satwarn frame watch udp:239.0.0.55:5005 --json
    """
    from satwarn.app.listening import listen, now
    from satwarn.cli.frame_screen import follow
    from satwarn.people.reports import words

    words(lang)
    follow(listen(source), now=now, as_json=as_json, once=once, tag=lang)


@app.command()
def table(
    name: Annotated[str | None, typer.Argument(help="A code list, for instance hazard; none: their names.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One compact JSON object a code.")] = False,
    lang: Lang = "en",
) -> None:
    """Print a code list of the frames in any language, or the names of all lists.

    Examples:

      satwarn frame table

      satwarn frame table hazard --lang de
    """
    from satwarn.people.code_lists import listing, names

    if name is None:
        for known in names():
            typer.echo(_compact({"table": known}) if as_json else known)
        return
    for row in listing(name, lang):
        typer.echo(_compact(row.as_json()) if as_json else row.as_text())


@app.command()
def schema() -> None:
    """Print the JSON Schema of what `decode --json` gives.

    Example:

      satwarn frame schema > frame.schema.json
    """
    from satwarn.frame.notation import schema as form

    typer.echo(json.dumps(form(), indent=1))
