"""A receiver outside Japan: its settings, its rules rehearsed, and a recording as its place would have lived it."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from satwarn.alert.seal import Trust
from satwarn.app.receiver_check import rehearse
from satwarn.app.receiver_init import UNPLACED, site_toml
from satwarn.app.receiver_init import write as write_settings
from satwarn.app.receiver_replay import Replay, find_place, replay
from satwarn.app.receiver_replay_page import page
from satwarn.app.receiver_settings import read
from satwarn.errors import BadArea, BadSetting
from satwarn.frame import CONTAINERS, Heard, dcr, encode
from satwarn.frame.camf import Ellipse, MessageType
from satwarn.frame.country import country_numbers
from satwarn.frame.dcx import OutsideJapan
from satwarn.people.language import tags
from satwarn.people.page_words import word
from satwarn.receiver.machine import Receiver
from satwarn.receiver.site import Site
from satwarn.receiver.where import Where

NOON = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
SYDNEY, MUNICH, BANGKOK = "-33.87,151.21", "48.14,11.58", "13.75,100.5"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (SYDNEY, "ISO3166-1:AU"),
        (BANGKOK, "ISO3166-1:TH"),
        (MUNICH, "AGS:09"),
        ("Celle", "AGS:03351"),
        ("AGS:09162", "AGS:09162"),
        ("Thailand", "ISO3166-1:TH"),
        ("Bayern", "AGS:09"),
        ("Seoul", "KR-SIDO:11"),
        ("米子市", "31202"),
        ("35.43,133.36", "31202"),
    ],
)
def test_a_place_is_found_by_name_code_or_point(said: str, code: str) -> None:
    assert f'code = "{code}"' in site_toml(said, found=(), folder="x")


def test_a_name_that_several_bear_or_nobody_is_not_guessed() -> None:
    with pytest.raises(BadArea, match="AGS:09184"):
        find_place("München")
    with pytest.raises(BadArea, match="a point"):
        find_place("Alice Springs")
    with pytest.raises(BadArea, match="no land"):
        find_place("-40.0,-120.0")


@pytest.mark.parametrize("said", ["Celle", "Australia"])
def test_no_receiver_stands_in_the_middle_of_a_country_by_default(said: str, tmp_path: Path) -> None:
    text = site_toml(said, found=(), folder=str(tmp_path))
    assert UNPLACED in text
    write_settings(text, tmp_path / "site.toml")
    with pytest.raises(BadSetting, match="latitude and longitude"):
        read(tmp_path / "site.toml")
    placed = site_toml(said, found=(), folder=str(tmp_path), position="-33.87, 151.21")
    assert UNPLACED not in placed
    write_settings(placed, tmp_path / "placed.toml")
    assert read(tmp_path / "placed.toml").site.point == (-33.87, 151.21)


def test_a_position_that_is_none_is_refused() -> None:
    with pytest.raises(BadSetting, match="--position"):
        site_toml("Celle", found=(), folder="x", position="north")


@pytest.mark.parametrize("said", [SYDNEY, MUNICH, BANGKOK, "Seoul"])
def test_golden_messages_are_made_for_the_country(said: str, tmp_path: Path) -> None:
    write_settings(site_toml(said, found=(), folder=str(tmp_path)), tmp_path / "site.toml")
    rows = {row.message: row.here for row in rehearse(read(tmp_path / "site.toml"))}
    assert rows["missile, here"] == "sounds"
    assert rows["missile, elsewhere"] == rows["missile, another country"] == "stays silent"
    assert rows["missile, here, a test"] == "is logged"


@pytest.mark.parametrize("said", [SYDNEY, MUNICH, BANGKOK, "Seoul"])
def test_what_the_agency_of_japan_says_is_for_others_and_harms_nobody(said: str) -> None:
    """A seismic intensity report names prefectures by number; a country's code is none."""
    place = find_place(said)
    site = Site(code=f"{place.scheme}:{place.code}", outputs=(), position=(place.latitude_deg, place.longitude_deg))
    report = dcr.SeismicIntensity(
        classification=dcr.MAXIMUM_PRIORITY,
        reported=NOON,
        occurred=NOON,
        areas=(dcr.IntensityArea(intensity=6, prefecture=9),),
    )
    from satwarn.receiver.said import said_by

    told = said_by(report, site, now=NOON)
    assert told
    assert told.where is Where.ELSEWHERE
    machine = Receiver(site, Trust())
    machine.hear_frame(encode(report, preamble=0x53, counter=0, at=NOON), satellite=184, now=NOON)


def lived(folder: Path, said: str, country: str, *languages: str) -> Replay:
    place = find_place(said)
    area = Ellipse(
        latitude_deg=place.latitude_deg, longitude_deg=place.longitude_deg, semi_major_km=60, semi_minor_km=30
    )
    fire = OutsideJapan(
        message=MessageType.ALERT,
        country=country_numbers()[country],
        provider=1,
        hazard=27,
        severity=3,
        onset=NOON,
        ellipse=area,
    )
    data = bytes((184,))
    for minute, message in ((0, MessageType.ALERT), (4, MessageType.ALL_CLEAR)):
        frame = encode(replace(fire, message=message), preamble=0x53, counter=minute, at=NOON)
        data += CONTAINERS["l1s"].write(Heard(frame, satellite=184, received=NOON.replace(minute=minute)))
    file = folder / "night.l1s"
    file.write_bytes(data)
    return replay(file, place, languages)


def test_a_recording_is_told_where_it_was_heard_and_on_a_map_of_there(tmp_path: Path) -> None:
    told = lived(tmp_path, SYDNEY, "AU")
    assert [moment.kind for moment in told.moments] == ["sounded", "over"]
    shown = page(told)
    assert '<html lang="en">' in shown
    assert "Australia (-33.87, 151.21), 2026-06-03 12:00 to 12:04 UTC" in shown
    assert 'class="certain zone z0"' in shown
    assert "JST" not in re.sub('base64,[^"]*', "", shown)


@pytest.mark.parametrize("tag", tags())
def test_the_page_of_a_replay_is_in_the_language_asked_for(tag: str, tmp_path: Path) -> None:
    shown = page(lived(tmp_path, MUNICH, "DE", tag))
    assert f'<html lang="{tag}">' in shown
    for key in ("minutes", "whole", "sounded", "over", "certain", "source"):
        assert word("replay", key, tag) in shown, key
    assert word("replay", "sum", tag, n=2, sounded=1, shown=0, over=1) in shown
    if tag != "en":
        assert "Minute by minute" not in shown
        assert "Shapes:" not in shown


def test_the_words_are_those_of_the_country_unless_asked(tmp_path: Path) -> None:
    assert lived(tmp_path, MUNICH, "DE").languages == ("de", "en")
    assert {one.language for one in lived(tmp_path, MUNICH, "DE", "ko").moments[0].said} == {"ko"}
