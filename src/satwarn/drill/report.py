"""The result of a drill as data: one JSON document, one table of receipts. The skins show nothing else."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from statistics import median
from typing import Any

from satwarn.area import gazetteer
from satwarn.drill.outcome import Failure, Outcome, by_prefecture, tally
from satwarn.drill.scenario import Scenario
from satwarn.ledger.receipt import Act, Path, Proof

RECEIPT_COLUMNS = (
    "code", "name_en", "name_ja", "kind", "prefecture", "due", "act", "held", "first_path", "delay_s", "decided_at",
    "gnss_copies", "multicast_copies", "ground_copies", "labelled", "outputs", "identifier", "why",
)  # fmt: skip

TOLD = 4  # failures named in the sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What the house tells about one run, beside the outcomes.

    `faults` are those the sites raised, `faults_set` those put into devices beforehand; `speech` names the engine that
    spoke each language, "" where none did; `wide_band`: bandwidth and who took which supply, None if off.
    """

    identifier: str
    sent: datetime
    issued: datetime
    payloads: tuple[str, ...]
    deeds: Sequence[Mapping[str, Any]]
    frames: Sequence[Mapping[str, Any]]
    remarks: tuple[str, ...]
    faults: Sequence[Mapping[str, Any]]
    faults_set: tuple[str, ...]
    speech: Mapping[str, str]
    paths: frozenset[Path]
    loss: float
    seed: int
    collected: bool
    ledger_entries: int
    ledger_seal: str
    wide_band: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillReport:
    """One drill: its scenario, what happened, and each site's outcome."""

    scenario: Scenario
    happened: Happened
    outcomes: tuple[Outcome, ...]

    @property
    def held(self) -> bool:
        """Whether every due outcome held."""
        return all(outcome.held for outcome in self.outcomes)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Everything that was due and did not happen, in the order of codes."""
        return tuple(failure for outcome in self.outcomes for failure in outcome.failures)

    def sentence(self) -> str:
        """The result in one plain sentence."""
        count = tally(self.outcomes)
        text = (
            f"{count.sounded} of {count.due} sites proved that they warned, "
            f"{count.stayed_silent} of {count.due_silent} stayed silent as due"
        )
        if self.held:
            return f"{text}: every due outcome held."
        told = [failure.sentence().partition(":")[0] for failure in self.failures[:TOLD]]
        more = len(self.failures) - TOLD
        return "; ".join([text, *told, *([f"and {more} more failures"] if more > 0 else [])]) + "."

    def to_json(self) -> dict[str, Any]:
        """Everything that is shown, as JSON values; times in ISO 8601 with their zone."""
        happened, count = self.happened, tally(self.outcomes)
        return {
            "drill": self.scenario.name,
            "title": dict(self.scenario.title),
            "status": "Exercise",
            "held": self.held,
            "sentence": self.sentence(),
            "simulated": list(self.scenario.simulated),
            "paths": {path.value: path in happened.paths for path in Path},
            "loss": happened.loss,
            "seed": happened.seed,
            "receipts_collected_afterwards": happened.collected,
            "alert": {
                "identifier": happened.identifier,
                "sent": happened.sent.isoformat(),
                "issued": happened.issued.isoformat(),
                "frames": list(happened.payloads),
            },
            "counts": {"sites": len(self.outcomes), **asdict(count)},
            "prefectures": [_prefecture(code, asdict(part)) for code, part in by_prefecture(self.outcomes).items()],
            "delays": delays(self.outcomes, happened.issued),
            "deeds": list(happened.deeds),
            "frames": list(happened.frames),
            "remarks": list(happened.remarks),
            "faults": list(happened.faults),
            "failures": [failure.to_json() for failure in self.failures],
            "outputs": _outputs(self.outcomes),
            "sites": [_site(outcome) for outcome in self.outcomes],
            "speech": dict(happened.speech),
            "faults_set": list(happened.faults_set),
            "wide_band": happened.wide_band,
            "ledger": {"entries": happened.ledger_entries, "seal": happened.ledger_seal},
        }

    def json_text(self) -> str:
        """`to_json` as text, characters as themselves."""
        return json.dumps(self.to_json(), ensure_ascii=False, indent=1) + "\n"

    def receipts_csv(self) -> str:
        """One row a site and alert, in code order."""
        text = io.StringIO()
        table = csv.DictWriter(text, RECEIPT_COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(_row(outcome) for outcome in sorted(self.outcomes, key=lambda outcome: outcome.due.code))
        return text.getvalue()


def delays(results: Iterable[Outcome], issued: datetime) -> dict[str, dict[str, float]]:
    """Per path: how many sites heard it, how many heard it there first, and seconds from issue to the first copy."""
    heard: dict[Path, list[float]] = {}
    first: Counter[Path | None] = Counter()
    for outcome in results:
        first[outcome.path] += 1
        for path, at in outcome.receipt.first_heard.items() if outcome.receipt else ():
            heard.setdefault(path, []).append((at - issued).total_seconds())
    return {
        path.value: {
            "heard": len(seconds),
            "first": first[path],
            "median_s": round(median(seconds), 3),
            "worst_s": round(max(seconds), 3),
        }
        for path, seconds in sorted(heard.items())
    }


def _outputs(results: Iterable[Outcome]) -> dict[str, dict[str, int]]:
    """Per output: how many are proven, unproven and failed."""
    counts: dict[str, Counter[str]] = {}
    for outcome in results:
        for result in outcome.receipt.outputs if outcome.receipt else ():
            counts.setdefault(result.output, Counter())[result.proof] += 1
    return {output: {proof.value: count[proof] for proof in Proof} for output, count in sorted(counts.items())}


def _site(outcome: Outcome) -> dict[str, Any]:
    """A site's act and the proof of each output; who and where it is stands in receipts.csv."""
    receipt = outcome.receipt
    return {
        "code": outcome.due.code,
        "due": outcome.due.act.value,
        "act": receipt.act.value if receipt else None,
        "held": outcome.held,
        "outputs": [
            {"output": result.output, "proof": result.proof.value, "cause": result.cause.value, "detail": result.detail}
            for result in (receipt.outputs if receipt else ())
        ],
    }


def _prefecture(code: str, counts: Mapping[str, int]) -> dict[str, Any]:
    names = gazetteer.place(code).names
    return {"code": code, "name_en": names["en"], "name_ja": names["ja"], **counts}


def _row(outcome: Outcome) -> dict[str, object]:
    due, receipt = outcome.due, outcome.receipt
    row: dict[str, object] = {
        "code": due.code,
        "name_en": due.name_en,
        "name_ja": due.name_ja,
        "kind": due.kind.value,
        "prefecture": due.prefecture,
        "due": due.act.value,
        "act": receipt.act.value if receipt else "nothing heard",
        "held": "yes" if outcome.held else "no",
        "delay_s": "" if outcome.delay_s is None else f"{outcome.delay_s:.3f}",
    }
    if receipt:
        row |= {
            "first_path": receipt.first_path.value,
            "decided_at": receipt.decided_at.isoformat(),
            "gnss_copies": receipt.copies.get(Path.GNSS, 0),
            "multicast_copies": receipt.copies.get(Path.MULTICAST, 0),
            "ground_copies": receipt.copies.get(Path.GROUND, 0),
            "labelled": "yes" if receipt.labelled else ("no" if receipt.act is Act.SOUNDED else ""),
            "outputs": " ".join(f"{result.output}:{result.proof}" for result in receipt.outputs),
            "identifier": receipt.identifier,
            "why": receipt.why,
        }
    return row
