"""What came of it: for every site, what was due against what its receipt says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from satwarn.drill.due import Due
from satwarn.ledger.receipt import Act, Path, Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One thing that was due and did not happen: `cause` is a code, `next_step` is for the officer."""

    code: str
    name_en: str
    name_ja: str
    output: str
    cause: str
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One site against what it owed. `receipt` is None where nothing came back and nothing could be collected."""

    due: Due
    receipt: Receipt | None
    delay_s: float | None
    failures: tuple[Failure, ...]

    @property
    def held(self) -> bool:
        """Whether what was due is what happened."""
        return not self.failures

    @property
    def path(self) -> Path | None:
        """The path of the first copy."""
        return self.receipt.first_path if self.receipt else None


def outcomes(
    sites: Iterable[Due], receipts: Iterable[Receipt], *, identifier: str, payloads: Iterable[str], issued: datetime
) -> tuple[Outcome, ...]:
    """Match receipts to sites. A receipt counts for the alert if it names its identifier or one of its payloads."""
    latest: dict[str, Receipt] = {}
    sent = set(payloads)
    for receipt in receipts:
        if receipt.identifier == identifier or (not receipt.identifier and sent & set(receipt.payloads)):
            latest[receipt.site] = _stronger(latest.get(receipt.site), receipt)
    return tuple(_outcome(due, latest.get(due.code), issued) for due in sites)


def _stronger(known: Receipt | None, new: Receipt) -> Receipt:
    """The newer receipt, unless it speaks of a lesser act: a site that sounded twice has sounded."""
    if known and known.act is Act.SOUNDED and new.act is not Act.SOUNDED:
        return known
    return new


def _outcome(due: Due, receipt: Receipt | None, issued: datetime) -> Outcome:
    delay_s = (receipt.decided_at - issued).total_seconds() if receipt and receipt.act is Act.SOUNDED else None
    return Outcome(due=due, receipt=receipt, delay_s=delay_s, failures=tuple(_failures(due, receipt)))


def _failures(due: Due, receipt: Receipt | None) -> Iterable[Failure]:
    if due.act is Act.SOUNDED and receipt is None:
        yield _failure(due, "path", "nothing was heard on any path: check antenna, line and plan, then test again")
    elif due.act is Act.SOUNDED and receipt and receipt.act is not Act.SOUNDED:
        yield _failure(due, "rule", f"the site heard it and did not sound ({receipt.why}): check its code and rules")
    elif due.act is Act.SOUNDED and receipt and not receipt.labelled:
        yield _failure(due, "rule", "it sounded without the drill label: stop and replace this receiver's rules")
    elif due.act is Act.SILENT and receipt and receipt.act is not Act.SILENT:
        yield _failure(due, "rule", "it sounded outside the area: check its code and rules")


def _failure(due: Due, cause: str, next_step: str, output: str = "receiver") -> Failure:
    return Failure(
        code=due.code, name_en=due.name_en, name_ja=due.name_ja, output=output, cause=cause, next_step=next_step
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts over sites, for the whole drill or one prefecture."""

    due: int
    sounded: int
    due_silent: int
    stayed_silent: int
    failed: int


def tally(results: Iterable[Outcome]) -> Tally:
    """Count outcomes."""
    listed = list(results)
    sounding = [outcome for outcome in listed if outcome.due.act is Act.SOUNDED]
    silent = [outcome for outcome in listed if outcome.due.act is Act.SILENT]
    return Tally(
        due=len(sounding),
        sounded=sum(outcome.held for outcome in sounding),
        due_silent=len(silent),
        stayed_silent=sum(outcome.held for outcome in silent),
        failed=sum(not outcome.held for outcome in listed),
    )


def by_prefecture(results: Iterable[Outcome]) -> Mapping[str, Tally]:
    """A tally per prefecture code, in code order."""
    grouped: dict[str, list[Outcome]] = {}
    for outcome in results:
        grouped.setdefault(outcome.due.prefecture, []).append(outcome)
    return {code: tally(grouped[code]) for code in sorted(grouped)}
