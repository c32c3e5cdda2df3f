"""Supplies: who may say whom to believe, that nothing old comes back, and that texts are taken whole or not at all."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from satwarn.adapters.keys import SigningKey, make_signing_key
from satwarn.alert.alert import Alert
from satwarn.alert.seal import Pinned, Trust
from satwarn.alert.supply import SupplyKind, supply_alert
from satwarn.app.receiver_supplies import check_texts
from satwarn.errors import BadAlert, BadMessage
from satwarn.receiver import keeping
from satwarn.receiver.effects import Fault
from satwarn.receiver.supplies import MOST_BYTES, Kept, Supplies

NOON = datetime(2017, 8, 18, 2, 0, tzinfo=UTC)
HUB, POLICE = "hub@satwarn.example", "police@satwarn.example"
OLD, NEW, OTHER, POLICE_KEY = (make_signing_key(name, now=NOON, valid_days=9) for name in (HUB, HUB, HUB, POLICE))
PACK = b"""[sentence.system-test]
headline = "A test, in newer words"
[danger.ballistic-missile]
headline = "Missile: inside, now"
"""


def fingerprint(key: SigningKey) -> str:
    return Pinned.of(HUB, key.certificate_pem).fingerprint


def supplies(*, appoints: tuple[str, ...] = (), kept: Kept | None = None) -> Supplies:
    first = Trust.of([(HUB, OLD.certificate_pem), (POLICE, POLICE_KEY.certificate_pem)])
    return Supplies(first, appoints=appoints, check_texts=check_texts, kept=kept)


def supply(
    files: Mapping[str, bytes],
    serial: int,
    *,
    kind: SupplyKind = SupplyKind.TRUST,
    revoked: tuple[SigningKey, ...] = (),
    sender: str = HUB,
) -> Alert:
    return supply_alert(
        kind,
        files,
        serial=serial,
        mime_type="text/plain",
        identifier=f"supply-{serial}",
        sender=sender,
        sent=NOON,
        expires=NOON + timedelta(days=30),
        revoked=tuple(map(fingerprint, revoked)),
    )


def take(machine: Supplies, alert: Alert, *files: bytes) -> list[str]:
    """Hear a supply and its files; the faults that came of it."""
    said = machine.hear(alert, valid=True)
    for file in files:
        said += machine.file(file)
    return [effect.what for effect in said if isinstance(effect, Fault)]


def believed(machine: Supplies, sender: str = HUB) -> list[bytes]:
    return [pin.certificate_pem for pin in machine.trust.of_sender(sender)]


def test_a_sender_renews_its_own_certificate_and_then_revokes_the_old_one():
    machine = supplies()
    assert take(machine, supply({HUB: NEW.certificate_pem}, 1), NEW.certificate_pem) == []
    assert believed(machine) == [OLD.certificate_pem, NEW.certificate_pem]
    assert take(machine, supply({}, 2, revoked=(OLD,))) == []
    assert believed(machine) == [NEW.certificate_pem]


def test_what_was_taken_outlasts_a_restart_and_nothing_older_comes_back():
    machine = supplies()
    take(machine, supply({HUB: NEW.certificate_pem}, 5), NEW.certificate_pem)
    take(machine, supply({}, 6, revoked=(OLD,)))
    again = supplies(kept=keeping.supplies_from_json(keeping.to_json(machine.kept)))
    assert believed(again) == [NEW.certificate_pem]
    take(again, supply({HUB: OLD.certificate_pem}, 4), OLD.certificate_pem)
    assert believed(again) == [NEW.certificate_pem], "an older serial, played again"
    (fault,) = take(again, supply({HUB: OLD.certificate_pem}, 7), OLD.certificate_pem)
    assert "was revoked and cannot come back" in fault
    assert believed(again) == [NEW.certificate_pem], "nor by a newer one"


def test_texts_of_an_older_serial_played_again_take_the_place_of_nothing():
    machine = supplies()
    older = PACK.replace(b"newer", b"older")
    take(machine, supply({"en": PACK}, 6, kind=SupplyKind.LANGUAGE), PACK)
    assert take(machine, supply({"en": older}, 4, kind=SupplyKind.LANGUAGE), older) == []
    assert machine.kept.texts == {"en": PACK.decode()}
    assert machine.kept.heard[f"{HUB} language"].serial == 6


def test_half_a_supply_counts_for_nothing_until_the_rest_is_here_also_after_a_restart():
    machine = supplies(appoints=(HUB,))
    both = supply({HUB: NEW.certificate_pem, "fire@satwarn.example": OTHER.certificate_pem}, 1)
    take(machine, both, NEW.certificate_pem)
    assert believed(machine) == [OLD.certificate_pem]
    assert not machine.kept.heard[f"{HUB} trust"].whole
    again = supplies(appoints=(HUB,), kept=machine.kept)
    assert take(again, both, NEW.certificate_pem, OTHER.certificate_pem) == []
    assert believed(again) == [OLD.certificate_pem, NEW.certificate_pem]
    assert believed(again, "fire@satwarn.example") == [OTHER.certificate_pem]


def test_a_revocation_counts_at_once_though_its_new_certificate_is_not_here_yet():
    machine = supplies()
    take(machine, supply({HUB: NEW.certificate_pem}, 1), NEW.certificate_pem)
    take(machine, supply({HUB: OTHER.certificate_pem}, 2, revoked=(OLD,)))
    assert believed(machine) == [NEW.certificate_pem]


def test_the_last_certificate_is_replaced_but_never_just_taken_away():
    machine = supplies()
    (fault,) = take(machine, supply({}, 1, revoked=(OLD,)))
    assert "leave nobody" in fault
    assert believed(machine) == [OLD.certificate_pem]
    exchange = supply({HUB: NEW.certificate_pem}, 2, revoked=(OLD,))
    assert take(machine, exchange) == []
    assert believed(machine) == [OLD.certificate_pem], "until the new one is here"
    take(machine, exchange, NEW.certificate_pem)
    assert believed(machine) == [NEW.certificate_pem]


@pytest.mark.parametrize(
    "alert",
    [supply({POLICE: NEW.certificate_pem}, 1), supply({HUB: NEW.certificate_pem}, 1, revoked=(POLICE_KEY,))],
    ids=["appoints another", "revokes another"],
)
def test_who_may_not_speak_for_others_changes_nothing_for_them(alert):
    machine = supplies()
    assert take(machine, alert, NEW.certificate_pem)
    assert believed(machine, POLICE) == [POLICE_KEY.certificate_pem]
    assert believed(machine) == [OLD.certificate_pem]


def test_a_revocation_of_one_s_own_never_reaches_another_sender_s_later_certificate():
    """Else anybody could bar a certificate that a site is to be given tomorrow."""
    machine = supplies()
    take(machine, supply({}, 1, revoked=(OTHER,)))
    assert not take(machine, supply({POLICE: OTHER.certificate_pem}, 1, sender=POLICE), OTHER.certificate_pem)
    assert OTHER.certificate_pem in believed(machine, POLICE)


def test_who_appoints_may_do_both():
    machine = supplies(appoints=(HUB,))
    alert = supply({POLICE: NEW.certificate_pem}, 1, revoked=(POLICE_KEY,))
    assert take(machine, alert, NEW.certificate_pem) == []
    assert believed(machine, POLICE) == [NEW.certificate_pem]


def test_the_same_again_is_nothing_and_another_of_the_same_serial_is_a_fault():
    machine = supplies()
    alert = supply({HUB: NEW.certificate_pem}, 1)
    take(machine, alert, NEW.certificate_pem)
    before = machine.kept
    assert machine.hear(alert, valid=True) == []
    (fault,) = take(machine, supply({HUB: OTHER.certificate_pem}, 1), OTHER.certificate_pem)
    assert "used before" in fault
    assert machine.kept == before


def test_a_file_an_earlier_supply_brought_need_not_come_again():
    machine = supplies()
    take(machine, supply({HUB: NEW.certificate_pem}, 1), NEW.certificate_pem)
    assert take(machine, supply({HUB: NEW.certificate_pem}, 2, revoked=(OLD,))) == []
    assert machine.kept.heard[f"{HUB} trust"].whole


def test_a_supply_signed_with_an_expired_certificate_is_refused():
    machine = supplies()
    (fault,) = machine.hear(supply({}, 1, revoked=(OLD,)), valid=False)
    assert isinstance(fault, Fault)
    assert machine.kept == Kept()


def test_what_is_too_big_or_no_certificate_is_refused():
    machine = supplies()
    big = NEW.certificate_pem + b"#" * MOST_BYTES[SupplyKind.TRUST]
    (fault,) = take(machine, supply({HUB: big}, 1), big)
    assert "at most" in fault
    (fault,) = take(machine, supply({HUB: b"no certificate"}, 2), b"no certificate")
    assert "no certificate" in fault
    assert believed(machine) == [OLD.certificate_pem]
    many = {f"{number}@satwarn.example": NEW.certificate_pem for number in range(17)}
    (fault,) = take(supplies(appoints=(HUB,)), supply(many, 1), NEW.certificate_pem)
    assert "17 files" in fault


@pytest.mark.parametrize(
    ("pack", "why"),
    [
        (b"\xff", "no texts"),
        (b"not toml", "no texts"),
        (b'[sentence.no-such-thing]\nheadline = "x"', "no such key"),
        (b'[sentence.system-test]\nheadline = "{areas}"', "gap"),
        (b'[sentence.system-test]\nheadline = "{"', "gap"),
        (b'[sentence.missile-launch]\ndescription = "{place.__class__}"', "gap"),
        (b"[sentence.system-test]\nheadline = 1", "no line"),
        (b'[sentence.system-test]\nheadline = "two\\nlines"', "no line"),
        (b'[sentence.system-test]\nheadline = " "', "no line"),
        (b'[sentence]\nsystem-test = "x"', "no such key"),
        (b'[label.exercise]\nbefore = "Real!"', "never replaced"),
        (PACK + b'[sentence.missile-clear]\nheadline = "' + b"x" * 2001 + b'"', "no line"),
        (b"# " + b"x" * MOST_BYTES[SupplyKind.LANGUAGE], "at most"),
    ],
)
def test_texts_with_one_fault_are_not_taken_at_all(pack, why):
    machine = supplies()
    (fault,) = take(machine, supply({"en": pack}, 1, kind=SupplyKind.LANGUAGE), pack)
    assert why in fault
    assert not machine.kept.texts


def test_texts_in_a_language_nobody_knows_are_refused():
    machine = supplies()
    assert take(machine, supply({"tlh": PACK}, 1, kind=SupplyKind.LANGUAGE), PACK)
    assert take(machine, supply({"../en": PACK}, 2, kind=SupplyKind.LANGUAGE), PACK)
    assert take(machine, supply({"en": PACK}, 3, kind=SupplyKind.LANGUAGE), PACK) == []
    assert machine.kept.texts == {"en": PACK.decode()}


def test_trust_and_texts_count_apart():
    machine = supplies()
    take(machine, supply({HUB: NEW.certificate_pem}, 9), NEW.certificate_pem)
    assert take(machine, supply({"en": PACK}, 2, kind=SupplyKind.LANGUAGE), PACK) == []
    assert machine.kept.heard[f"{HUB} language"].serial == 2


@pytest.mark.parametrize(
    ("serial", "revoked", "files"), [(0, (), {"a": b"b"}), (1, (), {}), (1, ("abc",), {})], ids=["0", "none", "digits"]
)
def test_a_supply_that_cannot_be_is_not_made(serial, revoked, files):
    with pytest.raises(BadAlert):
        supply_alert(
            SupplyKind.TRUST, files, serial=serial, mime_type="text/plain", identifier="s", sender=HUB, sent=NOON,
            expires=NOON, revoked=revoked,
        )  # fmt: skip


@pytest.mark.parametrize("text", ["", "[]", '{"heard": {"x": 1}}', '{"heard": {"x": {"serial": 0}}}'])
def test_a_damaged_memory_of_supplies_says_so(text):
    with pytest.raises(BadMessage):
        keeping.supplies_from_json(text)
