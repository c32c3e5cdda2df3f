"""The report's page, dressed: hands the house's look and the words of the alert to the drill."""

from satwarn.alert.alert import Alert, Info
from satwarn.alert.purpose import PARAMETER, Purpose, rules
from satwarn.drill.page import Dress, Saying, page
from satwarn.drill.report import DrillReport
from satwarn.people.language import language, tags
from satwarn.people.look import look


def page_of(report: DrillReport, alert: Alert) -> str:
    """`report.html` of a drill and the alert that was issued in it."""
    return page(report, tuple(_saying(info) for info in alert.infos), dress())


def dress() -> Dress:
    """The house's look as the page takes it."""
    tokens = look()
    return Dress(
        css=tokens.css(),
        symbols={name: mark.symbol for name, mark in tokens.marks.items()},
        words={name: mark.words["en"] for name, mark in tokens.marks.items()},
        band=tokens.worlds["exercise"].words,
    )


def _saying(info: Info) -> Saying:
    tag = info.language.partition("-")[0]
    label = rules()[Purpose(info.parameter(PARAMETER)[0])].label
    around = language(tag).label(label) if label and tag in tags() else None
    return Saying(
        language=info.language,
        name=language(tag).name if tag in tags() else info.language,
        before=around.before if around else "",
        event=info.event,
        headline=info.headline,
        description=info.description,
        instruction=info.instruction,
        areas=", ".join(area.description for area in info.areas),
        after=around.after if around else "",
    )
