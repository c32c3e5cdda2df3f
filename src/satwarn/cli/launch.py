"""satwarn launch: from a launch report to proposed areas, times, texts and frames."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from satwarn.errors import BadMessage, Missing

if TYPE_CHECKING:
    from satwarn.alert.alert import Alert
    from satwarn.area.atlas import Atlas
    from satwarn.authority.launch import Change, Proposal, Stage, Unit


def command(
    report: Annotated[Path | None, typer.Argument(metavar="REPORT", help="A launch report, TOML or JSON.")] = None,
    html: Annotated[bool, typer.Option("--html", help="A page with map, times, texts and frames.")] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write there instead of stdout.")] = None,
    previous: Annotated[
        Path | None, typer.Option("--previous", metavar="REPORT", help="An earlier report: show what changes.")
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a report and stop.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON on stdout.")] = False,
) -> None:
    """Propose areas, times and texts from a launch report. A civil-protection estimate: two people decide.

    Examples:  satwarn launch report.toml   |   satwarn launch report.toml --html -o proposal.html
               satwarn launch second.toml --previous first.toml
    """
    from satwarn.authority import launch, launch_report

    if schema:
        typer.echo(json.dumps(launch_report.schema(), indent=2))
        return
    if report is None:
        raise Missing("no launch report is given", fix="satwarn launch report.toml, or --schema for its form")
    from satwarn.cli.area_files import load

    atlas = load()
    proposal = launch.propose(_read(report), atlas)
    change = launch.difference(launch.propose(_read(previous), atlas), proposal) if previous else None
    if html:
        from satwarn.cli.launch_page import page

        text = page(proposal, atlas, change)
    elif as_json:
        text = json.dumps(as_values(proposal, atlas, change), ensure_ascii=False, indent=2) + "\n"
    else:
        text = "\n".join(_lines(proposal, atlas, change)) + "\n"
    if out:
        out.write_text(text, encoding="utf-8")
        typer.echo(f"wrote {out}", err=True)
    else:
        typer.echo(text, nl=False)
    raise typer.Exit(0 if proposal.units else 1)


def _read(file: Path) -> Any:
    from satwarn.authority.launch_report import read

    try:
        return read(file.read_bytes())
    except OSError as error:
        raise Missing(f"cannot read {file}: {error.strerror}", fix="a launch report that is there") from None
    except BadMessage as error:
        raise BadMessage(f"{error.where}: {error.what}", where=str(file), fix=error.fix) from None


def drafts(proposal: "Proposal", atlas: "Atlas") -> "dict[str, tuple[Stage, Alert]]":
    """The draft alert of each stage."""
    from satwarn.alert.purpose import Purpose
    from satwarn.authority import launch

    return {
        stage.name: (
            stage,
            launch.draft(proposal, stage, words(stage.sentence), atlas, sender="draft", purpose=Purpose.REAL),
        )
        for stage in (proposal.stages if proposal.units else ())
    }


def texts(drafted: "dict[str, tuple[Stage, Alert]]") -> dict[str, dict[str, dict[str, str]]]:
    """What would be said at each stage in each language."""
    return {
        name: {
            info.language[:2]: {
                "headline": info.headline,
                "description": info.description,
                "instruction": info.instruction,
            }
            for info in alert.infos
        }
        for name, (_, alert) in drafted.items()
    }


def words(sentence: str) -> "dict[str, Any]":
    """The sentence in the four languages of a proposal."""
    from satwarn.people.language import language

    return {tag: language(tag).sentence(sentence) for tag in ("ja", "en", "de", "ko")}


def as_values(proposal: "Proposal", atlas: "Atlas", change: "Change | None") -> dict[str, Any]:
    """The proposal as JSON."""
    from satwarn.authority.launch import ESTIMATE
    from satwarn.cli.launch_frames import frames

    report, drafted = proposal.report, drafts(proposal, atlas)
    return {
        "estimate": ESTIMATE,
        "event": report.event,
        "number": report.number,
        "source": report.source,
        "kind": report.kind.value,
        "track": report.track.value,
        "place": report.place,
        "time": report.time.isoformat(),
        "approval": proposal.approval,
        "opens": proposal.opens.isoformat(),
        "closes": proposal.closes.isoformat() if proposal.closes else None,
        "status_unknown_from": proposal.review.isoformat(),
        "units": [_unit(unit, atlas) for unit in proposal.units],
        "swath": _geometry(proposal.corridor.swath) if proposal.corridor else None,
        "impact": _geometry(proposal.corridor.impact) if proposal.corridor else None,
        "notes": list(proposal.notes),
        "stages": {name: {"what": drafted[name][0].what, "texts": said} for name, said in texts(drafted).items()},
        "frames": frames(proposal, drafted),
        "change": {name: [":".join(code) for code in getattr(change, name)] for name in ("added", "kept", "dropped")}
        | {"people_to_approve": change.people}
        if change
        else None,
    }  # fmt: skip


def _unit(unit: "Unit", atlas: "Atlas") -> dict[str, Any]:
    def told(moment: Any) -> str | None:
        return moment.isoformat() if moment else None

    return {
        "scheme": unit.scheme,
        "code": unit.code,
        "names": dict(atlas.named(unit.scheme, unit.code).names),
        "ring": unit.ring,
        "may_fall": unit.may_fall,
        "near_km": unit.near_km,
        "earliest": told(unit.earliest),
        "expected": told(unit.expected),
        "latest": told(unit.latest),
    }


def _geometry(shape: Any) -> dict[str, Any]:
    from satwarn.area.shape import Circle

    if isinstance(shape, Circle):
        return {"circle": [shape.latitude_deg, shape.longitude_deg, shape.radius_km]}
    return {"polygon": [[round(latitude, 3), round(longitude, 3)] for latitude, longitude in shape.points]}


def _lines(proposal: "Proposal", atlas: "Atlas", change: "Change | None") -> list[str]:
    from satwarn.authority.launch import clock, zone_of
    from satwarn.cli.launch_frames import frames

    report, zone = proposal.report, zone_of(proposal)[1]
    lines = [
        f"Civil-protection estimate. Report {report.number} of {report.source}: {report.kind.value} "
        f"from {report.place}, {clock(proposal, report.time)} {zone}; track {report.track.value}.",
        headline(proposal),
        "",
    ]
    for unit in proposal.units:
        mark = {"certain": "●", "possible": "◐", "neighbour": "○"}[unit.ring]
        when = f"{clock(proposal, unit.earliest)} to {clock(proposal, unit.latest)}" if unit.earliest else "until ended"
        fall = "  may fall here" if unit.may_fall else ""
        name = atlas.named(unit.scheme, unit.code).name("en")
        lines.append(f"{mark} {unit.ring:<9}  {unit.scheme}:{unit.code:<6} {name:<24} {when}{fall}")
    lines += ["", *(f"Note: {note}." for note in proposal.notes)]
    if change:
        lines += [f"{name}: {' '.join(':'.join(code) for code in getattr(change, name)) or 'none'}" for name in
                  ("added", "kept", "dropped")]  # fmt: skip
        lines.append(f"{change.people} must approve this change.")
    drafted = drafts(proposal, atlas)
    for name, said in texts(drafted).items():
        lines += ["", f"{name}: {drafted[name][0].what}"]
        lines += [f"  {tag}  " + "  ".join(text.values()) for tag, text in said.items()]
    carried = frames(proposal, drafted)
    lines += ["", *(f"frame {one['stage']} ({one['service']}): {one['hex']}" for one in carried["frames"])]
    return lines + [f"lost in the frames: {lost}" for lost in carried["lost"]]


def headline(proposal: "Proposal") -> str:
    from satwarn.authority.launch import clock, zone_of

    if not proposal.units:
        return "Nobody is to be warned: no unit of the gazetteers lies below."
    if proposal.closes is None:
        return f"Take cover now: {len(proposal.units)} units, until ended."
    zone = zone_of(proposal)[1]
    return (
        f"Take cover now: {len(proposal.units)} units, from {clock(proposal, proposal.opens)} to "
        f"{clock(proposal, proposal.closes)} {zone}; then the status is unknown until somebody says otherwise."
    )
