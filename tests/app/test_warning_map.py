"""What the map shows of a warning is what it means, what its frames say, and nothing that differs is hidden."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely

from satwarn.alert import cap
from satwarn.app.compose import Composed, Said, compose
from satwarn.app.warning_map import footprint, swath

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def drawn(**form: Any) -> dict[str, Any]:
    said = {"en": Said(headline="Test", instruction="Nothing to do.")}
    filled = Composed(**{"purpose": "exercise", "severity": "Minor", "minutes": 30, "said": said, **form})
    return footprint(cap.write(compose(filled, sender="a@b.example", now=NOW)))


def ground(found: dict[str, Any], kind: str) -> Any:
    parts = [one["geometry"] for one in found["features"] if one["properties"]["kind"] == kind]
    return shapely.union_all([shapely.from_geojson(json.dumps(part)) for part in parts])


def test_a_prefecture_named_and_framed_differs_nowhere() -> None:
    found = drawn(hazard="system-test", codes=("31",))
    assert (found["over_km2"], found["missed_km2"]) == (0, 0)
    assert (
        found["warned_km2"] == found["frame_km2"] == pytest.approx(3507, rel=0.08)
    )  # Tottori's true size; the outline is coarse


def test_a_circle_that_goes_as_a_prefecture_reaches_beside_it_but_leaves_no_land_out() -> None:
    found = drawn(hazard="system-test", circles=("35.45,134.2 10",))
    assert found["missed_km2"] == 0
    assert found["over_km2"] == pytest.approx(found["frame_km2"] - found["warned_km2"], abs=2)
    assert not ground(found, "over").intersects(shapely.Point(134.2, 35.45))
    assert ground(found, "frame").contains(shapely.Point(133.5, 35.4))  # 60 km to the west


def test_an_ellipse_holds_all_that_was_drawn_and_the_hatched_part_is_the_rest_of_it() -> None:
    found = drawn(hazard="tsunami", polygons=("35.0,132.0 35.9,133.0 35.6,134.6 34.8,133.0 35.0,132.0",))
    frame, warned, over = (ground(found, kind) for kind in ("frame", "warned", "over"))
    assert frame.buffer(1e-3).contains(warned)
    assert over.area == pytest.approx(frame.area - warned.area, rel=1e-3)
    assert ground(found, "missed").is_empty


def test_what_no_frame_can_carry_is_said_so() -> None:
    corners = " ".join(f"{lat},{lon}" for lat, lon in ((-50, -60), (50, -60), (50, 60), (-50, 60), (-50, -60)))
    assert drawn(hazard="flood", polygons=(corners,))["frame_km2"] is None


def test_a_launch_report_gives_its_swath_and_what_flies_no_arc_none() -> None:
    reports = ROOT / "tests" / "authority" / "launch"
    kinds = [one["properties"]["kind"] for one in swath((reports / "2017-08-29.toml").read_bytes())]
    assert kinds == ["swath", "impact", "track"]
    assert swath((reports / "air-raid.toml").read_bytes()) == ()


def test_the_shapes_below_the_map_are_current(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "tools" / "map_shapes.py", tmp_path], check=True, timeout=120)
    static = ROOT / "src" / "satwarn" / "web" / "static"
    for name in ("land.json", "units.json", "places.json"):
        assert (tmp_path / name).read_bytes() == (static / name).read_bytes(), "run: python tools/map_shapes.py"
