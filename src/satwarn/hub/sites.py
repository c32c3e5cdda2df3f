"""Sites as a hub knows them, folded from the ledger: how each came, which certificate counts, if its line stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from satwarn.ledger.entry import Entry

KINDS = frozenset({"enrol site", "mark site", "revoke site", "hear site"})
MOST_FAULTS, LONGEST_FAULT = 20, 200
MOST_HELD = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The newest supply of one sender and kind that a site has heard, and whether all of it is in force there."""

    serial: int
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """A site as the desk knows it: how it came, and its state ("invited", "enrolled", "revoked", "down", "up").

    `invitation` is the hash of its unspent code, `fingerprint` that of its certificate; `former` that of the one it
    replaces, which counts until the new one has been used once, because an answer can be lost on its way. `connected`
    says whether its line stands (None: never yet), since `since` (ISO 8601); `faults` is what it said of itself, and
    `holds` which supplies it has, by "<sender> <kind>" (None: it does not say, and a hub copes with that).
    """

    code: str
    state: str
    version: str = ""
    note: str = ""
    invitation: str = ""
    fingerprint: str = ""
    former: str = ""
    connected: bool | None = None
    since: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    holds: Mapping[str, "Held"] | None = None

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Of the certificates that open a line now."""
        return tuple(filter(None, (self.fingerprint, self.former)))

    @property
    def known_down(self) -> bool:
        """Whether nobody should count on it: marked so, revoked, or a line that stood before and does not now."""
        return self.state in ("down", "revoked") or self.connected is False


def moved(known: SiteRow | None, entry: Entry) -> SiteRow:
    """A site after one more entry about it (of `KINDS`)."""
    body, code = entry.body, entry.subject.partition("/")[2]
    known = known or SiteRow(code=code, state="")
    return _heard(known, entry, body) if entry.kind == "hear site" else _ruled(known, body)


def _ruled(known: SiteRow, body: Mapping[str, Any]) -> SiteRow:
    """A deed of the desk, or an enrolment."""
    state, fingerprint = body["state"], body.get("fingerprint", "")
    following = replace(
        known,
        state=state,
        version=body.get("version", known.version),
        note=body.get("note", ""),
        invitation=body.get("code", ""),
        fingerprint=fingerprint or known.fingerprint,
        former=body.get("former", "") if fingerprint else known.former,
    )
    if state == "revoked":
        return replace(following, fingerprint="", former="", connected=None, faults={}, holds=None)
    return following


def _heard(known: SiteRow, entry: Entry, body: Mapping[str, Any]) -> SiteRow:
    used = body.get("fingerprint", "")
    return replace(
        known,
        connected=body["connected"],
        since=entry.at if body["connected"] is not known.connected else known.since,
        faults=body.get("faults", {}),
        holds=_held(body["holds"]) if body.get("holds") is not None else known.holds,
        version=body.get("version") or known.version,
        note=known.note if known.state == "down" else body.get("remark", known.note),  # somebody wrote down why
        former="" if used and used == known.fingerprint else known.former,
    )


def _held(said: Mapping[str, list[Any]]) -> dict[str, Held]:
    return {key: Held(serial=serial, whole=whole) for key, (serial, whole) in said.items()}


def holds_of(state: Mapping[str, Any]) -> dict[str, list[Any]] | None:
    """Which supplies a site says it has, as the ledger keeps it: serial and whether it is whole, by "<sender> <kind>".

    None where it says nothing of them, or nothing that can be read.
    """
    said = state.get("supplies")
    if not isinstance(said, list):
        return None
    rows = [one for one in said if isinstance(one, dict) and isinstance(one.get("serial"), int)]
    return {
        str(one.get("supply"))[:LONGEST_FAULT]: [one["serial"], one.get("whole") is True] for one in rows[:MOST_HELD]
    }


def faults_of(state: Mapping[str, Any]) -> dict[str, str]:
    """What a site says is wrong with it, cut to what a page can show; a site may say anything."""
    said = state.get("faults")
    pairs = said.items() if isinstance(said, dict) else ()
    return {str(code)[:60]: str(what)[:LONGEST_FAULT] for code, what in sorted(pairs)[:MOST_FAULTS]}
