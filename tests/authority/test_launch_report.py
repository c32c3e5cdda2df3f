"""A launch report is read as its schema says, and every mistake is named with its field."""

import copy
import json
import tomllib
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satwarn.authority.launch_report import Kind, Track, read, schema
from satwarn.errors import BadMessage, SatwarnError

FOLDER = Path(__file__).with_name("launch")
GOOD = json.loads((FOLDER / "germany.json").read_text(encoding="utf-8"))


def plain(file):
    text = file.read_text(encoding="utf-8")
    found = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    return json.loads(json.dumps(found, default=lambda moment: moment.isoformat()))


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.[tj]*")), ids=lambda file: file.name)
def test_every_example_is_what_the_schema_and_the_reader_allow(file):
    jsonschema.Draft202012Validator(schema()).validate(plain(file))
    assert read(file.read_bytes()) == read(json.dumps(plain(file)).encode())


def changed(path, value=None, *, drop=False):
    found = copy.deepcopy(GOOD)
    *way, last = path.split(".")
    inner = found
    for step in way:
        inner = inner.setdefault(step, {})
    if drop:
        inner.pop(last)
    else:
        inner[last] = value
    return found


BAD = [
    *(
        (changed(path, drop=True), path)
        for path in ("event", "source", "kind", "launch", "launch.place", "launch.time")
    ),
    *((changed(path, drop=True), path) for path in ("launch.latitude_deg", "track.azimuth_deg")),
    (changed("kind", "rocket"), "kind"),
    (changed("colour", "red"), "colour"),
    (changed("track.speed", 3), "speed"),
    (changed("launch.latitude_deg", "north"), "latitude_deg"),
    (changed("launch.latitude_deg", 91), "latitude"),
    (changed("track.azimuth_deg", 400), "azimuth"),
    (changed("track.azimuth_error_deg", -1), "azimuth"),
    (changed("track.range_class", "huge"), "range_class"),
    (changed("track.status", "maybe"), "status"),
    (changed("track.range_km", 0), "range"),
    (changed("track.apogee_km", -5), "apogee"),
    (changed("event", ""), "event"),
    (changed("impact.latitude_deg", 50), "longitude_deg"),
    (changed("kind", "drone"), "area"),
]


@pytest.mark.parametrize(("found", "named"), BAD, ids=[f"{named}-{number}" for number, (_, named) in enumerate(BAD)])
def test_a_mistake_is_refused_by_both_and_named(found, named):
    with pytest.raises(SatwarnError, match=named):
        _use(found)
    assert not jsonschema.Draft202012Validator(schema()).is_valid(found)


def _use(found):
    report = read(json.dumps(found).encode())
    assert report.flight is None or report.flight.arcs


@pytest.mark.parametrize("time", ["2026-06-01T10:00:00", "yesterday", 5, None])
def test_a_time_has_its_offset(time):
    with pytest.raises(BadMessage, match="time"):
        read(json.dumps(changed("launch.time", time)).encode())


def test_what_is_not_told_is_wide():
    bare = changed("track", {"azimuth_deg": 270, "status": "lost"})
    report = read(json.dumps(bare).encode())
    assert (report.track, report.kind, report.number) == (Track.LOST, Kind.BALLISTIC, 1)
    assert report.flight is not None
    assert report.flight.azimuth_error_deg == 20
    assert (report.flight.least_km, report.flight.greatest_km) == (300, 13000)


def test_a_measured_range_has_an_error_and_a_class_has_its_bounds():
    track = {"azimuth_deg": 270, "range_km": 1000, "range_error_km": 50}
    measured, classed = read(json.dumps(changed("track", track)).encode()), read(json.dumps(GOOD).encode())
    assert (measured.flight.least_km, measured.flight.greatest_km) == (950, 1050)
    assert (classed.flight.least_km, classed.flight.greatest_km) == (1000, 3000)


@given(st.binary(max_size=300))
def test_noise_is_refused_and_nothing_else(data):
    with pytest.raises(SatwarnError):
        read(data)


WORDS = st.sampled_from(["launch", "track", "event", "kind", "time", "codes", "area", "impact"])
LEAVES = st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner), max_leaves=12
)


@given(ANYTHING)
def test_any_json_is_refused_in_our_words(found):
    with pytest.raises(SatwarnError):
        read(json.dumps({"event": "e", "source": "s", "kind": "drone", "launch": found, "area": found}).encode())
