"""What pages and programs look at: folded from the ledger as it grows, on the writer's thread.

Readers on other threads take copies (`list`, `dict`): in CPython each is one step that no writer interrupts.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from satwarn.alert.alert import Key
from satwarn.alert.lifecycle import LIVE, OPEN, Deed, State
from satwarn.authority import prepared, standing
from satwarn.authority.prepared import Prepared, Sort
from satwarn.authority.roster import Roster
from satwarn.authority.standing import Standing
from satwarn.hub import sites
from satwarn.hub.sites import SiteRow
from satwarn.ledger.entry import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Whose signed alerts we take as proposals."""

    sender: str
    certificate: str


class Said(StrEnum):
    """What a partner's message says of a warning."""

    BEGINS = "begins"
    GOES_ON = "goes on"
    IS_OVER = "is over"
    TAKEN_BACK = "taken back"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRow:
    """A partner's message as it came in: under what name the ledger keeps it, what it is known by, the digest of its
    content, the message it became (else the warning it speaks of), and the warning it is about."""

    subject: str
    key: Key
    at: datetime
    digest: str
    does: Said
    warning: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """Whether a third party was told that the glass was broken (entry `number`), by mail or webhook; `why` not."""

    number: int
    party: str
    by: str
    delivered: bool
    why: str
    is_final: bool


@dataclass(frozen=True, slots=True)
class Answer(Mapping[str, Any]):
    """A receipt as JSON values, read when looked at: of thousands kept, a page shows a few.

    Kept as values they would be a hundred thousand objects, which every search for garbage goes through.
    """

    text: str

    def __getitem__(self, name: str) -> Any:
        return json.loads(self.text)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(json.loads(self.text))

    def __len__(self) -> int:
        return len(json.loads(self.text))


@dataclass(slots=True)
class Views:
    """Warnings, prepared things, people, partners, sites, and what came back from sites, each by its key.

    `messages` are the signed bytes of everything that went out, by identifier; `told` is the last receipt that came
    from each site by the ground: the run of its receiver, and the number in it. `launches` are the launch reports that
    warnings began from, by warning.
    """

    roster: Roster = field(default_factory=Roster)
    warnings: dict[str, Standing] = field(default_factory=dict)
    prepared: dict[str, Prepared] = field(default_factory=dict)
    partners: dict[str, Partner] = field(default_factory=dict)
    sites: dict[str, SiteRow] = field(default_factory=dict)
    sent: dict[str, tuple[str, ...]] = field(default_factory=dict)
    receipts: dict[str, dict[str, Answer]] = field(default_factory=dict)
    told: dict[str, tuple[str, int]] = field(default_factory=dict)
    transmissions: Counter[str] = field(default_factory=Counter)
    heard: set[Key] = field(default_factory=set)
    received: dict[str, ReceivedRow] = field(default_factory=dict)
    messages: dict[str, bytes] = field(default_factory=dict)
    launches: dict[str, bytes] = field(default_factory=dict)
    alarms: dict[str, dict[tuple[int, str, str], AlarmRow]] = field(default_factory=dict)
    supplies: dict[str, dict[str, Any]] = field(default_factory=dict)
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)
    entries: int = 0

    def tell(self, entry: Entry) -> None:
        """Take in one entry."""
        self.entries = entry.position
        self.roster.tell(entry)
        if fold := _FOLDS.get(entry.kind):
            fold(self, entry)

    def live(self) -> list[Standing]:
        """Warnings on the air, newest first."""
        return self._in(LIVE)

    def open(self) -> list[Standing]:
        """What somebody still has to do something about, newest first."""
        return self._in(OPEN)

    def ended(self) -> list[Standing]:
        """Warnings that are over, newest first."""
        return self._in({State.CLEARED, State.RETRACTED, State.EXPIRED})

    def _in(self, states: Iterable[State]) -> list[Standing]:
        found = [one for one in list(self.warnings.values()) if one.state in states]
        return sorted(found, key=lambda one: one.last, reverse=True)

    def kept(self, sort: Sort) -> list[Prepared]:
        """Templates or orders by name."""
        return sorted((one for one in list(self.prepared.values()) if one.sort == sort), key=lambda one: one.name)

    def lately_received(self, most: int = 10) -> list[ReceivedRow]:
        """What partners sent in, newest first."""
        return list(reversed(list(self.received.values())[-most:]))

    def taken_back(self) -> list[ReceivedRow]:
        """What a source took back, where people still warn of it or are about to."""
        return [row for row in list(self.received.values()) if row.does is Said.TAKEN_BACK and self._holds(row.warning)]

    def said_since(self, warning: str) -> list[ReceivedRow]:
        """What partners said of a warning after the message it began with, oldest first."""
        rows = [row for row in list(self.received.values()) if row.does is not Said.BEGINS]
        return [row for row in rows if row.about == warning]

    def alarms_of(self, warning: str) -> list[AlarmRow]:
        """Which third parties were told that the glass was broken over a warning, and which were not."""
        return list(self.alarms.get(warning, {}).values())

    def _holds(self, warning: str) -> bool:
        return warning in self.warnings and self.warnings[warning].state in LIVE | OPEN

    def following(self, warning: str) -> list[Standing]:
        """Open messages that will follow on a warning."""
        return [one for one in self.open() if one.follows == warning]

    def plans_of(self, exercise: str) -> list[Standing]:
        """The announcements of an exercise, oldest first."""
        return [one for one in list(self.warnings.values()) if one.announces == exercise]

    def public(self, *, now: datetime, keep_s: float) -> list[Standing]:
        """What people are shown: warnings on the air, and for a while how others ended."""
        recent = [
            one for one in self.ended() if one.ended_at and (now - one.ended_at).total_seconds() < keep_s and one.signed
        ]
        return [*self.live(), *recent]


