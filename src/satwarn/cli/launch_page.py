"""A proposal as one self-contained page: the sentence, the map, the table, the texts, the frames."""

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from satwarn.area.atlas import Atlas
    from satwarn.authority.launch import Change, Proposal


def picture(proposal: "Proposal", atlas: "Atlas", *, dark: bool = True) -> str:
    """The map: land, rings, swath, where it may fall, the track, the launch place."""
    import shapely

    from satwarn.area.atlas import around
    from satwarn.area.chart import Chart, draw
    from satwarn.area.flat import flat, only_polygons
    from satwarn.authority.launch import CERTAIN, NEIGHBOUR, POSSIBLE

    grounds = {
        (unit.scheme, unit.code): flat(*atlas.outline_of(unit.scheme, unit.code))
        for unit in proposal.units
        if unit.scheme != "AGS" or len(unit.code) == 2 or atlas.layer("AGS", "Kreis")
    }
    flight = proposal.corridor
    swath, impact = (flat(flight.swath), flat(flight.impact)) if flight else (None, None)
    seen = [*grounds.values(), *([swath] if swath is not None else [])]
    view = only_polygons(shapely.union_all(seen))
    rings = [
        (ring, grounds[unit.scheme, unit.code])
        for ring in (NEIGHBOUR, POSSIBLE, CERTAIN)
        for unit in proposal.units
        if unit.ring == ring and (unit.scheme, unit.code) in grounds
    ]
    chart = Chart(
        title=f"{proposal.report.event}: {proposal.report.kind.value} from {proposal.report.place}",
        view=view,
        drawn=(
            *around(atlas, view),
            *rings,
            *([("swath", swath)] if swath is not None else []),
            *([("impact", impact)] if impact is not None else []),
        ),
        lines=[("track", flight.track)] if flight else (),
        marks=[(flight.flight.start, proposal.report.place)] if flight else (),
        key=(
            ("certain", "certain: under the middle of the flight"),
            ("possible", "possible: under the swath"),
            ("neighbour", "neighbour: next to these"),
            ("swath", "where it may fly"),
            ("impact", "where it may fall"),
        ),
        source="Shapes: Natural Earth; Korea: NGII. Civil-protection estimate.",
    )
    return draw(chart, dark=dark)


def page(proposal: "Proposal", atlas: "Atlas", change: "Change | None") -> str:
    """The page, as HTML without any outside request."""
    import jinja2

    from satwarn.authority.launch_draft import clock, zone_of
    from satwarn.cli.launch import as_values, headline

    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True).from_string(
        (files("satwarn.cli") / "launch_page.html").read_text(encoding="utf-8")
    )
    return template.render(
        shown=as_values(proposal, atlas, change),
        headline=headline(proposal),
        map=picture(proposal, atlas),
        rows=[
            {
                "mark": {"certain": "●", "possible": "◐", "neighbour": "○"}[unit.ring],
                "ring": unit.ring,
                "code": f"{unit.scheme}:{unit.code}",
                "names": atlas.named(unit.scheme, unit.code).names,
                "from": clock(proposal, unit.earliest),
                "expected": clock(proposal, unit.expected),
                "until": clock(proposal, unit.latest),
                "may_fall": unit.may_fall,
            }
            for unit in proposal.units
        ],
        zone=zone_of(proposal)[1],
        launched=clock(proposal, proposal.report.time),
        review=clock(proposal, proposal.review),
    )
