"""What a person sees of an alert said in frames, and the words for a frame that was heard."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import typer

from satwarn.frame.codec import decode
from satwarn.frame.codes import name_of
from satwarn.frame.l1s import hexadecimal
from satwarn.people.language import language, tags
from satwarn.people.reports import describe

if TYPE_CHECKING:
    from satwarn.frame.compose import Composed


def words_of(frame: bytes, at: datetime) -> Mapping[str, tuple[str, ...]]:
    """The sentences of a frame in every language that has words for frames."""
    report = decode(frame, received=at)
    return {tag: tuple(describe(report, tag)) for tag in tags() if "report" in language(tag).words}


def show_composed(composed: "Composed", frames: Sequence[bytes], form: str) -> None:
    """The frames, what they say and what was lost, as text or JSON; or the frames alone ("hex")."""
    if form == "json":
        typer.echo(json.dumps(_as_json(composed, frames), ensure_ascii=False, indent=2))
        return
    for line in (*map(hexadecimal, frames), *(_lines(composed) if form == "text" else ())):
        typer.echo(line)


def _lines(composed: "Composed") -> list[str]:
    hazard, cover = composed.hazard, composed.cover
    count = len(composed.reports)
    lines = [
        f"{composed.service}, {composed.purpose}: {count} frame{'' if count == 1 else 's'}",
        f"hazard {hazard.code} {name_of('hazard', hazard.code)} (by {hazard.by})",
        f"instruction: {composed.instruction.says}",
    ]
    if cover.overreach_km2 is not None and cover.asked_km2 is not None:
        percent = "" if cover.overreach_percent is None else f" ({cover.overreach_percent:.0f} %)"
        lines.append(f"area {cover.asked_km2:,.0f} km², and {cover.overreach_km2:,.0f} km² more{percent}")
    if cover.added:
        lines.append(f"areas added: {', '.join(cover.added)}")
    return [*lines, "lost:", *(f"  ◐ {loss.aspect}: {loss.what}{_field(loss.field)}" for loss in composed.losses)]


def _field(name: str) -> str:
    return f" [{name}]" if name else ""


def _as_json(composed: "Composed", frames: Sequence[bytes]) -> dict[str, object]:
    cover = composed.cover
    return {
        "service": composed.service,
        "purpose": composed.purpose,
        "hazard": {
            "code": composed.hazard.code,
            "name": name_of("hazard", composed.hazard.code),
            "by": composed.hazard.by,
        },
        "instruction": {
            "library": composed.instruction.library_type,
            "code": composed.instruction.code,
            "says": composed.instruction.says,
        },
        "frames": [hexadecimal(frame) for frame in frames],
        "area": {
            "asked_km2": cover.asked_km2,
            "overreach_km2": cover.overreach_km2,
            "overreach_percent": cover.overreach_percent,
            "added": list(cover.added),
        },
        "losses": [{"aspect": loss.aspect, "what": loss.what, "field": loss.field} for loss in composed.losses],
    }
