"""The gate: nothing forged, nothing stale, nothing nobody vouches for leaves the wide band."""

import hashlib
from datetime import timedelta

import pytest
from air_making import NOON, SENDER, SERVICE, made_alert, made_key, signed, signed_heartbeat, trust_of
from hypothesis import given
from hypothesis import strategies as st

from satwarn.adapters.air.flute import Complete, FluteReceiver, FluteSender
from satwarn.adapters.air.gate import Gate, Kept, LastHeard, Passed, PassedFile, Refused
from satwarn.adapters.air.reception import REOPEN_AFTER, Reception
from satwarn.adapters.keys import make_signing_key
from satwarn.alert.naming import name_of, resource_of
from satwarn.alert.supply import SupplyKind, supply_alert, supply_of

KEY, STRANGER = made_key(), made_key()
TRUST = trust_of(KEY)
DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def hear(gate: Gate, content: bytes, *, now=NOON):
    return gate.hear(digest_of(content), content, now=now)


def refused(outcomes) -> Kept:
    (outcome,) = outcomes
    assert isinstance(outcome, Refused)
    return outcome.kept


def passed(outcomes) -> Passed:
    outcome = outcomes[0]
    assert isinstance(outcome, Passed)
    return outcome


def test_a_signed_alert_of_now_passes_as_the_bytes_it_came_in():
    content = signed(made_alert(), KEY)
    assert passed(hear(Gate(TRUST), content)).signed == content


def test_an_alert_of_a_stranger_stays_in_and_its_session_is_heard_again():
    (outcome,) = hear(Gate(TRUST), signed(made_alert(), STRANGER))
    assert outcome.kept is Kept.SIGNATURE
    assert outcome.again


def test_an_expired_certificate_does_not_silence_an_alert_and_is_said():
    """As on the ground path: the receiver sounds what is extreme, with a fault."""
    old = make_signing_key(SENDER, now=NOON - 30 * DAY, valid_days=1)
    outcome = passed(hear(Gate(trust_of(old)), signed(made_alert(), old)))
    assert not outcome.valid
    assert passed(hear(Gate(TRUST), CONTENT)).valid


def test_whom_it_believes_may_change():
    gate = Gate(TRUST)
    gate.believe(trust_of(STRANGER))
    assert refused(hear(gate, CONTENT)) is Kept.SIGNATURE
    assert passed(hear(gate, signed(made_alert(), STRANGER)))


def test_an_unsigned_alert_stays_in():
    from satwarn.alert import cap

    assert refused(hear(Gate(TRUST), cap.write(made_alert()))) is Kept.SIGNATURE


CONTENT = signed(made_alert(), KEY)


@given(st.integers(0, len(CONTENT) - 1), st.integers(1, 255))
def test_no_changed_byte_passes_with_changed_meaning(at, change):
    """A change outside what the signature covers (white space, prolog) may pass, but never another alert."""
    changed = bytearray(CONTENT)
    changed[at] ^= change
    for outcome in hear(Gate(TRUST), bytes(changed)):
        assert not isinstance(outcome, PassedFile)
        if isinstance(outcome, Passed):
            assert outcome.alert == passed(hear(Gate(TRUST), CONTENT)).alert


@given(st.binary(max_size=300))
def test_noise_is_held_and_nothing_else(noise):
    assert hear(Gate(TRUST), noise) == []


# ── files ────────────────────────────────────────────────────────────────────────────────────────

SIREN = b"RIFF....WAVE"
WITH_SIREN = signed(made_alert(resources=(resource_of(SIREN, description="siren", mime_type="audio/wav"),)), KEY)


def test_a_file_waits_for_the_message_that_names_it():
    gate = Gate(TRUST)
    assert hear(gate, SIREN) == []
    message, file = hear(gate, WITH_SIREN)
    assert isinstance(message, Passed)
    assert file == PassedFile(name=name_of(SIREN), content=SIREN)


def test_a_file_named_before_passes_at_once_and_another_does_not():
    gate = Gate(TRUST)
    hear(gate, WITH_SIREN)
    assert hear(gate, SIREN + b"!") == []
    assert hear(gate, SIREN) == [PassedFile(name=name_of(SIREN), content=SIREN)]


