"""What belongs together on the air: pages, warnings and their ends, losses, contradictions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from satwarn.frame import Heard, decode, encode, l1s
from satwarn.frame.camf import Ellipse, MessageType
from satwarn.frame.dcr import Marine, NankaiTrough
from satwarn.frame.dcx import JAlert, LAlert
from satwarn.frame.monitor import Monitor
from satwarn.frame.pages import Pages
from satwarn.frame.reception import Sky
from satwarn.frame.series import KEPT, Link, Warnings
from tests.frame.vectors import load

START = datetime(2026, 6, 3, 12, tzinfo=UTC)
ALERT, UPDATE, CLEAR, TEST = MessageType.ALERT, MessageType.UPDATE, MessageType.ALL_CLEAR, MessageType.TEST
MISSILE = JAlert(message=ALERT, provider=3, hazard=8, severity=3, onset=START, instruction=128, prefectures=(1, 2))
FLOOD = LAlert(message=ALERT, provider=1, hazard=68, municipality="31202")


def at(seconds):
    return START + timedelta(seconds=seconds)


def links(*reports):
    """What each message is to the ones before it, heard a minute apart."""
    warnings = Warnings()
    return [warnings.hear(report, now=at(60 * n)).link for n, report in enumerate(reports)]


def test_an_all_clear_ends_the_one_warning_it_fits():
    assert links(FLOOD, replace(FLOOD, message=UPDATE, severity=3), replace(FLOOD, message=CLEAR)) == [
        Link.BEGINS,
        Link.CONTINUES,
        Link.ENDS,
    ]


def test_after_the_end_nothing_is_live():
    warnings = Warnings()
    warnings.hear(FLOOD, now=START)
    ended = warnings.hear(replace(FLOOD, message=CLEAR), now=at(60))
    assert ended.series.over
    assert len(ended.series.reports) == 2
    assert warnings.live() == ()


def test_an_end_that_fits_none_or_two_stays_open():
    clear = replace(FLOOD, message=CLEAR)
    assert links(clear) == [Link.OPEN]
    for other in ({"hazard": 69}, {"provider": 2}, {"country": 71}, {"municipality": "31201"}):
        assert links(FLOOD, replace(clear, **other))[1] is Link.OPEN
    two = Warnings()
    two.hear(FLOOD, now=START)
    two.hear(replace(FLOOD, severity=2), now=at(60))
    ended = two.hear(clear, now=at(120))
    assert (ended.link, len(ended.candidates)) == (Link.OPEN, 2)
    assert len(two.live()) == 2


def test_an_ellipse_is_part_of_the_area():
    area = Ellipse(latitude_deg=35, longitude_deg=135, semi_major_km=10, semi_minor_km=5)
    assert links(replace(FLOOD, ellipse=area), replace(FLOOD, message=CLEAR))[1] is Link.OPEN


def test_tests_never_touch_what_is_real():
    test = replace(FLOOD, message=TEST)
    warnings = Warnings()
    warnings.hear(FLOOD, now=START)
    assert warnings.hear(test, now=at(1)).link is Link.BEGINS
    assert warnings.hear(replace(MISSILE, message=TEST, instruction=129), now=at(2)).link is Link.OPEN
    assert [series.test for series in warnings.live()] == [False, True]


def test_j_alert_says_when_shelter_ends():
    for instruction in (129, 130, 131, 135):
        assert links(MISSILE, replace(MISSILE, instruction=instruction)) == [Link.BEGINS, Link.ENDS]
    for instruction in (133, 134):
        warnings = Warnings()
        warnings.hear(MISSILE, now=START)
        on = warnings.hear(replace(MISSILE, instruction=instruction), now=at(60))
        assert (on.link, on.series.stay_inside, on.series.over) == (Link.CONTINUES, True, False)


def test_the_library_decides_what_an_instruction_means():
    other = replace(MISSILE, library_type=0, instruction=129)
    assert links(MISSILE, other)[1] is not Link.ENDS


def test_the_same_message_heard_again_goes_on():
    assert links(FLOOD, FLOOD, FLOOD) == [Link.BEGINS, Link.CONTINUES, Link.CONTINUES]


def test_a_warning_is_forgotten_after_a_day_not_by_its_unknown_duration():
    warnings = Warnings()
    warnings.hear(FLOOD, now=START)
    assert warnings.next_tick() == START + KEPT
    warnings.tick(START + KEPT)
    assert len(warnings.live()) == 1
    warnings.tick(START + KEPT + timedelta(seconds=1))
    assert warnings.live() == ()


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def pages_of(text):
    raw = text.encode()
    parts = [raw[n : n + 18].ljust(18, b"\0") for n in range(0, len(raw), 18)]
    return [
        NankaiTrough(classification=7, reported=START, serial=5, text=part, page=n, pages=len(parts))
        for n, part in enumerate(parts, 1)
    ]


def test_pages_in_any_order_with_characters_cut_between_them():
    text = "ab南海トラフ地震臨時情報（調査中）"
    for order in permutations(pages_of(text)):
        book = Pages()
        for page in order:
            found = book.hear(page)
        assert (found.text, found.complete, found.sound) == (text, True, True)


def test_what_is_missing_is_said():
    first, _, *last = pages_of("x" * 70)
    book = Pages()
    book.hear(first)
    found = book.hear(last[-1])
    assert found.missing == (2, 3)
    assert " … " in found.text


def test_invalid_utf8_is_shown_and_said():
    (page,) = pages_of("abc")
    found = Pages().hear(replace(page, text=b"ok \xff\xfe".ljust(18, b"\0")))
    assert (found.text, found.sound) == ("ok ��", False)


def test_two_announcements_are_not_mixed():
    book = Pages()
    for page in pages_of("first announcement, quite long"):
        book.hear(page)
    for page in pages_of("second announcement also long"):
        found = book.hear(replace(page, serial=6))
    assert found.text == "second announcement also long"


def test_the_announcement_on_the_air():
    """27 pages of Japan's training broadcast, as far as they are in the suite."""
    book, found = Pages(), None
    for vector in load("real"):
        if vector["meaning"].get("kind") == "nankai_trough":
            report = decode(l1s.from_hexadecimal(vector["hex"]), received=START)
            found = book.hear(report)
            assert found.sound
    assert "南海トラフ" in found.text


