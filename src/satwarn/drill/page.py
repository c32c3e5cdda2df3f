"""`report.html`: the drill as one page an officer reads. First the sentence, then the picture, then the table.

One file, nothing asked of the outside; every word that came from elsewhere is escaped by the templates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from satwarn.drill.map import country, region_of
from satwarn.drill.outcome import OUTPUT_WORDS, Outcome
from satwarn.drill.page_delays import timeline
from satwarn.drill.page_facts import MARKS, PATHS, figure, mark_of, moment, outputs, parts, whole
from satwarn.drill.report import DrillReport

SEAL_GROUP = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Dress:
    """The house's look as the page needs it: tokens as CSS, symbol and word of each mark, the band's words by language.

    `css` goes into the page as it is and must hold no text from elsewhere.
    """

    css: str
    symbols: Mapping[str, str]
    words: Mapping[str, str]
    band: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What was sent in one language, and the label that receivers put before and after it."""

    language: str
    name: str
    before: str
    event: str
    headline: str
    description: str
    instruction: str
    areas: str
    after: str


def page(report: DrillReport, sayings: Sequence[Saying], dress: Dress) -> str:
    """The whole page as HTML."""
    outcomes, scenario = report.outcomes, report.scenario
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            happened=report.happened,
            scenario=scenario,
            sayings=sayings,
            dress=dress,
            marks=MARKS,
            output_words=OUTPUT_WORDS,
            paths=PATHS,
            total=whole(outcomes),
            overall=_overall(outcomes),
            maps=(
                region_of(outcomes, scenario.prefectures, dress.words, region=scenario.region),
                country(outcomes, scenario.prefectures, dress.words, region=scenario.region),
            ),
            timeline=timeline(report),
            parts=parts(outcomes, scenario.prefectures),
            outputs=outputs(outcomes),
            sites=_sites(outcomes),
            seal=[report.happened.ledger_seal[at : at + SEAL_GROUP] for at in range(0, 64, SEAL_GROUP)],
            moment=partial(moment, scenario=scenario),
            instant=lambda text: moment(datetime.fromisoformat(text), scenario),
            figure=figure,
            mark_of=mark_of,
        )
    )


def _overall(outcomes: Sequence[Outcome]) -> str:
    """The mark of the whole: the worst there is."""
    found = {mark_of(outcome) for outcome in outcomes}
    return next((mark for mark in ("failed", "unproven", "proven") if mark in found), "silent")


def _sites(outcomes: Sequence[Outcome]) -> list[tuple[str, list[Outcome]]]:
    ordered = sorted(outcomes, key=lambda one: one.due.code)
    return [(code, list(group)) for code, group in groupby(ordered, key=lambda one: one.due.prefecture)]


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("satwarn.drill"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
