"""Failures of channels elsewhere, rebuilt: batches, copies, outages, forgeries, and a list of places that was wrong."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path as File

import azarashi
import pytest

from house import (
    ELEVEN,
    REPORT,
    SECOND,
    YONAGO,
    exercise,
    frame,
    key,
    receiver,
    signed,
    trust,
    warns,
    with_parameters,
)
from satwarn.adapters.keys import make_signing_key
from satwarn.alert import cap
from satwarn.alert.alert import Alert, Status
from satwarn.alert.heartbeat import LASTS
from satwarn.app.receiver_check import findings
from satwarn.app.receiver_settings import settings as settings_of
from satwarn.app.receiver_supplies import check_texts
from satwarn.app.receiver_words import words_of
from satwarn.area import gazetteer
from satwarn.errors import BadSetting
from satwarn.frame import encode, l1s
from satwarn.frame.dcx import MessageType
from satwarn.ledger.receipt import Path
from satwarn.people.danger import keys, sentence
from satwarn.people.language import language, tags
from satwarn.receiver.effects import Effect, Fault, Show, Warn
from satwarn.receiver.machine import Receiver
from satwarn.receiver.radio import Level, Radio
from satwarn.receiver.site import Site
from satwarn.receiver.vigil import Vigil
from satwarn.uplink.schedule import Priority, Uplink

MISSILE = replace(REPORT, message=MessageType.ALERT, hazard=8, severity=3, instruction=128)
SANE = Radio(at=ELEVEN, jamming=Level.NONE, spoofing=Level.NONE)
HOUR = timedelta(hours=1)
LANGUAGES = ("ja", "en", "de", "ko")


def on_air(box: Receiver, sent: bytes, *, after_s: float = 1) -> list[Effect]:
    at = ELEVEN + after_s * SECOND
    box.hear_radio(replace(SANE, at=at))
    box.hear_frame(sent, satellite=184, now=at)
    return box.effects()


def by_line(box: Receiver, message: bytes, path: Path = Path.GROUND, *, after_s: float = 1) -> list[Effect]:
    box.hear_message(message, path=path, now=ELEVEN + after_s * SECOND)
    return box.effects()


def faults(effects: list[Effect]) -> list[str]:
    return [effect.code for effect in effects if isinstance(effect, Fault)]


def real(**changes: object) -> Alert:
    return with_parameters(exercise(status=Status.ACTUAL, identifier="real-1", **changes), purpose=("real",), frame=())


# ── X6, X7, X13: one message for everybody, which says it all ────────────────────────────────────────────────────────


def test_x6_warntag_2020_fifty_two_tests_on_the_air_keep_no_real_warning_waiting() -> None:
    """What is real takes the very next slot and every one after it, however much is being tested."""
    uplink = Uplink()
    for number in range(1, 48):
        test = replace(REPORT, prefectures=(number,))
        uplink.put(test, since=ELEVEN, until=ELEVEN + HOUR, priority=Priority.DRILL)
    now = uplink.next_tick(ELEVEN)
    assert now is not None
    assert uplink.tick(now) is not None
    uplink.put(MISSILE, since=now, until=now + HOUR, priority=Priority.LIVE)
    for _ in range(10):
        now = uplink.next_tick(now + SECOND)
        assert now is not None
        sent = uplink.tick(now)
        assert sent is not None
        assert sent.frame[1:] == encode(MISSILE, preamble=sent.frame[0], counter=sent.counter)[1:]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_x7_warntag_2022_a_message_that_says_nothing_without_the_page_behind_it(tag: str) -> None:
    """One frame of 250 bits, and no network at all: the site says what happens and what to do, in its own languages."""
    (warn,) = warns(on_air(receiver(), frame(MISSILE)))
    (said,) = words_of(warn, (tag,))
    meant = sentence("ballistic-missile", tag)
    assert said.headline == meant.headline
    assert {meant.description, meant.instruction} - {""} <= set(said.lines())
    assert meant.instruction


def test_x13_thailand_2025_short_messages_in_batches_a_quarter_of_an_hour_apart() -> None:
    """One frame reaches the sites of all 1,741 municipalities at once: nobody waits for his turn, no text is cut."""
    everywhere = frame(replace(MISSILE, prefectures=tuple(range(1, 48))))
    sites = [receiver(place.code) for place in gazetteer.municipalities()]
    assert len(sites) == 1741
    sounded = [warn for site in sites for warn in warns(on_air(site, everywhere))]
    assert len(sounded) == 1741
    assert {warn.at for warn in sounded} == {ELEVEN + SECOND}


def test_x13_a_text_of_any_length_is_said_to_its_end() -> None:
    long = "Leave the lower floors. " * 60 + "Do not use the lift."
    alert = real()
    (info,) = [one for one in alert.infos if one.language.startswith("en")]
    spoken = replace(alert, infos=(replace(info, description=long),))
    (warn,) = warns(by_line(receiver(), signed(spoken)))
    assert long in words_of(warn, ("en",))[0].lines()


# ── X8: copies, and one wrong letter ─────────────────────────────────────────────────────────────────────────────────


def test_x8_united_kingdom_2023_a_message_that_rang_again_in_the_night() -> None:
    """Hundreds of copies by three paths ring once; the line that comes back at half past two rings nobody."""
    box = receiver()
    alert = signed(real())
    heard = by_line(box, alert)
    for second in range(2, 600, 7):
        for path in (Path.GROUND, Path.MULTICAST):
            heard += by_line(box, alert, path, after_s=second)
    assert len(warns(heard)) == 1
    half_past_two = (15 * 60 + 30) * 60  # eleven in the morning, and the night after it
    box.tick(now=ELEVEN + half_past_two * SECOND)
    box.effects()
    assert warns(by_line(box, alert, after_s=half_past_two)) == []
    assert warns(by_line(receiver(), alert, after_s=half_past_two)) == []  # nor a phone that was off all day


def test_x8_united_kingdom_2023_a_word_that_was_corrupted_in_one_language() -> None:
    """A changed letter breaks the signature; what is prepared stands in every language or not at all."""
    alert = signed(real())
    spoilt = alert.replace("警報".encode(), "瞥報".encode())
    assert spoilt != alert
    effects = by_line(receiver(), spoilt)
    assert (warns(effects), faults(effects)) == ([], ["signature"])
    for kind in keys():
        for tag in tags():
            words = sentence(kind, tag)
            assert words.headline
            assert "\ufffd" not in f"{words.headline}{words.description}{words.instruction}"
    for tag in tags():
        with pytest.raises(BadSetting, match="gap"):
            check_texts(tag, b'[danger.ballistic-missile]\nheadline = "{plase}"\n')
        with pytest.raises(BadSetting, match="never replaced"):
            check_texts(tag, b'[label.exercise]\nbefore = "This is an exercice."\n')
        assert language(tag).label("exercise").before


# ── X14: a centre that is gone, and its spare with it ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", list(Path))
def test_x14_ipaws_2012_the_first_centre_and_its_spare_were_both_down(path: Path) -> None:
    """Any one way that is left is enough: satellite, wide band or ground, without a word by the others."""
    box = receiver()
    effects = on_air(box, frame(MISSILE)) if path is Path.GNSS else by_line(box, signed(real()), path)
    (warn,) = warns(effects)
    assert warn.path is path
    assert {one.first_path for one in box.memory.warnings.values()} == {path}


def test_x14_ipaws_four_and_a_half_hours_in_which_nobody_was_told() -> None:
    """A centre that falls silent is missed by every receiver after three minutes, without anybody's asking."""
    watch = Vigil(ELEVEN)
    said = [effect for minute in range(60) for effect in watch.tick(ELEVEN + minute * timedelta(minutes=1))]
    assert [effect.code for effect in said if isinstance(effect, Fault)] == ["silence"]
    assert watch.silent
    assert timedelta(minutes=3) == LASTS
    calm = Vigil(ELEVEN)
    assert not [one for minute in range(3) for one in calm.tick(ELEVEN + minute * timedelta(minutes=1))]