# ── the sky ──────────────────────────────────────────────────────────────────────────────────────────────────────────

SEA = Marine(classification=3, reported=START, areas=())


def frame(report, counter, satellite=184):
    return Heard(encode(report, preamble=0x53, counter=counter, at=START), satellite=satellite)


def test_lost_messages_are_counted_by_satellite_and_type():
    sky = Sky()

    def lost(report, counter, satellite, seconds):
        return sky.hear(frame(report, counter), satellite=satellite, now=at(seconds)).lost

    assert lost(SEA, 15, 184, 0) is None
    assert lost(SEA, 0, 184, 4) == 0
    assert lost(SEA, 3, 184, 16) == 2
    assert lost(SEA, 3, 184, 16) == 0  # the same copy again
    assert lost(FLOOD, 9, 184, 18) is None
    assert lost(SEA, 9, 185, 20) is None
    assert lost(SEA, 3, 184, 120) is None  # a whole turn may have passed


def test_satellites_that_say_different_things():
    sky = Sky()
    sky.hear(frame(SEA, 1), satellite=184, now=at(0))
    other = frame(replace(SEA, classification=2), 1)
    assert sky.hear(other, satellite=185, now=at(0.2)).disagrees == {184}
    assert sky.hear(other, satellite=186, now=at(4)).disagrees == frozenset()


def test_satellites_for_abroad_may_say_something_else():
    sky = Sky()
    mask = 0b010000000  # PRN 184 serves abroad
    home, abroad = replace(FLOOD, satellite_mask=mask), replace(FLOOD, satellite_mask=mask, hazard=44)
    sky.hear(frame(abroad, 1), satellite=184, now=at(0))
    assert sky.hear(frame(home, 1), satellite=185, now=at(0)).disagrees == frozenset()
    assert sky.hear(frame(replace(home, hazard=1), 1), satellite=186, now=at(0)).disagrees == {185}


def test_a_listener_puts_it_all_together():
    monitor = Monitor()
    first = monitor.hear(frame(FLOOD, 1), now=at(0))
    copy = monitor.hear(frame(FLOOD, 2), now=at(4))
    again = monitor.hear(frame(FLOOD, 3), now=at(200))
    assert (first.linked.link, copy.linked, again.linked.link) == (Link.BEGINS, None, Link.CONTINUES)
    assert (first.episode.fresh, copy.episode.copies, again.episode.fresh) == (True, 2, True)
    page = monitor.hear(frame(pages_of("abc")[0], 1), now=at(201))
    assert page.text.text == "abc"
    monitor.tick(now=at(1000))
    assert monitor.live() == ()
