"""One drill, run once; and the same with things that went wrong in it, for the page to show."""

from dataclasses import replace

import pytest

from satwarn.app import run
from satwarn.app.settings import DrillSettings
from satwarn.drill.outcome import Failure
from satwarn.ledger.receipt import Act, OutputResult, Proof


@pytest.fixture(scope="session")
def drilled(tmp_path_factory):
    """The report of a drill with a tenth of the copies lost, and the alert that was issued."""
    alerts = []
    page_of = run.page_of
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "page_of", lambda report, alert: (alerts.append(alert), page_of(report, alert))[1])
        settings = DrillSettings(out=tmp_path_factory.mktemp("drill"), loss=0.1)
        report = run.run_drill("japan-2017-08-18", settings, watch=lambda event: None)
    return report, alerts[0], settings.out


FAILED = {  # as on the day itself
    "31202": ("speaker", "power", "nothing was measured at the loudspeaker: check its power and its line"),
    "33000": ("mail", "charset", "the mail arrived garbled: send it as UTF-8 and declare it"),
    "32000": ("mail", "charset", "the mail arrived garbled: send it as UTF-8 and declare it"),
    "34205": ("mail", "device", "no mail arrived: look at the mail server's queue"),
}


def broken(outcome):
    """The outcome with proven outputs, and failed where the day of 2017 had it so."""
    if outcome.due.act is not Act.SOUNDED:
        return outcome
    output, cause, step = FAILED.get(outcome.due.code, ("", "", ""))
    results = tuple(
        OutputResult(output=one.output, proof=Proof.FAILED, cause=cause, detail=step, next_step=step)
        if one.output == output
        else OutputResult(output=one.output, proof=Proof.PROVEN)
        for one in outcome.receipt.outputs
    )
    failure = Failure(
        code=outcome.due.code, name_en=outcome.due.name_en, name_ja=outcome.due.name_ja,
        output=output, cause=cause, next_step=step,
    )  # fmt: skip
    return replace(outcome, receipt=replace(outcome.receipt, outputs=results), failures=(failure,) if output else ())


@pytest.fixture(scope="session")
def with_failures(drilled):
    """The same drill, four sites failed and the others proven."""
    report, _, _ = drilled
    return replace(report, outcomes=tuple(broken(outcome) for outcome in report.outcomes))
