"""What is on, who may open a line, which versions understand each other: the hub's rules of the ground path."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from authority.making import warning
from house import ELEVEN
from satwarn.alert.alert import Alert, MsgType, Reference
from satwarn.hub.outgoing import NEWS_LASTS, Outgoing, Parcel, parcel
from satwarn.hub.sites import Held, SiteRow, faults_of, holds_of, moved
from satwarn.hub.versions import judge, spoken, version_remark
from satwarn.ledger.entry import Entry, canonical

MINUTE = timedelta(minutes=1)


def a_parcel(number: int, alert: Alert | None = None) -> Parcel:
    alert = alert or replace(warning(), identifier=f"a-{number}")
    return parcel(alert, b"x%d" % number, number=number, mark=b"mark%04d" % number, sent=ELEVEN)


def numbers(outgoing: Outgoing, since: int, mark: bytes, later: timedelta = MINUTE) -> list[int]:
    return [one.number for one in outgoing.after(since, mark, now=ELEVEN + later)]


def test_a_site_gets_what_it_lacks_in_order() -> None:
    outgoing = Outgoing()
    for number in (3, 7, 9):
        outgoing.add(a_parcel(number))
    assert numbers(outgoing, 0, b"") == [3, 7, 9]
    assert numbers(outgoing, 3, b"mark0003") == [7, 9]
    assert numbers(outgoing, 9, b"mark0009") == []
    assert outgoing.last == 9


def test_a_number_of_another_ledger_says_nothing() -> None:
    outgoing = Outgoing()
    for number in (3, 7):
        outgoing.add(a_parcel(number))
    assert numbers(outgoing, 7, b"elsewher") == [3, 7]
    assert numbers(outgoing, 99, b"mark0099") == [3, 7]


def test_what_is_over_or_replaced_is_not_sent_but_its_number_still_counts() -> None:
    outgoing, first = Outgoing(), replace(warning(), identifier="a-1")
    outgoing.add(a_parcel(1, first))
    reference = Reference(sender=first.sender, identifier=first.identifier, sent=first.sent)
    cancel = replace(first, identifier="a-2", msg_type=MsgType.CANCEL, references=(reference,), sent=ELEVEN + MINUTE)
    outgoing.add(a_parcel(2, cancel))
    assert numbers(outgoing, 0, b"") == [2]
    assert numbers(outgoing, 1, b"mark0001") == [2]
    outgoing.add(a_parcel(5))
    assert numbers(outgoing, 2, b"mark0002") == [5]
    assert numbers(outgoing, 0, b"", later=timedelta(days=2)) == []


def test_news_without_an_end_is_kept_for_an_hour() -> None:
    bare = replace(warning(), infos=tuple(replace(info, expires=None) for info in warning().infos))
    assert a_parcel(1, bare).until == ELEVEN + NEWS_LASTS


def entry(kind: str, body: dict[str, Any], code: str = "31202") -> Entry:
    said = {"actor": "x", "at": ELEVEN.isoformat(), "digest": "", "previous": "", "seal": ""}
    return Entry(position=1, kind=kind, subject=f"site/{code}", text=canonical(body), **said)


def after(*entries: Entry) -> SiteRow:
    row: SiteRow | None = None
    for one in entries:
        row = moved(row, one)
    assert row is not None
    return row


ENROLLED = entry("enrol site", {"state": "enrolled", "fingerprint": "aa", "version": "1.0"})
RENEWED = entry("enrol site", {"state": "enrolled", "fingerprint": "bb", "former": "aa", "version": "1.0"})


def heard(fingerprint: str, *, connected: bool = True, **more: Any) -> Entry:
    return entry("hear site", {"connected": connected, "fingerprint": fingerprint, "version": "1.1", **more})


def test_a_renewed_certificate_ends_the_old_one_only_when_it_was_used() -> None:
    assert after(ENROLLED, RENEWED).fingerprints == ("bb", "aa")
    assert after(ENROLLED, RENEWED, heard("aa")).fingerprints == ("bb", "aa")
    assert after(ENROLLED, RENEWED, heard("bb")).fingerprints == ("bb",)


def test_a_revoked_site_has_no_certificate_whatever_is_said_of_it_later() -> None:
    revoked = entry("revoke site", {"state": "revoked"})
    for later in (
        entry("mark site", {"state": "up"}),
        heard("aa"),
        entry("enrol site", {"state": "invited", "code": "h"}),
    ):
        assert after(ENROLLED, RENEWED, revoked, later).fingerprints == ()


def test_a_line_that_stood_and_does_not_is_known_down() -> None:
    assert not after(ENROLLED).known_down
    assert not after(ENROLLED, heard("aa")).known_down
    assert after(ENROLLED, heard("aa"), heard("aa", connected=False)).known_down
    assert after(ENROLLED, entry("mark site", {"state": "down"})).known_down


def test_faults_are_cut_to_what_a_page_can_show() -> None:
    assert faults_of({"faults": {"a": "x" * 1000}}) == {"a": "x" * 200}
    assert len(faults_of({"faults": {str(n): "x" for n in range(100)}})) == 20
    assert faults_of({"faults": ["no"]}) == faults_of({}) == {}


@pytest.mark.parametrize(
    ("hub", "site", "says"),
    [
        ("2.3.0", "2.9", ""),
        ("2.3.0", "1.9", ""),
        ("3.0", "1.9", "upgrade the receiver"),
        ("1.0", "2.0", "upgrade the hub"),
        ("1.0", "what", "look at it"),
    ],
)
def test_of_software_versions_only_remarks_are_made(hub: str, site: str, says: str) -> None:
    assert says in version_remark(hub, site)
    assert bool(says) == bool(version_remark(hub, site))
    assert judge(hub=hub, site=site, site_protocol=1).refused == ""


@pytest.mark.parametrize(
    ("hub_protocol", "site_protocol", "refused"),
    [
        (1, 1, ""),
        (2, 1, ""),
        (2, 2, ""),
        (3, 1, "upgrade the receiver"),
        (1, 2, "upgrade the hub"),
        (1, None, "upgrade the receiver"),
        (1, "one", "upgrade the receiver"),
    ],
)
def test_a_protocol_that_is_not_shared_is_refused_and_it_is_said_whose_turn_it_is(
    hub_protocol: int, site_protocol: object, refused: str
) -> None:
    judged = judge(hub="1.0", site="1.0", site_protocol=site_protocol, hub_protocol=hub_protocol)
    assert refused in judged.refused
    assert bool(refused) == bool(judged.refused)


def test_a_hub_speaks_its_own_protocol_and_the_one_before() -> None:
    assert list(spoken(1)) == [1]
    assert list(spoken(4)) == [3, 4]


def test_what_a_site_says_of_supplies_is_read_and_an_old_one_that_says_nothing_is_no_empty_one() -> None:
    said = [{"supply": "a@b trust", "serial": 7, "whole": True}, {"supply": "a@b language", "serial": 9}, "x", {}]
    assert holds_of({"supplies": said}) == {"a@b trust": [7, True], "a@b language": [9, False]}
    assert holds_of({"supplies": []}) == {}
    assert holds_of({}) is holds_of({"supplies": "none"}) is None
    assert len(holds_of({"supplies": [{"supply": str(n), "serial": n} for n in range(99)]}) or {}) == 40


def test_what_a_site_holds_stays_known_while_its_line_is_down_and_goes_when_it_is_revoked() -> None:
    def entry(kind: str, body: dict[str, object]) -> Entry:
        text = canonical(body)
        at = "2026-05-20T10:00:00+00:00"
        return Entry(position=1, kind=kind, subject="site/31202", actor="31202", at=at, text=text,
                     digest="", previous="", seal="")  # fmt: skip

    row = moved(None, entry("hear site", {"connected": True, "holds": {"a@b trust": [7, True]}}))
    assert row.holds == {"a@b trust": Held(serial=7, whole=True)}
    assert moved(row, entry("hear site", {"connected": False, "holds": None})).holds == row.holds
    assert moved(row, entry("hear site", {"connected": True})).holds == row.holds  # written before hubs kept it
    assert moved(row, entry("revoke site", {"state": "revoked"})).holds is None
