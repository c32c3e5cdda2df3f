"""The whole way: every path, loss, faults; the same seed the same drill."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from house import SCENARIO
from satwarn.alert import cap, seal
from satwarn.alert.seal import Verdict
from satwarn.app.run import run_scenario
from satwarn.app.settings import DrillSettings
from satwarn.app.system import House
from satwarn.drill.report import DrillReport
from satwarn.drill.scenario import Scenario
from satwarn.ledger.chain import verify
from satwarn.ledger.receipt import Path as Way

GOLDEN = "53B0000DE2E216F920880000000000000000001FF00000000000001001758C8"


SMALL = replace(SCENARIO, prefectures=("31",))
CUT_ONCE_ARMED, WITHOUT_PLAN, FORGED_AT, CUT_FOR_A_WHILE = "31202", "31203", "31204", "31325"


def run(
    out: Path,
    prepare: Callable[[House], None] = lambda house: None,
    *,
    scenario: Scenario = SCENARIO,
    **settings: object,
) -> DrillReport:
    chosen = DrillSettings(out=out, **settings)  # type: ignore[arg-type]
    return run_scenario(scenario, chosen, watch=lambda event: None, prepare=prepare)


def rows(out: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((out / "receipts.csv").read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def drilled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DrillReport, House]:
    houses: list[House] = []
    out = tmp_path_factory.mktemp("drill")
    report = run(out, houses.append)
    return out, report, houses[0]


def test_everybody_due_sounded_and_everybody_else_stayed_silent(drilled: tuple[Path, DrillReport, House]) -> None:
    out, report, _ = drilled
    assert report.held
    table = rows(out)
    assert len(table) == 249
    assert next(iter(table[0])) == "code"
    sounded = {row["code"] for row in table if row["act"] == "sounded"}
    assert len(sounded) == 211
    assert {code[:2] for code in sounded} == {str(prefecture) for prefecture in range(31, 40)}
    assert {f"{prefecture}000" for prefecture in range(31, 40)} <= sounded


def test_the_report_is_utf_8_without_escapes(drilled: tuple[Path, DrillReport, House]) -> None:
    text = (drilled[0] / "report.json").read_text(encoding="utf-8")
    assert "\\u" not in text
    values = json.loads(text)
    assert values["held"] is True
    assert values["failures"] == []
    assert values["status"] == "Exercise"
    assert any("simulated" in line for line in values["simulated"])
    assert any("2024" in line for line in values["simulated"])


def test_the_first_frame_is_the_golden_one_at_eleven(drilled: tuple[Path, DrillReport, House]) -> None:
    frames = drilled[1].to_json()["frames"]
    assert frames[0]["hex"] == GOLDEN
    assert frames[0]["at"] == "2017-08-18T11:00:00+09:00"
    assert len(frames) == 45


def test_deeds_come_before_what_they_send(drilled: tuple[Path, DrillReport, House]) -> None:
    house = drilled[2]
    kinds = [entry.kind for entry in _ledger(drilled[0])]
    agreed = ["draft", "submit", "approve", "issue", "send"]
    assert [kind for kind in kinds if kind not in ("receipt", "transmit")] == agreed * 2
    assert kinds.index("transmit") > [i for i, kind in enumerate(kinds) if kind == "issue"][1]
    assert house.frames


def test_the_alert_on_the_ground_is_the_exercise_and_lists_its_frames(drilled: tuple[Path, DrillReport, House]) -> None:
    entry = [entry for entry in _ledger(drilled[0]) if entry.kind == "issue"][1]
    signed = entry.body["cap"].encode()
    judged = seal.verify(signed, drilled[2].trust, at=entry.time)
    assert judged.verdict is Verdict.TRUSTED
    alert = judged.alert
    assert alert.status == "Exercise"
    assert alert.parameters("satwarn:purpose") == ("exercise",)
    assert alert.parameters("satwarn:frame") == drilled[1].happened.payloads
    assert alert.geocodes("JISX0401") == tuple(str(prefecture) for prefecture in range(31, 40))
    assert cap.check_schema(signed) == []
    for word in ("missile", "ミサイル", "Rakete", "미사일"):
        assert not any(word in f"{info.headline} {info.description} {info.instruction}" for info in alert.infos)


def test_the_ledger_holds_and_the_report_names_its_head(drilled: tuple[Path, DrillReport, House]) -> None:
    head = verify(_ledger(drilled[0]))
    assert drilled[1].to_json()["ledger"] == {"entries": head.position, "seal": head.seal}


def _ledger(out: Path) -> list:  # type: ignore[type-arg]
    from satwarn.adapters.ledger.sqlite import read_only

    return list(read_only(out / "ledger.db"))


@pytest.mark.parametrize(
    ("settings", "first"),
    [({"ground": False}, "gnss"), ({"satellite": False}, "ground")],
    ids=["satellite alone", "ground alone"],
)
def test_no_path_needs_another(tmp_path: Path, settings: dict[str, bool], first: str) -> None:
    report = run(tmp_path, scenario=SMALL, loss=0.2, **settings)
    assert report.held
    assert {row["first_path"] for row in rows(tmp_path)} == {first}
    assert report.happened.collected is (first == "gnss")


def test_nothing_gets_through_and_everybody_due_failed(tmp_path: Path) -> None:
    report = run(tmp_path, loss=1.0)
    assert not report.held
    assert len(report.failures) == 211
    assert {failure.cause for failure in report.failures} == {"path"}


def what_is_seed_given(report: DrillReport, out: Path) -> tuple[object, ...]:
    shown = report.to_json()
    return shown["frames"], shown["deeds"], shown["delays"], shown["counts"], rows(out)


def test_the_same_seed_gives_the_same_drill(tmp_path: Path) -> None:
    told = []
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        report = run(tmp_path / name, scenario=SMALL, loss=0.3, seed=seed)
        told.append(what_is_seed_given(report, tmp_path / name))
        assert {outcome.path for outcome in report.outcomes} == {Way.GNSS, Way.GROUND}
    assert told[0] == told[1]
    assert told[0] != told[2]


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DrillReport, House]:
    """One drill in which each of four sites has a trouble of its own; no other site fails."""
    houses: list[House] = []

    def trouble(house: House) -> None:
        houses.append(house)
        issue, cut = house.scenario.times.issue, house.ground.faults.cut
        house.clock.at(house.scenario.times.armed_from, lambda: cut.add(CUT_ONCE_ARMED))
        cut.add(WITHOUT_PLAN)
        house.clock.at(issue + timedelta(seconds=0.5), lambda: cut.add(CUT_FOR_A_WHILE))
        house.clock.at(issue + timedelta(seconds=100.5), lambda: cut.discard(CUT_FOR_A_WHILE))

        def alter(site: str, message: bytes) -> bytes:
            return message.replace(b"warning system", b"warning System") if site == FORGED_AT else message

        house.ground.faults.alter = alter

    out = tmp_path_factory.mktemp("troubled")
    report = run(out, trouble, scenario=SMALL)
    assert {failure.code for failure in report.failures} == {CUT_ONCE_ARMED, WITHOUT_PLAN}
    return out, report, houses[0]


def test_a_receipt_that_cannot_come_back_is_not_guessed(troubled: tuple[Path, DrillReport, House]) -> None:
    _, report, house = troubled
    # It sounded, but its receipt could not come back: the drill says so instead of guessing.
    assert CUT_ONCE_ARMED in {failure.code for failure in report.failures}
    assert len(house.sites[CUT_ONCE_ARMED].said) == 1


def test_without_its_plan_a_site_does_not_trust_the_frame(troubled: tuple[Path, DrillReport, House]) -> None:
    _, report, house = troubled
    assert WITHOUT_PLAN in {failure.code for failure in report.failures}
    assert house.sites[WITHOUT_PLAN].said == []
    assert any("no signed plan" in line for line in house.sites[WITHOUT_PLAN].logged)


def test_a_site_that_gets_a_forged_alert_raises_a_fault_and_sounds_by_satellite(
    troubled: tuple[Path, DrillReport, House],
) -> None:
    out, report, _ = troubled
    row = next(row for row in rows(out) if row["code"] == FORGED_AT)
    assert (row["first_path"], row["act"]) == ("gnss", "sounded")
    assert [fault["code"] for fault in report.to_json()["faults"]] == [FORGED_AT]


def test_a_line_cut_and_mended_ends_with_the_newest_receipt(troubled: tuple[Path, DrillReport, House]) -> None:
    receipt = next(outcome.receipt for outcome in troubled[1].outcomes if outcome.due.code == CUT_FOR_A_WHILE)
    assert receipt is not None
    assert receipt.copies[Way.GNSS] == 180


def test_a_site_restarted_during_the_alert_sounds_from_the_air_never_from_storage(tmp_path: Path) -> None:
    def restart(house: House) -> None:
        issue = house.scenario.times.issue
        house.clock.at(issue + timedelta(seconds=30), house.sites["31202"].restart)
        house.clock.at(issue + timedelta(seconds=200), house.sites["31203"].restart)

    houses: list[House] = []

    def prepare(house: House) -> None:
        houses.append(house)
        restart(house)

    report = run(tmp_path, prepare, scenario=SMALL, ground=False)
    assert report.held
    assert len(houses[0].sites["31203"].said) == 1
