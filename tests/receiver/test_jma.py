"""Reports of the Japan Meteorological Agency: which places each one concerns, with the traps of its regions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from house import trust
from satwarn.frame import Report, dcr, encode, l1s
from satwarn.receiver.effects import End, Log, Show, Warn
from satwarn.receiver.information import Move
from satwarn.receiver.jma import regions_of
from satwarn.receiver.machine import Receiver
from satwarn.receiver.radio import Level, Radio
from satwarn.receiver.said import said_by
from satwarn.receiver.site import Site
from satwarn.receiver.where import Where

AT = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
HEAD: dict[str, Any] = {"classification": dcr.MAXIMUM_PRIORITY, "reported": AT}
YONAGO, SAPPORO, CHIYODA, MINATO, TOTTORI_OFFICE = "31202", "01100", "13101", "13103", "31000"


def site(code: str) -> Site:
    return Site(code=code, outputs=("speaker",))


def shaking(*regions: int, minutes: int = 0, **changes: Any) -> Report:
    made = dcr.EarthquakeEarlyWarning(
        **HEAD,
        occurred=AT + timedelta(minutes=minutes),
        depth_km=20,
        magnitude=7.0,
        epicentre=101,
        intensity_lower=8,
        intensity_upper=8,
        regions=regions,
    )
    return replace(made, **changes)


def wave(warning: int, *regions: int, height: int = 3, **changes: Any) -> Report:
    areas = tuple(dcr.TsunamiArrival(height=height, region=region, arrival_code=1982) for region in regions)
    return replace(dcr.Tsunami(**HEAD, warning=warning, areas=areas), **changes)


def weather(state: int, *areas: tuple[int, int]) -> Report:
    return dcr.Weather(**HEAD, state=state, areas=tuple(dcr.WeatherArea(warning=w, region=r) for w, r in areas))


def where(report: Report, code: str) -> Where:
    said = said_by(report, site(code), now=AT)
    assert said
    return said.where


@pytest.mark.parametrize(
    ("report", "code", "expected"),
    [
        (shaking(36, 66), YONAGO, Where.HERE),
        (shaking(35, 65), YONAGO, Where.ELSEWHERE),
        # Chugoku's bit is set and other local bits of it are, ours is not: we are not concerned (live frame of 2024)
        (shaking(37, 38, 39, 40, 66), YONAGO, Where.ELSEWHERE),
        (shaking(66), YONAGO, Where.HERE),  # the regional bit alone, with no local one
        (shaking(80), YONAGO, Where.PERHAPS),  # "other": never dropped
        (shaking(36), TOTTORI_OFFICE, Where.HERE),
        (wave(3, 540), YONAGO, Where.HERE),
        (wave(3, 692), YONAGO, Where.HERE),  # a combined stretch
        (wave(3, 102), YONAGO, Where.ELSEWHERE),
        (wave(3, 102), SAPPORO, Where.PERHAPS),  # inland, but of its prefecture: rivers
        (wave(3, 1000), YONAGO, Where.PERHAPS),
        (weather(1, (2, 310000)), YONAGO, Where.HERE),
        (weather(1, (2, 130010)), MINATO, Where.HERE),
        (weather(1, (2, 130030)), MINATO, Where.ELSEWHERE),
        (weather(1, (2, 500000)), YONAGO, Where.PERHAPS),
    ],
    ids=str,
)
def test_which_place_a_report_concerns(report: Report, code: str, expected: Where) -> None:
    assert where(report, code) is expected


def test_municipalities_everywhere_have_their_regions() -> None:
    from satwarn.area import gazetteer

    for place in gazetteer.municipalities()[::25]:
        regions = regions_of(place.code)
        assert regions.eew, place
        assert regions.weather, place
        assert regions.local_governments, place


def test_a_ward_stands_for_its_city_in_a_volcano_s_list() -> None:
    report = dcr.Volcano(**HEAD, warning=15, volcano=503, local_governments=(4321400,))
    assert where(report, "43214") is Where.HERE  # Aso
    assert where(report, YONAGO) is Where.ELSEWHERE
    none_listed = replace(report, local_governments=())
    assert where(none_listed, "43214") is Where.HERE
    others = replace(report, local_governments=(3199999,))
    assert where(others, YONAGO) is Where.PERHAPS


# ── what the receiver does with them ─────────────────────────────────────────────────────────────────────────────────


class Living:
    def __init__(self, code: str = YONAGO) -> None:
        self.box = Receiver(site(code), trust())
        self.at = AT + timedelta(seconds=2)
        self.counter = 0

    def hears(self, report: Report, *, after_s: int = 4) -> list[type]:
        self.at += timedelta(seconds=after_s)
        self.box.hear_radio(Radio(at=self.at, jamming=Level.NONE, spoofing=Level.NONE))
        self.counter = (self.counter + 1) % 16
        self.box.hear_frame(encode(report, preamble=0x53, counter=self.counter), satellite=184, now=self.at)
        return [type(effect) for effect in self.box.effects() if isinstance(effect, Warn | Show | End | Log)]


def test_an_early_warning_sounds_once_as_its_regions_grow_and_anew_for_another_quake() -> None:
    box = Living()
    assert box.hears(shaking(36)) == [Warn]
    assert box.hears(shaking(36, 37)) == []
    assert box.hears(shaking(36, 37, 38)) == []
    assert box.hears(shaking(36, minutes=4)) == [Warn]


def test_a_cancelled_early_warning_is_retracted_and_never_sounds_again() -> None:
    box = Living()
    assert box.hears(shaking(36)) == [Warn]
    assert box.hears(shaking(36, information_type=dcr.CANCELLATION)) == [End]
    assert box.hears(shaking(36)) == []


def test_tsunami_frames_of_one_report_add_up_and_a_major_one_sounds_again() -> None:
    box = Living()
    assert box.hears(wave(3, 102, 110)) == [Log]
    assert box.hears(wave(3, 540)) == [Warn]
    assert box.hears(wave(3, 102, 110)) == []
    assert box.hears(wave(3, 540, 692)) == []
    assert box.hears(wave(4, 540)) == [Warn]


def test_a_lifted_warning_with_a_metre_left_is_a_downgrade_and_no_all_clear() -> None:
    box = Living()
    assert box.hears(wave(3, 540)) == [Warn]
    assert box.hears(wave(2, 540, height=2)) == []
    assert [one.live for one in box.box.memory.live()] == [True]
    assert box.hears(wave(2, 540, height=1)) == [End]


def test_lifting_the_landslide_alert_does_not_lift_the_special_warning() -> None:
    box = Living()
    assert box.hears(weather(1, (2, 310000))) == [Warn]
    assert box.hears(weather(2, (23, 310000))) == [Show]  # the end of what is not on, shown; nothing is ended
    assert len([one for one in box.box.memory.live() if one.information == "special-warning"]) == 1
    assert box.hears(weather(2, (2, 310000))) == [End]


def test_an_old_report_is_shown_and_never_sounds() -> None:
    box = Living()
    assert box.hears(shaking(36), after_s=3600) == [Show]


def test_a_report_of_later_than_now_is_shown_and_sounds_once_it_is_due() -> None:
    """Somebody plays what is not yet, or our clock is behind."""
    box = Living()
    assert box.hears(shaking(36), after_s=-900) == [Show]
    assert box.hears(shaking(36), after_s=880) == [Warn]


def test_by_a_clock_in_doubt_a_frame_alone_is_shown_and_sounds_once_it_is_believed() -> None:
    box = Living()
    box.box.hear_clock("nothing confirms the clock")
    assert box.hears(shaking(36)) == [Show]
    assert box.hears(shaking(36)) == []
    assert box.hears(shaking(36, information_type=dcr.CANCELLATION)) == [Show]  # nor is its end believed alone
    box.box.hear_clock("")
    assert box.hears(shaking(36)) == [Warn]


def test_training_reports_are_logged_only() -> None:
    box = Living()
    assert box.hears(shaking(36, classification=dcr.TRAINING)) == [Log]


def test_what_it_says_of_an_ordinary_report_is_logged() -> None:
    quake = dcr.Hypocentre(**HEAD, occurred=AT, depth_km=10, magnitude=5.0, epicentre=101)
    assert Living().hears(quake) == [Log]
    said = said_by(quake, site(YONAGO), now=AT)
    assert said
    assert said.move is Move.WARN


# ── frames as they were on the air ───────────────────────────────────────────────────────────────────────────────────

LIVE = (
    # hex (63 digits), when it was reported (the year is that of the test), place, what is done there, as what
    (
        "53ADA8BECF0001E8F67C27FF2C100000000000000000000000000012C1D36B4",
        (1, 15, 22, 30),
        "46222",
        Show,
        "tsunami-advisory",
    ),
    (
        "53ADC36D350006D350D1FD8DEC08000000000000000000000000001137581F4",
        (6, 27, 9, 42),
        "46505",
        Show,
        "crater-warning",
    ),
    (
        "C6AD424130000412E341F783E0F10910421230200000000000000013417E39C",
        (4, 16, 9, 32),
        "43214",
        Show,
        "eruption-flash",
    ),
    ("C6AD424130000412E341F783E0F10910421230200000000000000013417E39C", (4, 16, 9, 32), "31202", Log, ""),
    ("9AAD5608AC8001B1D4C0B1FBDAB222E0B35B60000000000000000011126BCC0", (12, 2, 5, 25), "13103", Show, "tornado-alert"),
    ("9AAD5608AC8001B1D4C0B1FBDAB222E0B35B60000000000000000011126BCC0", (12, 2, 5, 25), "27100", Log, ""),
    ("9AAD5D3594000161D5F60D939E0A8F52B1320826FF3DB2000000001240A7470", (10, 13, 12, 40), "31202", Log, ""),
    ("9AAC89558B0003240000AB160F3A2499B40000000000002000000010C93712C", (2, 21, 12, 22), "31202", Log, ""),
    ("9AAC89558B0003240000AB160F3A2499B40000000000002000000010C93712C", (2, 21, 12, 22), "01100", Warn, ""),
    ("9AAD5D3594000161D5F60D939E0A8F52B1320826FF3DB2000000001240A7470", (10, 13, 12, 40), "07204", Warn, ""),
)


@pytest.mark.parametrize(("digits", "told", "code", "done", "information"), LIVE, ids=lambda value: str(value)[:20])
def test_live_frames_at_places_they_concern_and_places_they_do_not(
    digits: str, told: tuple[int, int, int, int], code: str, done: type, information: str
) -> None:
    now = datetime(2026, *told, tzinfo=UTC) + timedelta(seconds=20)
    box = Receiver(site(code), trust())
    box.hear_radio(Radio(at=now, jamming=Level.NONE, spoofing=Level.NONE))
    box.hear_frame(l1s.from_hexadecimal(digits), satellite=184, now=now)
    effects = box.effects()
    assert [type(one) for one in effects if isinstance(one, Warn | Show | Log)] == [done]
    assert [one.information for one in effects if isinstance(one, Show)] == ([information] if information else [])