def test_a_message_that_stays_in_vouches_for_nothing():
    gate = Gate(TRUST)
    stranger = signed(made_alert(resources=(resource_of(SIREN, description="s", mime_type="audio/wav"),)), STRANGER)
    hear(gate, stranger)
    assert hear(gate, SIREN) == []


def test_files_nobody_names_are_dropped_when_they_are_too_many():
    gate = Gate(TRUST)
    outcomes = [outcome for number in range(200) for outcome in hear(gate, f"file {number}".encode())]
    assert {outcome.kept for outcome in outcomes} == {Kept.NOT_OURS}
    assert len(outcomes) == 200 - 64


@pytest.mark.parametrize("kind", list(SupplyKind))
def test_trust_and_language_travel_as_a_signed_supply_and_its_files(kind):
    files = {"one": b"first", "two": b"second"}
    supply = supply_alert(
        kind,
        files,
        serial=1,
        mime_type="application/toml",
        identifier="supply-1",
        sender=SENDER,
        sent=NOON,
        expires=NOON + DAY,
    )
    gate = Gate(TRUST)
    assert hear(gate, b"first") == []
    message, first = hear(gate, signed(supply, KEY))
    assert supply_of(message.alert).files == {name: name_of(content) for name, content in files.items()}
    assert first.content == b"first"
    assert hear(gate, b"second")[0].content == b"second"
    assert hear(gate, b"third") == []


# ── replay, by time and by the ledger's position ─────────────────────────────────────────────────


def test_an_expired_alert_stays_in():
    content = signed(made_alert(lasts=MINUTE), KEY)
    assert refused(hear(Gate(TRUST), content, now=NOON + MINUTE)) is Kept.EXPIRED


def test_yesterdays_session_played_again_stays_in():
    """Heartbeat and alert, both well signed, both of yesterday; the alert has not even expired."""
    content = signed(made_alert(sent=NOON - DAY, lasts=2 * DAY), KEY)
    beat = signed_heartbeat(KEY, sent=NOON - DAY, position=7, aboard=[digest_of(content)])
    gate = Gate(TRUST)
    assert refused(hear(gate, beat)) is Kept.REPLAY
    assert refused(hear(gate, content)) is Kept.UNCONFIRMED


def test_an_alert_taken_off_since_then_stays_in_though_it_is_signed_and_has_not_expired():
    content, gate = signed(made_alert(), KEY), Gate(TRUST)
    later = NOON + 10 * MINUTE
    passed(hear(gate, signed_heartbeat(KEY, sent=later, position=9), now=later))
    assert refused(hear(gate, content, now=later)) is Kept.REPLAY


def test_a_late_joiner_gets_a_running_alert_as_soon_as_a_heartbeat_says_it_is_aboard():
    content, gate = signed(made_alert(), KEY), Gate(TRUST)
    later = NOON + 10 * MINUTE
    assert refused(hear(gate, content, now=later)) is Kept.UNCONFIRMED
    beat = signed_heartbeat(KEY, sent=later, position=9, aboard=[digest_of(content)])
    heartbeat, alert = hear(gate, beat, now=later)
    assert heartbeat.heartbeat.position == 9
    assert alert.signed == content
    assert Gate(TRUST, last=gate.last).last.position == 9


def test_an_alert_held_back_while_it_was_not_aboard_passes_when_it_is_again():
    content, gate = signed(made_alert(), KEY), Gate(TRUST)
    first, second = NOON + 10 * MINUTE, NOON + 11 * MINUTE
    hear(gate, signed_heartbeat(KEY, sent=first, position=9), now=first)
    assert refused(hear(gate, content, now=first)) is Kept.REPLAY
    outcomes = hear(gate, signed_heartbeat(KEY, sent=second, position=10, aboard=[digest_of(content)]), now=second)
    assert [type(outcome) for outcome in outcomes] == [Passed, Passed]


def test_a_new_alert_needs_no_heartbeat():
    gate = Gate(TRUST)
    hear(gate, signed_heartbeat(KEY, sent=NOON, position=9))
    content = signed(made_alert(sent=NOON - SECOND), KEY)
    assert passed(hear(gate, content)).signed == content


