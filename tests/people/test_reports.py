"""Frames in plain words: every code in every language, nothing missing, nothing invented."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.frame.vectors import everything

from satwarn.errors import Missing
from satwarn.frame import codes, decode, l1s
from satwarn.frame.camf import MessageType
from satwarn.frame.dcr import EarthquakeEarlyWarning, Volcano
from satwarn.frame.dcx import JAlert, OutsideJapan
from satwarn.frame.notation import REPORTS
from satwarn.frame.settings import SecondEllipse
from satwarn.people.code_lists import listing, names
from satwarn.people.language import drafts, language, tags
from satwarn.people.reports import describe, guidance_keys, words

REVIEWED = ("de", "en", "ja", "ko")
DRAFTS = ("es", "fr", "id", "th", "uk", "vi", "zh")
ALL = (*REVIEWED, *DRAFTS)
SECTIONS = ("report", "severity", "duration", "hazard", "guidance", "guidance_place", "notification")
AT = datetime(2026, 6, 3, 12, tzinfo=UTC)


def leaves(node, path=""):
    if not isinstance(node, dict):
        return {path: node}
    return {key: value for name, inner in node.items() for key, value in leaves(inner, f"{path}/{name}").items()}


def own(tag):
    return leaves({section: language(tag).words[section] for section in SECTIONS})


def test_the_languages_there_are():
    assert set(REVIEWED) <= set(tags())
    assert drafts() == DRAFTS


@pytest.mark.parametrize("tag", ALL)
def test_no_language_misses_a_key_or_a_word(tag):
    mine, model = own(tag), own("en")
    assert mine.keys() == model.keys()
    empty = {key for key, said in mine.items() if not said}
    assert empty - {"/report/draft/note"} == {"/guidance/none"}


@pytest.mark.parametrize("tag", ALL)
def test_gaps_are_the_same_in_every_language(tag):
    mine, model = own(tag), own("en")
    assert {k: re.findall(r"{.*?}", said) for k, said in mine.items()} == {
        k: re.findall(r"{.*?}", said) for k, said in model.items()
    }


@pytest.mark.parametrize("tag", [tag for tag in ALL if tag != "en"])
def test_a_language_is_not_a_copy_of_english(tag):
    mine, model = own(tag), own("en")
    same = {key for key in mine if mine[key] == model[key] and mine[key]}
    assert len(same) < 25, sorted(same)


@pytest.mark.parametrize("tag", DRAFTS)
def test_a_draft_says_so(tag):
    assert language(tag).words["language"]["reviewed"] is False
    (report, *_) = (decode(l1s.from_hexadecimal(everything()[0]["hex"]), received=AT),)
    assert "not reviewed by a native speaker" in describe(report, tag)[-1]


def test_a_reviewed_language_says_nothing_of_the_kind():
    report = decode(l1s.from_hexadecimal(everything()[0]["hex"]), received=AT)
    assert not any("native speaker" in line for tag in REVIEWED for line in describe(report, tag))


def test_every_code_has_its_word():
    known = language("en").words
    assert set(known["hazard"]) == {entry.code for entry in codes.table("hazard")}
    notified = {entry.code for entry in codes.table("notification_on_disaster_prevention")} - {"0"}
    assert set(known["notification"]) == notified
    assert set(known["report"]["kind"]) == {report.kind for report in REPORTS} | {"other"}
    for name in "ABC":
        table = codes.table(f"instruction_{name.lower()}")
        # 29 and 30 of list B are reserved
        assert set(guidance_keys()[name]) == {int(entry.code) for entry in table}
    used = {key for table in guidance_keys().values() for key in table.values()}
    assert used == set(known["guidance"])


@pytest.mark.parametrize("tag", ALL)
def test_every_vector_can_be_told(tag):
    for vector in everything():
        lines = describe(decode(l1s.from_hexadecimal(vector["hex"]), received=AT), tag)
        assert all(lines)
        assert lines[0].startswith(language(tag).words["report"]["kind"][vector["meaning"].get("kind", "other")])


@pytest.mark.parametrize("tag", ALL)
def test_every_list_can_be_printed(tag):
    for name in names():
        rows = list(listing(name, tag))
        assert rows, name
        assert all(row.as_text().startswith(row.code) for row in rows)


def test_a_list_that_is_not_there():
    with pytest.raises(Missing):
        list(listing("nothing", "en"))
    with pytest.raises(Missing, match="one of de, en"):
        words("xx")


MISSILE = JAlert(message=MessageType.ALERT, provider=3, hazard=8, severity=3, instruction=128, prefectures=(31, 32))


def test_a_warning_in_words():
    assert describe(replace(MISSILE, onset=AT), "en") == [
        "J-Alert · Alert · Missile attack · Extreme",
        "From: 2026-06-03 12:00 UTC",
        "From whom: Related Ministries",
        "Area: Tottori Prefecture, Shimane Prefecture",
        "What to do: A missile seems to have been launched. Go into a building or underground.",
    ]
    assert describe(MISSILE, "ja")[2] == "対象地域: 鳥取県、島根県".replace("、", ", ")


def test_a_test_is_called_a_test_first():
    for tag in ALL:
        first = describe(replace(MISSILE, message=MessageType.TEST), tag)[0]
        assert f"· {language(tag).words['report']['message']['0']} ·" in first


def test_unknown_codes_are_shown_as_such():
    strange = OutsideJapan(
        message=MessageType.ALERT, country=511, provider=31, hazard=120, library_type=0, instruction=0b00001_11110
    )
    lines = describe(strange, "en")
    assert "unknown code 120" in lines[0]
    assert "Country: unknown code 511" in lines
    assert "From whom: unknown code 31" in lines
    assert lines[-1].endswith("unknown code 30")
    assert "unknown code 19" in describe(replace(MISSILE, instruction=19), "en")[-1]


def test_places_and_acts_of_local_governments():
    said = describe(replace(MISSILE, instruction=256 * 2 + 4), "en")[-1]
    assert said == "What to do: Go to: mountains."
    assert describe(replace(MISSILE, instruction=256 * 3), "en")[-1] == "What to do: Keep away."
    assert "unknown code" in describe(replace(MISSILE, instruction=256 * 3 + 9), "en")[-1]


def test_an_assumed_hypocentre_shows_no_depth_and_no_magnitude():
    quake = EarthquakeEarlyWarning(
        classification=1, epicentre=791, intensity_lower=8, intensity_upper=11, regions=(1,), depth_km=10, magnitude=1.0
    )
    assert not any(line.startswith(("Depth", "Magnitude")) for line in describe(quake, "en"))
    assert "Depth: 10 km" in describe(replace(quake, magnitude=7.2), "en")


@pytest.mark.parametrize(
    ("ambiguity", "said"),
    [(0, "2026-06-03 12:00 UTC"), (4, "2026-06-03 12 h UTC"), (5, "2026-06-03"), (6, ""), (7, "")],
)
def test_only_the_sure_part_of_a_time_is_shown(ambiguity, said):
    volcano = Volcano(
        classification=2, reported=AT, ambiguity=ambiguity, activity=AT, warning=15, volcano=503, local_governments=()
    )
    shown = [line.removeprefix("Activity: ") for line in describe(volcano, "en") if line.startswith("Activity")]
    assert shown == ([said] if said else [])


def test_a_second_ellipse_says_its_instruction():
    report = OutsideJapan(
        message=MessageType.ALERT,
        country=71,
        provider=1,
        hazard=44,
        setting=SecondEllipse(shift=1, factor=0.5, bearing_deg=90, instruction=6),
    )
    assert any("Do not use lifts." in line for line in describe(report, "en"))
