"""A partner goes on: an Update and a Cancel of what they sent, and every way in which that may be wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from satwarn.adapters.keys import SigningKey, make_signing_key
from satwarn.alert import cap, seal
from satwarn.alert.alert import Alert, MsgType, Named, Reference, ResponseType
from satwarn.alert.chain import ENDING, Effect, effect_of
from satwarn.alert.lifecycle import State
from satwarn.app.compose import Composed, Said, compose
from satwarn.app.incoming import look_at
from satwarn.app.partner_intake import bytes_of
from satwarn.authority.jurisdiction import EVERYWHERE
from satwarn.authority.order import StandingOrder
from satwarn.authority.rights import Role
from web.hub import Hub, deeds, running
from web.test_api import Program

AGENCY, OTHER = "quakes@agency.example", "waves@other.example"
SECOND = timedelta(seconds=1)


@dataclass
class Agency:
    """A partner with a certificate, and what they have said."""

    hub: Hub
    sender: str
    key: SigningKey
    http: httpx.Client
    number: int = 0

    def alert(self, *, hazard: str = "tsunami", headline: str = "Tsunami", **changes: Any) -> Alert:
        self.number += 1
        self.hub.clock.ahead += 2 * SECOND
        form = Composed(
            hazard=hazard,
            purpose=changes.pop("purpose", "real"),
            severity="Severe",
            minutes=30,
            codes=changes.pop("codes", ("31",)),
            said={"en": Said(headline=headline, instruction="Go to high ground.")},
        )
        made = compose(form, sender=self.sender, now=self.hub.clock())
        return replace(made, identifier=f"{self.sender.partition('@')[0]}-{self.number}", **changes)

    def follow(self, earlier: Alert, kind: MsgType = MsgType.UPDATE, **changes: Any) -> Alert:
        return self.alert(msg_type=kind, references=(reference(earlier),), **changes)

    def all_clear(self, earlier: Alert, **changes: Any) -> Alert:
        found = self.follow(earlier, MsgType.CANCEL, **changes)
        infos = tuple(replace(info, response_types=(ResponseType.ALL_CLEAR,)) for info in found.infos)
        return replace(found, infos=infos)

    def send(self, alert: Alert, *, key: str = "", signed: bool = True) -> httpx.Response:
        data = cap.write(alert)
        if signed:
            data = seal.sign(data, key_pem=self.key.key_pem, certificate_pem=self.key.certificate_pem)
        headers = {"authorization": f"Bearer {key}"} if key else {}
        return self.http.post("/api/alerts", content=data, headers=headers)


def reference(alert: Alert) -> Reference:
    return Reference(sender=alert.sender, identifier=alert.identifier, sent=alert.sent)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running(tmp_path_factory.mktemp("partners"), sites="0") as one:
        order = StandingOrder(
            name="tsunami",
            sources=frozenset({AGENCY, OTHER}),
            jurisdiction=EVERYWHERE,
            valid_from=one.clock() - timedelta(days=1),
            valid_until=one.clock() + timedelta(days=30),
            most_places=5,
        )
        one.record("write order", "order/tsunami", order.to_json(), by="Sato")
        one.record("sign order", "order/tsunami", {"version": 1}, by="Mori")
        yield one


def partner(hub: Hub, sender: str) -> Agency:
    key = make_signing_key(sender, now=hub.clock())
    hub.appoint(sender, {Role.MACHINE})
    hub.record("trust partner", f"partner/{sender}", {"sender": sender, "certificate": key.certificate_pem.decode()})
    return Agency(hub=hub, sender=sender, key=key, http=hub.browser().http)


@pytest.fixture(scope="module")
def agency(hub: Hub) -> Agency:
    return partner(hub, AGENCY)


@pytest.fixture(scope="module")
def other(hub: Hub) -> Agency:
    return partner(hub, OTHER)


def stands(hub: Hub, subject: str) -> State:
    return hub.live.realm.desk.stands(subject).state


def problem(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    return str(answer.json()["detail"])


def test_the_sources_all_clear_ends_it_on_the_air(hub: Hub, agency: Agency) -> None:
    first = agency.alert()
    taken = agency.send(first).json()
    assert taken["order"] == "tsunami", taken
    ended = agency.send(agency.all_clear(first)).json()
    assert (ended["does"], ended["order"], ended["warning"]) == ("is over", "tsunami", taken["subject"]), ended
    warning = hub.live.realm.desk.stands(taken["subject"])
    assert warning.state is State.CLEARED
    assert effect_of(warning.said) is Effect.CLEARS
    assert warning.said.sender == hub.live.realm.settings.sender
    late = agency.all_clear(first)
    assert "cleared" in problem(agency.send(late), 409)


def test_without_an_order_the_all_clear_waits_for_two(hub: Hub, agency: Agency) -> None:
    first = agency.alert(hazard="flood", headline="Flood")
    taken = agency.send(first).json()
    assert taken["order"] == ""
    subject = taken["subject"]
    put_on_air(hub, subject)
    ended = agency.send(agency.all_clear(first, hazard="flood")).json()
    assert (ended["order"], stands(hub, ended["subject"]), stands(hub, subject)) == (
        "",
        State.PROPOSED,
        State.ON_AIR,
    )
    put_on_air(hub, ended["subject"])
    assert stands(hub, subject) is State.CLEARED


def put_on_air(hub: Hub, subject: str) -> None:
    """Two people take what was proposed upon themselves."""
    author = Program(hub, "Tanaka", "read", "adopt", "submit", "issue")
    approver = Program(hub, "Sato", "read", "approve", "issue", "join")
    assert author.post(f"/warnings/{subject}/adopt").status_code == 200
    assert author.post(f"/warnings/{subject}/submit").status_code == 200
    assert approver.approve(subject, at_once=True).status_code == 200


def test_an_update_waits_for_people_even_under_an_order(hub: Hub, agency: Agency) -> None:
    first = agency.alert()
    warning = agency.send(first).json()["subject"]
    one = agency.follow(first, headline="Tsunami, 3 m")
    updated = agency.send(one).json()
    assert (updated["does"], updated["order"]) == ("goes on", "")
    assert stands(hub, updated["subject"]) is State.PROPOSED
    newer = agency.send(agency.follow(first, headline="Tsunami, 5 m")).json()
    assert stands(hub, updated["subject"]) is State.DROPPED  # overtaken before anybody made it theirs
    put_on_air(hub, newer["subject"])
    assert "5 m" in hub.live.realm.desk.stands(warning).said.infos[0].headline
    page = hub.browser("Tanaka").get(f"/desk/w/{warning}").text
    assert "What its source said since" in page
    # the update can be spoken of, too
    assert agency.send(agency.all_clear(one)).json()["order"] == "tsunami"
    assert stands(hub, warning) is State.CLEARED


def test_what_nobody_was_told_yet_is_taken_back_at_once(hub: Hub, agency: Agency) -> None:
    first = agency.alert(hazard="flood")
    waiting = agency.send(first).json()["subject"]
    answer = agency.send(agency.follow(first, MsgType.CANCEL, hazard="flood")).json()
    assert (answer["does"], answer["subject"]) == ("taken back", "")
    assert stands(hub, waiting) is State.DROPPED


def test_a_bare_cancel_of_what_is_on_the_air_is_shown_to_people_and_ends_nothing(hub: Hub, agency: Agency) -> None:
    first = agency.alert()
    warning = agency.send(first).json()["subject"]
    cancel = agency.follow(first, MsgType.CANCEL)
    answer = agency.send(replace(cancel, infos=())).json()
    assert answer["does"] == "taken back"
    assert stands(hub, warning) is State.ON_AIR
    officer = hub.browser("Mori")
    assert "Its source takes it back" in officer.get("/desk").text
    assert "taken back" in officer.get(f"/desk/w/{warning}").text
    said = tuple(
        replace(i, parameters=(*i.parameters, Named(value_name=ENDING, value="retraction"))) for i in cancel.infos
    )
    again = agency.follow(first, MsgType.CANCEL)
    assert agency.send(replace(again, infos=said)).json()["does"] == "taken back"
    assert agency.send(agency.all_clear(first)).json()["order"] == "tsunami"


def test_wrong_senders(hub: Hub, agency: Agency, other: Agency) -> None:
    first = agency.alert()
    warning = agency.send(first).json()["subject"]
    assert "may not speak of what" in problem(other.send(other.all_clear(first)), 403)
    forged = replace(other.all_clear(first), sender=AGENCY)
    problem(other.send(forged), 403)  # signed with another's key
    problem(agency.send(agency.all_clear(first), signed=False), 403)
    assert stands(hub, warning) is State.ON_AIR
    agency.send(agency.all_clear(first))


def test_unknown_replayed_and_late_ones(hub: Hub, agency: Agency) -> None:
    never = agency.alert()
    assert "unknown" in problem(agency.send(agency.follow(never)), 409)
    first = agency.alert()
    warning = agency.send(first).json()["subject"]
    early, later = agency.follow(first), agency.follow(first)
    assert agency.send(later).status_code == 202
    assert "not after" in problem(agency.send(early), 409)
    again = agency.send(later)
    assert (again.status_code, again.json()["repeated"]) == (200, True)
    changed = replace(later, infos=tuple(replace(info, headline="Other") for info in later.infos))
    assert "other content" in problem(agency.send(changed), 409)
    over = agency.all_clear(first)
    agency.send(over)
    before = deeds(hub)
    assert agency.send(over).json()["repeated"] is True
    assert agency.send(first).json()["repeated"] is True
    assert deeds(hub) == before  # a replay writes nothing and sends nothing
    assert stands(hub, warning) is State.CLEARED


def test_two_warnings_cannot_be_ended_by_one_message(hub: Hub, agency: Agency) -> None:
    one, two = agency.alert(), agency.alert(codes=("32",))
    agency.send(one)
    agency.send(two)
    both = replace(agency.all_clear(one), references=(reference(one), reference(two)))
    assert "several warnings" in problem(agency.send(both), 409)
    drill = replace(agency.all_clear(one, purpose="exercise"))
    assert "cannot follow" in problem(agency.send(drill), 409)
    for first in (one, two):
        assert agency.send(agency.all_clear(first)).json()["order"] == "tsunami"


def test_another_track_keeps_people_in_shelter(hub: Hub, agency: Agency) -> None:
    one, two = agency.alert(codes=("33",)), agency.alert(codes=("33",))
    first, second = agency.send(one).json()["subject"], agency.send(two).json()["subject"]
    held = agency.send(agency.all_clear(one, codes=("33",))).json()
    assert held["order"] == ""
    assert second in held["remark"]
    assert stands(hub, first) is State.ON_AIR


def test_a_key_vouches_for_its_own_partner_within_its_scopes_and_only_towards_people(hub: Hub, agency: Agency) -> None:
    full = hub.api_key(AGENCY, "propose", "update", "clear")
    alerts_only = hub.api_key(AGENCY, "propose")
    first = agency.alert()
    taken = agency.send(first, key=full, signed=False).json()
    assert (taken["order"], stands(hub, taken["subject"])) == ("", State.PROPOSED)
    assert "may not clear" in problem(agency.send(agency.all_clear(first), key=alerts_only, signed=False), 403)
    assert "may not update" in problem(agency.send(agency.follow(first), key=alerts_only), 403)
    assert "from" in problem(agency.send(replace(first, sender=OTHER), key=full, signed=False), 403)
    signed = agency.alert()
    warning = agency.send(signed, key=full).json()
    assert warning["order"] == "tsunami"
    waits = agency.send(agency.all_clear(signed), key=full, signed=False).json()
    assert waits["order"] == ""
    assert stands(hub, warning["subject"]) is State.ON_AIR
    ended = agency.send(agency.all_clear(signed), key=full).json()
    assert (ended["order"], stands(hub, warning["subject"])) == ("tsunami", State.CLEARED)
    assert problem(agency.http.post("/api/alerts", content=b"<x/>", headers={"authorization": "Bearer no"}), 403)


def test_the_bytes_are_kept_and_survive_a_restart(tmp_path: Path) -> None:
    with running(tmp_path, sites="0") as hub:
        agency = partner(hub, AGENCY)
        first = agency.alert(hazard="flood")
        data = seal.sign(cap.write(first), key_pem=agency.key.key_pem, certificate_pem=agency.key.certificate_pem)
        wide = data.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
        assert agency.http.post("/api/alerts", content=wide).status_code == 202
        key = agency.key
        at: datetime = hub.clock()
    with running(tmp_path, sites="0", people=False) as hub:
        hub.clock.ahead = at - hub.clock()
        again = Agency(hub=hub, sender=AGENCY, key=key, http=hub.browser().http, number=5)
        assert again.send(first).json()["repeated"] is True
        assert again.send(again.follow(first, hazard="flood")).status_code == 202
        realm = hub.live.realm
        (row,) = [one for one in realm.views.received.values() if one.key == first.key]
        (kept,) = [e for e in realm.reader.of(row.subject) if e.kind == "receive"]
        assert bytes_of(kept.body) == wide
        assert look_at(realm, wide).alert.key == first.key