def test_an_older_heartbeat_takes_nothing_back_and_is_no_alarm():
    """The slower of a fail-over pair, or the air being slow: it is only older."""
    gate = Gate(TRUST)
    hear(gate, signed_heartbeat(KEY, sent=NOON, position=9))
    assert refused(hear(gate, signed_heartbeat(KEY, sent=NOON, position=8))) is Kept.OLDER
    assert gate.last.position == 9


def test_of_two_heartbeats_at_one_position_the_later_one_counts():
    """The ledger stands still for hours; a heartbeat played again a minute later must not bring back its list."""
    gate = Gate(TRUST)
    earlier = signed_heartbeat(KEY, sent=NOON - MINUTE, position=9, aboard=[digest_of(CONTENT)])
    hear(gate, signed_heartbeat(KEY, sent=NOON, position=9))
    assert refused(hear(gate, earlier)) is Kept.OLDER
    assert not gate.last.aboard


def test_what_was_heard_outlasts_a_restart():
    kept = LastHeard(position=9, sent=NOON, aboard=frozenset())
    gate = Gate(TRUST, last=kept)
    assert refused(hear(gate, signed_heartbeat(KEY, sent=NOON - MINUTE, position=8))) is Kept.OLDER


@pytest.mark.parametrize(("off", "kept"), [(-DAY, Kept.CLOCK), (DAY, Kept.REPLAY)])
def test_a_clock_off_by_a_day_is_said_and_nothing_is_believed(off, kept):
    gate = Gate(TRUST)
    assert refused(hear(gate, signed_heartbeat(KEY, sent=NOON, position=9), now=NOON + off)) is kept
    outcome = refused(hear(gate, signed(made_alert(lasts=2 * DAY), KEY), now=NOON + off))
    assert outcome is (kept if off < 0 * DAY else Kept.UNCONFIRMED)


class OneSession:
    """A FLUTE receiver whose only object comes whole whenever its session is open."""

    def __init__(self, content: bytes) -> None:
        self.open, self._whole = True, Complete(station=0, tsi=1, digest="d", content=content)

    def push(self, datagram: bytes, stations: object) -> list[Complete]:
        whole, self.open = ([self._whole] if self.open else []), False
        return whole

    def reopen(self, complete: Complete) -> None:
        self.open = True


@pytest.mark.parametrize("off", [-DAY, 3 * DAY])
def test_what_a_wrong_clock_kept_in_passes_once_the_clock_is_put_right(off):
    """Taken for not yet sent, or for expired: it still goes round, and is judged again."""
    message = signed(made_alert(lasts=2 * DAY), KEY)
    reception = Reception(OneSession(message), [Gate(TRUST)])
    assert [refused([one.outcome]) for one in reception.push(b"", now=NOON + off)] == [
        Kept.CLOCK if off < 0 * DAY else Kept.EXPIRED
    ]
    assert reception.push(b"", now=NOON + off) == []
    later = [one.outcome for now in (NOON, NOON + REOPEN_AFTER) for one in reception.push(b"", now=now)]
    assert [one.signed for one in later] == [message]


def test_a_heartbeat_that_is_none_is_not_ours():
    from dataclasses import replace

    from satwarn.alert.heartbeat import CODE

    assert refused(hear(Gate(TRUST), signed(replace(made_alert(), codes=(CODE,)), KEY))) is Kept.NOT_OURS


# ── with the process before it ───────────────────────────────────────────────────────────────────


def test_a_forged_object_never_leaves_the_adapter(tmp_path):
    """It comes whole through FLUTE, and the gate keeps it; the true one beside it passes."""
    true, forged = signed(made_alert(), KEY), signed(made_alert(text="Run!"), STRANGER)
    with (
        FluteSender(tmp_path / "s", service=SERVICE, instance=1) as sender,
        FluteReceiver(tmp_path / "r", service=SERVICE) as receiver,
    ):
        reception = Reception(receiver, [Gate(TRUST)])
        heard = [
            judged.outcome
            for seconds, content in ((0, forged), (1, true), (2, forged), (30, forged))
            for datagram in sender.cut(content, mime_type="application/cap+xml")
            for judged in reception.push(datagram, now=NOON + seconds * SECOND)
        ]
    assert [type(outcome) for outcome in heard] == [Refused, Passed, Refused], "heard again after a while, not at once"
    assert heard[1].signed == true
    assert heard[1].alert.sender == SENDER
