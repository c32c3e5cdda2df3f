"""What warning systems did wrong at the last mile, and what this one does there."""

import json
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from performances import performance, studio
from satwarn.adapters.device.simulated import rewritten
from satwarn.cli import app
from satwarn.people.mail import judge_mail, write


@pytest.fixture(scope="module")
def the_day(tmp_path_factory: pytest.TempPathFactory) -> Result:
    out = str(tmp_path_factory.mktemp("day"))
    return CliRunner().invoke(app, ["drill", "run", "japan-2017-08-18", "--as-it-happened", "--json", "--out", out])


@pytest.fixture(scope="module")
def report(the_day: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(the_day.stdout)
    return found


def test_f9_garbled_mail_silent_loudspeaker_and_unsent_mail_are_seen_at_once(
    the_day: Result, report: dict[str, Any]
) -> None:
    """18 August 2017: people told the prefectures that their mail was garbled; it was sent again an hour later."""
    assert the_day.exit_code == 1
    assert [(failure["code"], failure["output"], failure["cause"]) for failure in report["failures"]] == [
        ("31202", "speaker", "device"),
        ("32000", "mail", "charset"),
        ("33000", "mail", "charset"),
        ("34205", "mail", "path"),
    ]
    for name in ("Yonago", "Shimane", "Okayama", "Onomichi"):
        assert name in report["sentence"]


def test_f7_received_is_not_heard(report: dict[str, Any]) -> None:
    """29 August 2017: all 617 municipalities received it, 24 did not pass it on, and that was found out by asking."""
    yonago = next(site for site in report["sites"] if site["code"] == "31202")
    assert yonago["act"] == "sounded"
    assert not yonago["held"]
    assert [one["proof"] for one in yonago["outputs"]] == ["failed", "proven", "proven", "proven"]


def test_f7_every_cause_comes_with_what_to_do_next(report: dict[str, Any]) -> None:
    """The causes of that day were settings, power and cables: things somebody on the spot can put right."""
    assert all(failure["next_step"] for failure in report["failures"])


@pytest.mark.parametrize("tag", ["ja", "en", "de", "ko"])
def test_f9_a_mail_in_any_of_our_languages_is_whole_or_known_not_to_be(tag: str) -> None:
    """UTF-8 from end to end, and read back."""
    meant = write(performance(tag), sender="a@satwarn.example", recipient="b@satwarn.example")
    assert judge_mail(meant, meant.data) is None
    broken = rewritten(meant.data, written="utf-16", labelled="utf-8")
    assert judge_mail(meant, broken) is not None


@pytest.mark.parametrize("tag", ["ja", "en", "de", "ko"])
def test_f15_nobody_can_forget_to_say_that_it_is_a_drill(tag: str) -> None:
    """18 June 2019, Kushiro: "this is a drill" was left out, because an operator forgot a setting."""
    (said,) = performance(tag).announcements
    assert said.label is not None
    assert said.lines()[0] == said.label.before
    assert said.lines()[-1] == said.label.after
    parts = [part.what for part in studio(tag).parts(performance(tag))]
    assert (parts[0], parts[-1]) == ("drill-begins", "drill-ends")
