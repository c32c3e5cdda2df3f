"""Areas and launches: a polygon to codes, many receivers at once, a report to a proposal."""

from pathlib import Path

import numpy as np
import shapely
from geographiclib.geodesic import Geodesic

from bench.row import Row, best_of
from satwarn.alert.purpose import Purpose
from satwarn.area.atlas import shipped_atlas
from satwarn.area.fit import enclose
from satwarn.area.flat import flat, inside_many, shapes_of
from satwarn.area.gazetteer import shape
from satwarn.area.inside import inside
from satwarn.area.layer import ShapeLayer
from satwarn.area.shape import Polygon
from satwarn.authority.launch import propose
from satwarn.authority.launch_draft import draft
from satwarn.authority.launch_report import read
from satwarn.people.language import language

UNITS, CORNERS, RECEIVERS = 1900, 100, 100_000
REPORT = Path(__file__).parents[1] / "tests/authority/launch/2017-08-29.toml"


def run() -> list[Row]:
    """Measure."""
    return [codes_of_polygon(), receivers_in_polygon(), scalar_inside(), fit(), report_to_proposal()]


def _polygon() -> Polygon:
    turns = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    away = 0.6 + 0.1 * np.cos(7 * turns)
    points = [(float(35.2 + a * np.cos(t)), float(133.5 + a * np.sin(t))) for a, t in zip(away, turns, strict=True)]
    return Polygon((*points, points[0]))


def _units() -> ShapeLayer:
    """Cells around random points over Japan's main island: as many as it has municipalities and wards."""
    rng = np.random.default_rng(1)
    points = shapely.MultiPoint(np.column_stack((rng.uniform(130, 141, UNITS), rng.uniform(33, 38, UNITS))))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=shapely.box(130, 33, 141, 38)))
    cells = shapely.intersection(cells, shapely.box(130, 33, 141, 38))
    return ShapeLayer(
        "JISX0402", "municipality", {f"{number:05}": shapes_of(cell) for number, cell in enumerate(cells)}
    )


def codes_of_polygon() -> Row:
    """A drawn polygon to the codes it touches, against shapely asked of every unit."""
    layer, polygon = _units(), _polygon()
    grounds = np.array([layer.ground(index) for index in range(UNITS)])
    found = layer.codes_in(flat(polygon))
    theirs = {layer.codes[index] for index in np.flatnonzero(shapely.intersects(grounds, flat(polygon)))}
    if set(found) != theirs:
        raise SystemExit("the codes differ from shapely's")
    ours_s = best_of(200, lambda: layer.codes_in(flat(polygon)))
    all_s = best_of(20, lambda: shapely.intersects(grounds, flat(polygon)))
    return Row(
        what=f"polygon of {CORNERS} corners -> {len(found)} codes among {UNITS}",
        ours=f"{ours_s * 1e3:.2f} ms",
        anchor=f"shapely on all {all_s * 1e3:.2f} ms",
        ratio=f"{ours_s / all_s:.2f}",
        aim="< 1 ms",
    )


def receivers_in_polygon() -> Row:
    """Many receivers against one polygon, against shapely on the same arrays without preparing."""
    rng = np.random.default_rng(2)
    latitudes, longitudes = rng.uniform(33, 38, RECEIVERS), rng.uniform(130, 141, RECEIVERS)
    polygon = _polygon()
    ours_s = best_of(30, lambda: inside_many(flat(polygon), latitudes, longitudes))
    bare = shapely.Polygon([(x, y) for y, x in polygon.points])
    bare_s = best_of(3, lambda: shapely.intersects(shapely.points(longitudes, latitudes), bare))
    return Row(
        what=f"{RECEIVERS:,} receivers against one polygon",
        ours=f"{ours_s * 1e3:.1f} ms",
        anchor=f"shapely unprepared {bare_s * 1e3:.1f} ms",
        ratio=f"1/{bare_s / ours_s:.0f}",
        aim="< 10 ms",
    )


def scalar_inside() -> Row:
    """The small receiver's question in plain Python, against one geodesic of geographiclib."""
    polygon = _polygon()
    ours_s = best_of(200, lambda: inside((35.2, 133.5), polygon))
    geodesic_s = best_of(200, lambda: Geodesic.WGS84.Inverse(35.2, 133.5, 35.9, 134.1))
    return Row(
        what=f"one point in a polygon of {CORNERS} corners, plain Python",
        ours=f"{ours_s * 1e6:.0f} us",
        anchor=f"one geodesic {geodesic_s * 1e6:.0f} us",
        ratio=f"{ours_s / geodesic_s:.1f}",
    )


def fit() -> Row:
    """The smallest ellipse around nine prefectures, against their convex hull alone."""
    nine = [part for code in range(31, 40) for part in shape(str(code))]
    ours_s = best_of(5, lambda: enclose(nine))
    hull_s = best_of(5, lambda: shapely.convex_hull(flat(*nine)))
    return Row(
        what="nine prefectures -> smallest ellipse",
        ours=f"{ours_s * 1e3:.0f} ms",
        anchor=f"drawing and hull {hull_s * 1e3:.0f} ms",
        ratio=f"{ours_s / hull_s:.1f}",
    )


def report_to_proposal() -> Row:
    """A launch report to areas, times and the draft alert in four languages, against one thousand geodesics."""
    data, atlas = REPORT.read_bytes(), shipped_atlas()
    words = {tag: language(tag).sentence("missile-launch") for tag in ("ja", "en", "de", "ko")}

    def proposal() -> None:
        found = propose(read(data), atlas)
        draft(found, found.stages[0], words, atlas, sender="bench", purpose=Purpose.EXERCISE)

    proposal()  # the shapes are drawn once, when a desk starts
    ours_s = best_of(10, proposal)
    thousand_s = best_of(3, lambda: [Geodesic.WGS84.Inverse(39.2, 125.7, 41.9, 143.0 + n / 1e3) for n in range(1000)])
    return Row(
        what="launch report -> areas, times, draft in four languages",
        ours=f"{ours_s * 1e3:.0f} ms",
        anchor=f"1,000 geodesics {thousand_s * 1e3:.0f} ms",
        ratio=f"{ours_s / thousand_s:.2f}",
        aim="< 100 ms",
    )
