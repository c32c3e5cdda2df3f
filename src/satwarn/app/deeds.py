"""The desk's deeds as pages and programs call them: one table from a word to a verb."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from satwarn.alert.alert import Alert
from satwarn.alert.lifecycle import OPEN
from satwarn.app.realm import Realm
from satwarn.authority.desk import Desk
from satwarn.authority.drill_notice import announce
from satwarn.authority.officer import Assent, By
from satwarn.authority.standing import Standing
from satwarn.errors import BadAlert, NotAllowed, OutOfTurn


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What comes with a deed: the digest that was read, the hazard typed, a reason, an assent, whether an approved
    message shall go out at once, and which all-clears (by digest) go out together with it."""

    by: str
    digest: str = ""
    typed: str = ""
    reason: str = ""
    assent: Assent | None = None
    at_once: bool = False
    together: Mapping[str, str] = field(default_factory=dict)

    def agreed(self) -> Assent:
        """The assent; NotAllowed when none came."""
        if self.assent is None or not self.assent.proof:
            raise NotAllowed(
                "this needs your assent", where="assent", fix=f"by one of {', '.join(By)}: passkey, code or signature"
            )
        return self.assent


Do = Callable[[Realm, str, Asked], Awaitable[object]]


def _plain(verb: Callable[[Desk, str, Asked, Realm], Standing]) -> Do:
    async def do(realm: Realm, subject: str, asked: Asked) -> object:
        return await realm.do(lambda: verb(realm.desk, subject, asked, realm))

    return do


def _vouched(name: str, *, last: bool) -> Do:
    async def do(realm: Realm, subject: str, asked: Asked) -> object:
        assent = asked.agreed()
        more = {"reason": asked.reason} if name == "break_glass" else {}

        def vouch() -> Standing:
            verb = getattr(realm.desk, name)
            stands: Standing = verb(
                subject=subject,
                by=asked.by,
                digest=asked.digest,
                assent=assent,
                typed=asked.typed,
                now=realm.now(),
                **more,
            )
            return stands

        found = await realm.do(vouch)
        if last and asked.at_once:
            return await realm.issue(subject, by=asked.by, together=asked.together)
        return found

    return do


async def _issue(realm: Realm, subject: str, asked: Asked) -> object:
    return await realm.issue(subject, by=asked.by, together=asked.together)


async def _retract(realm: Realm, subject: str, asked: Asked) -> object:
    return await realm.retract(subject, by=asked.by, reason=asked.reason)


DEEDS: Mapping[str, Do] = {
    "adopt": _plain(lambda desk, s, a, r: desk.adopt(subject=s, by=a.by, now=r.now())),
    "submit": _plain(lambda desk, s, a, r: desk.submit(subject=s, by=a.by, now=r.now(), typed=a.typed)),
    "agree": _vouched("agree", last=False),
    "approve": _vouched("approve", last=True),
    "break-glass": _vouched("break_glass", last=True),
    "widen": _vouched("widen", last=True),
    "refuse": _plain(lambda desk, s, a, r: desk.refuse(subject=s, by=a.by, reason=a.reason, now=r.now())),
    "drop": _plain(lambda desk, s, a, r: desk.drop(subject=s, by=a.by, reason=a.reason, now=r.now())),
    "issue": _issue,
    "unlock": _plain(lambda desk, s, a, r: desk.unlock(subject=s, by=a.by, now=r.now())),
    "keep": _plain(lambda desk, s, a, r: desk.keep(subject=s, by=a.by, now=r.now())),
    "retract": _retract,
    "review": _plain(lambda desk, s, a, r: desk.review(subject=s, by=a.by, finding=a.reason, now=r.now())),
}
"""By the word in the address; what a deed is called in the ledger is its own name."""

SCOPES: Mapping[str, str] = {"break-glass": "break glass", "unlock": "unlock retraction"}
"""Words of an address whose deed is called otherwise in the table of rights."""


async def carry_out(realm: Realm, subject: str, word: str, asked: Asked) -> Standing:
    """Do a deed by its word, and say where the warning stands then."""
    if word not in DEEDS:
        raise BadAlert(f"no deed {word!r}", where="deed", fix=f"one of {', '.join(DEEDS)}")
    await DEEDS[word](realm, subject, asked)
    return await realm.do(lambda: realm.desk.stands(subject))


async def begin(realm: Realm, alert: Alert, *, subject: str = "", by: str) -> Standing:
    """Draft a new warning; without a name it gets the next one."""
    return await realm.do(
        lambda: realm.desk.draft(alert, subject=subject or next_subject(realm), by=by, now=realm.now())
    )


async def announce_drill(
    realm: Realm, subject: str, *, name: str, begins: datetime, ends: datetime, by: str
) -> Standing:
    """Draft the plan that announces an exercise that is drafted, and arms receivers for it."""

    def begin() -> Standing:
        drill = realm.desk.stands(subject)
        if drill.state not in OPEN:
            raise OutOfTurn(f"is {drill.state}, so it is too late to announce it", where=subject)
        plan = announce(drill.alert, name=name, armed_from=begins, armed_until=ends, now=realm.now())
        name_of_plan = next_subject(realm, "plan")
        return realm.desk.draft(plan, subject=name_of_plan, by=by, now=realm.now(), announces=subject)

    return await realm.do(begin)


def next_subject(realm: Realm, prefix: str = "w") -> str:
    """A name nobody bears: the day and the number of the entry that will begin it."""
    return f"{prefix}-{realm.now():%Y%m%d}-{realm.ledger.head.position + 1}"
