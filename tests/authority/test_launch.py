"""From a launch report to a proposal: against published flights, in both theatres, and for what flies no arc."""

import csv
import json
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tools.launch_checks import PAGE, page

from satwarn.alert import cap
from satwarn.alert.alert import MsgType, Status
from satwarn.alert.purpose import Purpose
from satwarn.area.atlas import shipped_atlas
from satwarn.area.layer import ShapeLayer
from satwarn.area.shape import Polygon
from satwarn.authority.launch import CERTAIN, NEIGHBOUR, POSSIBLE, difference, propose, stages
from satwarn.authority.launch_draft import draft, zone_of
from satwarn.authority.launch_report import Kind, Track, read
from satwarn.errors import BadAlert
from satwarn.people.language import language

FOLDER = Path(__file__).with_name("launch")
ATLAS = shipped_atlas()
LANGUAGES = ("ja", "en", "de", "ko")


def report(name):
    return read((FOLDER / name).read_bytes())


def observed():
    with (FOLDER / "observed.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def codes(proposal, *rings):
    return {unit.code for unit in proposal.units if not rings or unit.ring in rings}


def local(day, clock):
    return datetime.fromisoformat(f"{day}T{clock}:00+09:00")


@pytest.mark.parametrize(
    "row", [row for row in observed() if row["unit"] and row["overfly_from"]], ids=lambda row: row["event"]
)
def test_a_published_flight_passes_within_the_window(row):
    proposal = propose(report(f"{row['event']}.toml"), ATLAS)
    scheme, _, code = row["unit"].partition(":")
    (unit,) = (unit for unit in proposal.units if (unit.scheme, unit.code) == (scheme, code))
    assert unit.ring == CERTAIN
    assert unit.earliest <= local(row["event"], row["overfly_from"])
    assert local(row["event"], row["overfly_to"]) <= unit.latest
    assert unit.earliest > proposal.report.time
    assert unit.latest - proposal.report.time < timedelta(minutes=15)


@pytest.mark.parametrize("event", ["2017-08-29", "2017-09-15", "2022-10-04"])
def test_a_flight_that_fell_in_the_pacific_may_fall_in_no_prefecture(event):
    proposal = propose(report(f"{event}.toml"), ATLAS)
    assert not any(unit.may_fall for unit in proposal.units)


def test_hokkaido_2017_has_its_neighbours_and_no_others():
    proposal = propose(report("2017-08-29.toml"), ATLAS)
    assert codes(proposal, CERTAIN) == {"01", "02"}
    assert codes(proposal, NEIGHBOUR) == {"03", "05"}
    assert proposal.approval == "B"
    assert proposal.review == proposal.closes > proposal.opens


def test_a_lost_track_is_wide_only_possible_and_looked_at_before_its_window_ends():
    proposal = propose(report("2022-11-03.toml"), ATLAS)
    assert {"04", "06", "15"} <= codes(proposal, POSSIBLE)
    assert codes(proposal, CERTAIN) == set()
    assert proposal.review < proposal.closes
    assert any("track is lost" in note for note in proposal.notes)


def test_the_impact_of_the_source_is_used_and_ours_is_the_check():
    given = report("2023-04-13.toml")
    proposal = propose(given, ATLAS)
    (hokkaido,) = (unit for unit in proposal.units if unit.code == "01")
    assert hokkaido.may_fall
    assert hokkaido.latest >= given.impact_time
    assert any("agrees" in note for note in proposal.notes)
    far = propose(replace(given, impact=replace(given.impact, latitude_deg=33.0, longitude_deg=135.5)), ATLAS)
    assert any("outside of where our own computation" in note for note in far.notes)
    assert {unit.code for unit in far.units if unit.may_fall} >= {"30"}


def test_a_space_launch_has_a_later_end_and_no_neighbours():
    proposal = propose(report("2023-11-21.toml"), ATLAS)
    (okinawa,) = (unit for unit in proposal.units if unit.code == "47")
    ballistic = propose(replace(report("2023-11-21.toml"), kind=Kind.BALLISTIC), ATLAS)
    assert codes(proposal, NEIGHBOUR) == set()
    assert codes(ballistic, NEIGHBOUR)
    assert okinawa.ring == CERTAIN


def test_germany_without_kreise_warns_whole_laender_as_possible_and_says_so():
    proposal = propose(report("germany.json"), ATLAS)
    assert {"11", "12", "03"} <= codes(proposal, POSSIBLE)
    assert {unit.scheme for unit in proposal.units} == {"AGS"}
    assert codes(proposal, CERTAIN) == set()
    assert any("Kreise" in note for note in proposal.notes)
    assert zone_of(proposal) == (timedelta(hours=2), "MESZ")


def test_germany_with_imported_kreise_warns_kreise():
    def box(south, west):
        return (
            Polygon(
                ((south, west), (south, west + 0.2), (south + 0.2, west + 0.2), (south + 0.2, west), (south, west))
            ),
        )

    kreise = ShapeLayer("AGS", "Kreis", {"12061": box(54.0, 13.5), "12062": box(53.0, 13.5), "09184": box(48.0, 11.5)})
    given = report("germany.json")
    proposal = propose(replace(given, flight=replace(given.flight, azimuth_error_deg=1.0)), ATLAS.with_layers([kreise]))
    assert "09184" not in codes(proposal)
    assert {unit.scheme + str(len(unit.code)) for unit in proposal.units} == {"AGS5"}
    assert not any("Kreise" in note for note in proposal.notes)


def test_what_flies_no_arc_is_an_alarm_until_ended():
    proposal = propose(report("air-raid.toml"), ATLAS)
    assert proposal.corridor is None
    assert proposal.closes is None
    assert codes(proposal, CERTAIN) == {"11", "12"}
    assert [stage.name for stage in proposal.stages] == ["area-alarm", "area-clear"]
    assert all(unit.earliest is None for unit in proposal.units)


def test_a_new_report_adds_keeps_and_drops_areas():
    before, after = (propose(report(f"{day}.toml"), ATLAS) for day in ("2017-08-29", "2022-10-04"))
    with pytest.raises(BadAlert, match="two events"):
        difference(before, after)
    change = difference(before, replace(after, report=replace(after.report, event="2017-08-29")))
    assert {code for _, code in change.kept} == {"01", "02", "03", "05"}
    assert {code for _, code in change.added} == {"04", "06"}
    assert change.dropped == ()
    assert change.people == 1
    back = difference(replace(after, report=before.report), before)
    assert ({code for _, code in back.dropped}, back.people) == ({"04", "06"}, 2)


@pytest.mark.parametrize("name", sorted(file.name for file in FOLDER.glob("*.[tj]*")))
def test_every_stage_is_a_valid_alert_in_four_languages(name):
    proposal = propose(report(name), ATLAS)
    for stage in proposal.stages:
        words = {tag: language(tag).sentence(stage.sentence) for tag in LANGUAGES}
        alert = draft(proposal, stage, words, ATLAS, sender="test@example", purpose=Purpose.EXERCISE)
        assert alert.status is Status.EXERCISE
        assert cap.read(cap.write(alert)).alert == alert
        assert not cap.check_schema(cap.write(alert))
        assert [info.language for info in alert.infos] == ["ja", "en-US", "de-DE", "ko-KR"]
        assert {code for scheme in ("JISX0401", "AGS", "KR-SIDO") for code in alert.geocodes(scheme)} == codes(proposal)
        assert not any("{" in info.description for info in alert.infos)
        assert all(info.expires > proposal.review for info in alert.infos)
        assert all("status-unknown-from" in str(info.parameters) for info in alert.infos)


def test_a_launch_says_take_cover_now_and_never_counts_down():
    now = {"ja": "今すぐ", "en": "now", "de": "jetzt", "ko": "지금"}
    for tag, word in now.items():
        for key in ("missile-launch", "air-alarm"):
            said = language(tag).sentence(key)
            assert word in said.headline
            assert word in said.instruction
            assert "minut" not in said.description.lower()


def test_the_place_of_the_launch_is_named_in_the_language_spoken():
    proposal = propose(replace(report("2017-08-29.toml"), place="North Korea"), ATLAS)
    words = {tag: language(tag).sentence("missile-launch") for tag in LANGUAGES}
    alert = draft(proposal, stages()["launch"], words, ATLAS, sender="test@example", purpose=Purpose.EXERCISE)
    named = {"ja": "北朝鮮", "en-US": "North Korea", "de-DE": "Nordkorea", "ko-KR": "북한"}
    assert all(named[info.language] in info.description for info in alert.infos)


def test_only_the_all_clear_and_news_of_the_flight_end_the_shelter():
    assert [one.name for one in stages().values() if one.response.value == "Shelter"] == [
        "launch",
        "unknown",
        "area-alarm",
    ]
    assert all(one.msg_type is MsgType.UPDATE for one in stages().values() if one.response.value == "AllClear")


def test_nobody_below_is_no_alert():
    given = report("2017-08-29.toml")
    proposal = propose(replace(given, flight=replace(given.flight, latitude_deg=-40.0, azimuth_deg=180.0)), ATLAS)
    assert proposal.units == ()
    with pytest.raises(BadAlert, match="nobody to warn"):
        draft(proposal, stages()["launch"], {}, ATLAS, sender="test@example", purpose=Purpose.REAL)


def test_an_unknown_azimuth_is_a_whole_circle():
    given = report("2017-08-29.toml")
    proposal = propose(replace(given, track=Track.LOST, flight=replace(given.flight, azimuth_error_deg=180.0)), ATLAS)
    assert len([unit for unit in proposal.units if unit.scheme == "JISX0401"]) == 47
    assert proposal.report.time.tzinfo is UTC


def test_the_page_of_checks_is_what_the_code_says():
    assert PAGE.read_text(encoding="utf-8") == page(maps=False), "run: python tools/launch_checks.py"


def test_toml_and_json_are_the_same_report():
    text = tomllib.loads((FOLDER / "2023-04-13.toml").read_text())
    assert read(json.dumps(text, default=str).encode()) == report("2023-04-13.toml")