Fold = Callable[[Views, Entry], None]


def _deed(views: Views, entry: Entry) -> None:
    known = views.warnings.get(entry.subject) or Standing(subject=entry.subject, state=State.NEW)
    moved = standing.moved(known, entry)
    views.warnings[entry.subject] = moved
    if "cap" in entry.body and entry.kind not in _CONTENT:
        views.heard.add(moved.said.key)
        views.messages[moved.said.identifier] = moved.signed


_CONTENT = {Deed.DRAFT, Deed.PROPOSE, Deed.CHANGE}


def _prepared(views: Views, entry: Entry) -> None:
    sort, _, name = entry.subject.partition("/")
    known = views.prepared.get(entry.subject) or Prepared(sort=Sort(sort), name=name)
    views.prepared[entry.subject] = prepared.moved(known, entry)


def _sent(views: Views, entry: Entry) -> None:
    views.sent[entry.body["identifier"]] = tuple(entry.body["paths"])


def _receipt(views: Views, entry: Entry) -> None:
    body = entry.body
    if body:
        key = body["identifier"] or (body["payloads"] or [body["warning"]])[0]
        views.receipts.setdefault(key, {})[body["site"]] = Answer(entry.text)
        if line := body.get("line"):
            views.told[body["site"]] = (line["run"], line["number"])


def _transmit(views: Views, entry: Entry) -> None:
    views.transmissions[entry.subject] += 1


def _partner(views: Views, entry: Entry) -> None:
    body = entry.body
    views.partners[body["sender"]] = Partner(sender=body["sender"], certificate=body["certificate"])


def _no_partner(views: Views, entry: Entry) -> None:
    views.partners.pop(entry.subject.partition("/")[2], None)


def _receive(views: Views, entry: Entry) -> None:
    body = entry.body
    identifier, _, sent = entry.subject.removeprefix(f"received/{body['sender']}/").rpartition("/")
    views.received[entry.subject] = ReceivedRow(
        subject=entry.subject,
        key=(body["sender"], identifier, datetime.fromisoformat(sent)),
        at=entry.time,
        digest=body.get("digest", ""),
        does=Said(body.get("does", Said.BEGINS)),
        warning=body.get("warning", ""),
        about=body.get("about", ""),
    )


def _alarm(views: Views, entry: Entry) -> None:
    body = entry.body
    row = AlarmRow(
        number=body["number"],
        party=body["party"],
        by=body["by"],
        delivered=body["delivered"],
        why=body["why"],
        is_final=body["final"],
    )
    views.alarms.setdefault(entry.subject, {})[row.number, row.party, row.by] = row


def _site(views: Views, entry: Entry) -> None:
    row = sites.moved(views.sites.get(entry.subject.partition("/")[2]), entry)
    views.sites[row.code] = row


def _launch(views: Views, entry: Entry) -> None:
    views.launches[entry.subject] = entry.body["report"].encode()


def _supplied(views: Views, entry: Entry) -> None:
    views.supplies[entry.subject] = entry.body


def _unsupplied(views: Views, entry: Entry) -> None:
    _prepared(views, entry)
    views.supplies.pop(entry.subject, None)


def _answered(views: Views, entry: Entry) -> None:
    said = {name: value for name, value in entry.body.items() if name != "body"}  # which the ledger has, and is long
    views.answered[entry.subject] = {**said, "position": entry.position}


_FOLDS: dict[str, Fold] = {
    **dict.fromkeys(standing.KINDS, _deed),
    **dict.fromkeys(prepared.KINDS, _prepared),
    "send": _sent,
    "send supply": _supplied,
    "revoke supply": _unsupplied,
    "receipt": _receipt,
    "transmit": _transmit,
    "trust partner": _partner,
    "distrust partner": _no_partner,
    "receive": _receive,
    **dict.fromkeys(sites.KINDS, _site),
    "launch report": _launch,
    "alarm": _alarm,
    "answer": _answered,
}
