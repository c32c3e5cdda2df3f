"""Two drills, each run once: a clean one with copies lost, and the day as it was, with its four broken devices."""

from typing import NamedTuple

import pytest

from satwarn.alert.alert import Alert
from satwarn.app import run
from satwarn.app.settings import DrillSettings
from satwarn.drill.report import DrillReport


class Drilled(NamedTuple):
    """The report of a drill, the alert issued in it, and the folder it was written to."""

    report: DrillReport
    alert: Alert
    out: object


def _drill(folder, **settings):
    alerts, page_of = [], run.page_of
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "page_of", lambda report, alert: (alerts.append(alert), page_of(report, alert))[1])
        report = run.run_drill("japan-2017-08-18", DrillSettings(out=folder, **settings), watch=lambda event: None)
    return Drilled(report, alerts[0], folder)


@pytest.fixture(scope="session")
def clean(tmp_path_factory):
    return _drill(tmp_path_factory.mktemp("clean"), loss=0.1)


@pytest.fixture(scope="session")
def the_day(tmp_path_factory):
    return _drill(tmp_path_factory.mktemp("day"), as_it_happened=True)