# ── X16: whoever can transmit ────────────────────────────────────────────────────────────────────────────────────────


def test_x16_whoever_can_transmit_could_warn() -> None:
    """What is unsigned, altered, noise or signed by a stranger never sounds by ground or wide band: it is a fault."""
    stranger = make_signing_key("drill@satwarn.example", now=ELEVEN)
    good = signed(real())
    attacks = (
        signed(real(), by=stranger),
        good.replace(b"real-1", b"real-2"),
        cap.write(real()),
        b"<alert/>",
        b"\xff" * 400,
    )
    for path in (Path.GROUND, Path.MULTICAST):
        for forged in attacks:
            box = receiver()
            effects = by_line(box, forged, path)
            assert not [effect for effect in effects if isinstance(effect, Warn | Show)]
            assert faults(effects)
            assert len(warns(by_line(box, good, path, after_s=2))) == 1  # and the true one is not muted by it


def test_x16_a_frame_alone_is_believed_only_of_a_radio_that_watches_itself() -> None:
    """Frames cannot be signed. As it comes out of the box, a receiver lets none sound whose radio cannot tell."""
    doubtful = [
        None,
        replace(SANE, monitored=False),
        replace(SANE, spoofing=Level.CRITICAL),
        replace(SANE, position_off_km=40.0),
        replace(SANE, time_off_s=9.0),
    ]
    for radio in doubtful:
        box = receiver()
        if radio:
            box.hear_radio(radio)
        box.hear_frame(frame(MISSILE), satellite=184, now=ELEVEN + SECOND)
        effects = box.effects()
        assert warns(effects) == []
        assert [effect for effect in effects if isinstance(effect, Show)]  # the duty officer sees it
        assert faults(effects)
        assert len(warns(by_line(box, signed(real()), after_s=2))) == 1  # a signed copy lets it sound


