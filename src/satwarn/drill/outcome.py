"""What came of it: for every site, what was due against what its receipt says."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from satwarn.drill.due import Due
from satwarn.ledger.receipt import Act, Cause, OutputResult, Path, Proof, Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One thing that was due and did not happen.

    `output` is the word of the output, or "receiver"; `what` completes the sentence "the output ...";
    `cause` is a code, `next_step` is for the officer.
    """

    code: str
    name_en: str
    name_ja: str
    output: str
    what: str
    cause: Cause
    next_step: str

    def sentence(self) -> str:
        """What failed, in a few words."""
        return f"{self.name_en}'s {OUTPUT_WORDS.get(self.output, self.output)} {self.what}"

    def to_json(self) -> dict[str, str]:
        """As in report.json; what happened in detail stands with the site's outputs."""
        return {
            "code": self.code,
            "name_en": self.name_en,
            "name_ja": self.name_ja,
            "output": self.output,
            "cause": self.cause.value,
            "next_step": self.next_step,
        }


OUTPUT_WORDS = {"speaker": "loudspeaker", "relay": "flashing light"}


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
    def mark(self) -> Proof:
        """The worst of it: failed before unproven before proven."""
        if all(failure.cause is Cause.UNPROVEN for failure in self.failures):
            return Proof.UNPROVEN if self.failures else Proof.PROVEN
        return Proof.FAILED

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
    for applies, result in RECEIVER_RULES:
        if applies(due, receipt):
            yield _failure(due, result)
            return
    if due.act is Act.SOUNDED and receipt:
        came = {result.output: result for result in receipt.outputs}
        results = (came.get(output, _no_word(output)) for output in due.outputs)
        yield from (_failure(due, result) for result in results if result.proof is not Proof.PROVEN)


def _receiver(cause: Cause, detail: str, next_step: str) -> OutputResult:
    return OutputResult(output="receiver", proof=Proof.FAILED, cause=cause, detail=detail, next_step=next_step)


def _no_word(output: str) -> OutputResult:
    return OutputResult(
        output=output,
        proof=Proof.FAILED,
        cause=Cause.LATE,
        detail="had not reported when the drill was over",
        next_step="ask the site for its log, then test it again",
    )


ReceiverQuestion = Callable[[Due, Receipt | None], bool]

RECEIVER_RULES: tuple[tuple[ReceiverQuestion, OutputResult], ...] = (
    (
        lambda due, receipt: due.act is Act.SOUNDED and receipt is None,
        _receiver(Cause.PATH, "heard nothing on any path", "check antenna, line and plan, then test this site again"),
    ),
    (
        lambda due, receipt: due.act is Act.SOUNDED and receipt is not None and receipt.act is not Act.SOUNDED,
        _receiver(Cause.RULE, "heard it and did not sound", "check the site's code and rules, then test it again"),
    ),
    (
        lambda due, receipt: due.act is Act.SOUNDED and receipt is not None and not receipt.labelled,
        _receiver(Cause.RULE, "sounded without the drill label", "stop and replace this receiver's rules"),
    ),
    (
        lambda due, receipt: due.act is Act.SILENT and receipt is not None and receipt.act is not Act.SILENT,
        _receiver(Cause.RULE, "sounded outside the area", "check the site's code and rules, then test it again"),
    ),
)


def _failure(due: Due, result: OutputResult) -> Failure:
    return Failure(
        code=due.code,
        name_en=due.name_en,
        name_ja=due.name_ja,
        output=result.output,
        what=result.detail,
        cause=result.cause,
        next_step=result.next_step,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts over sites, for the whole drill or one prefecture; `sounded` are those that proved it."""

    due: int
    sounded: int
    due_silent: int
    stayed_silent: int
    failed: int
    unproven: int


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
        failed=sum(outcome.mark is Proof.FAILED for outcome in listed),
        unproven=sum(outcome.mark is Proof.UNPROVEN for outcome in listed),
    )


def by_prefecture(results: Iterable[Outcome]) -> Mapping[str, Tally]:
    """A tally per prefecture code, in code order."""
    grouped: dict[str, list[Outcome]] = {}
    for outcome in results:
        grouped.setdefault(outcome.due.prefecture, []).append(outcome)
    return {code: tally(grouped[code]) for code in sorted(grouped)}
