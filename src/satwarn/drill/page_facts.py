"""What the page says of sites and outputs: marks, delays and times in words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from satwarn.area import gazetteer
from satwarn.drill.outcome import Outcome
from satwarn.drill.scenario import Scenario
from satwarn.ledger.receipt import Act, Proof

MARKS = ("proven", "unproven", "failed", "silent")  # keys of the look's marks; also the order of columns
PATHS = {"gnss": "Satellite (simulated)", "multicast": "Wide band (simulated)", "ground": "Ground (simulated)"}


def mark_of(outcome: Outcome) -> str:
    """One of MARKS: silent where that was due and held, else the worst of what is proven."""
    return "silent" if outcome.due.act is Act.SILENT and outcome.held else outcome.mark.value


def figure(seconds: float | None) -> str:
    """A delay in seconds as it is written everywhere on the page; a dash where there is none."""
    return "–" if seconds is None else f"{seconds:.3f}"


def story(outcome: Outcome, words: Mapping[str, str]) -> str:
    """One site in one line: what came of it, by which path first and how soon."""
    due = outcome.due
    told = [f"{due.code} {due.name_en} {due.name_ja}: {words[mark_of(outcome)]}"]
    if outcome.delay_s is not None and outcome.path:
        told.append(f"first by {PATHS[outcome.path].lower()}, warned after {figure(outcome.delay_s)} s")
    told += [f"{failure.output} {failure.what}" for failure in outcome.failures]
    return "; ".join(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One moment: day and time of day where the drill is, its zone, UTC for the title, ISO 8601 for machines."""

    day: str
    local: str
    zone: str
    utc: str
    machine: str


def moment(at: datetime, scenario: Scenario) -> Moment:
    """`at` in the zone of the drill; fractions of a second are left out."""
    local = at.astimezone(scenario.times.issue.tzinfo)
    return Moment(
        day=f"{local.day} {local:%B %Y}",
        local=f"{local:%H:%M:%S}",
        zone=str(local.tzname()),
        utc=f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
        machine=local.isoformat(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One row of the table per prefecture; `marks` counts sites by mark, delays in seconds from issue to warning."""

    code: str
    name_en: str
    name_ja: str
    sites: int
    marks: Mapping[str, int]
    median_s: float | None
    worst_s: float | None


def parts(outcomes: Sequence[Outcome], scope: Iterable[str]) -> list[Part]:
    """A row for each prefecture of the scope, in code order, and one for all others together."""
    inside = sorted(scope)
    rows = []
    for code in inside:
        names = gazetteer.place(code).names
        rows.append(_part(code, names["en"], names["ja"], [one for one in outcomes if one.due.prefecture == code]))
    beside = [one for one in outcomes if one.due.prefecture not in inside]
    if beside:
        count = len({one.due.prefecture for one in beside})
        rows.append(_part("", f"{count} other prefectures", f"他の{count}都道府県", beside))
    return rows


def whole(outcomes: Sequence[Outcome]) -> Part:
    """The row under the table."""
    return _part("", "All", "計", outcomes)


def _part(code: str, name_en: str, name_ja: str, outcomes: Sequence[Outcome]) -> Part:
    delays = [one.delay_s for one in outcomes if one.delay_s is not None]
    return Part(
        code=code,
        name_en=name_en,
        name_ja=name_ja,
        sites=len(outcomes),
        marks=Counter(map(mark_of, outcomes)),
        median_s=median(delays) if delays else None,
        worst_s=max(delays, default=None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One sort of output over all sites: results by proof, and the reasons given for what is not proven, by count."""

    name: str
    proofs: Mapping[str, int]
    reasons: Sequence[tuple[str, int]]


def outputs(outcomes: Iterable[Outcome]) -> list[Output]:
    """Every sort of output that gave a result, by name."""
    proofs: dict[str, Counter[str]] = {}
    reasons: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        for result in outcome.receipt.outputs if outcome.receipt else ():
            proofs.setdefault(result.output, Counter())[result.proof.value] += 1
            if result.proof is not Proof.PROVEN:
                why = f"{result.cause}: {result.detail}" if result.detail else result.cause
                reasons.setdefault(result.output, Counter())[why] += 1
    return [
        Output(name=name, proofs=counted, reasons=reasons.get(name, Counter()).most_common(5))
        for name, counted in sorted(proofs.items())
    ]