def test_x16_a_receiver_as_it_comes_out_of_the_box_has_no_open_door(tmp_path: File) -> None:
    """No password that everybody knows, no page on the network, no line without a certificate, nobody who isolates."""
    (tmp_path / "hub.pem").write_bytes(key().certificate_pem)
    least = {"site": {"code": YONAGO, "folder": str(tmp_path)}}
    settings = settings_of(least, file=tmp_path / "site.toml")
    assert settings.status.partition(":")[0] == "127.0.0.1"
    assert settings.trust.pins == ()
    assert not settings.policy.unmonitored_radio
    assert not (tmp_path / settings.by_hand["holders"]).exists()
    in_clear = settings_of({**least, "ground": {"address": "ws://hub.example:1"}}, file=tmp_path / "site.toml")
    found = [one for one in findings(in_clear, reach=False) if one.where == "ground.address"]
    assert [(one.level, "not wss" in one.what) for one in found] == [("error", True)]  # `receiver check` exits 1


# ── X17: a list of places ────────────────────────────────────────────────────────────────────────────────────────────


def read_elsewhere(**where: object) -> list[str]:
    """The places another decoder reads in our frame, as it names them."""
    sent = encode(replace(REPORT, **{"prefectures": (), "municipalities": (), **where}), preamble=0x53, counter=0)  # type: ignore[arg-type]
    names: list[str] = azarashi.decode(l1s.hexadecimal(sent), "hex").ex9_target_area_list
    return [name.casefold() for name in names]


def test_x17_azarashi_0_16_3_a_decoder_that_named_the_wrong_prefectures() -> None:
    """Each of the 47, alone on the air: another decoder (azarashi, mended) reads the name that ours would say."""
    places = gazetteer.prefectures()
    read = [read_elsewhere(prefectures=(int(place.code),)) for place in places]
    assert [name for (name,) in read] == read_elsewhere(prefectures=tuple(range(1, 48)))
    assert [name.rpartition(" ")[0] for (name,) in read] == [place.names["en"].casefold() for place in places]
    for place in places:
        office = Receiver(Site(code=f"{place.code}000", outputs=("speaker",)), trust())
        elsewhere = Receiver(Site(code=f"{int(place.code) % 47 + 1:02}000", outputs=("speaker",)), trust())
        alone = frame(replace(MISSILE, prefectures=(int(place.code),)))
        assert len(warns(on_air(office, alone))) == 1
        assert warns(on_air(elsewhere, alone)) == []


def test_x17_every_municipality_is_read_elsewhere_by_the_name_we_give_it() -> None:
    """All 1,741, four in a frame, with the prefecture in which another decoder places each."""
    of_prefecture = {place.code: place.names["en"].casefold() for place in gazetteer.prefectures()}
    places = gazetteer.municipalities()
    for first in range(0, len(places), 4):
        four = places[first : first + 4]
        read = [name.split(", ") for name in read_elsewhere(municipalities=tuple(place.code for place in four))]
        assert [name.rpartition(" ")[0] for name, *_ in read] == [place.names["en"].casefold() for place in four]
        assert [name[-1].rpartition(" ")[0] for name in read] == [of_prefecture[place.prefecture] for place in four]


def test_x17_what_is_not_read_as_it_was_meant_is_found() -> None:
    """The comparison can fail: no two prefectures have one name, and a mask that is off by one is another list."""
    names = read_elsewhere(prefectures=tuple(range(1, 48)))
    assert len(set(names)) == 47
    shifted = [read_elsewhere(prefectures=(number % 47 + 1,))[0] for number in range(1, 48)]
    assert not [one for one, other in zip(names, shifted, strict=True) if one == other]
