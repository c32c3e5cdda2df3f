"""The whole way: every path, loss, faults; the same seed the same drill."""

import csv
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from satwarn.alert import cap, seal
from satwarn.alert.seal import Verdict
from satwarn.app.run import run_drill
from satwarn.app.settings import DrillSettings
from satwarn.app.system import House
from satwarn.drill.report import DrillReport
from satwarn.ledger.chain import verify
from satwarn.ledger.receipt import Path as Way

GOLDEN = "53B0000DE2E216F920880000000000000000001FF00000000000001001758C8"


def run(out: Path, prepare: Callable[[House], None] = lambda house: None, **settings: object) -> DrillReport:
    return run_drill(
        "japan-2017-08-18",
        DrillSettings(out=out, **settings),  # type: ignore[arg-type]
        watch=lambda event: None,
        prepare=prepare,
    )


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
    report = run(tmp_path, loss=0.2, **settings)
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
    told = [
        what_is_seed_given(run(tmp_path / name, loss=0.3, seed=seed), tmp_path / name)
        for name, seed in (("a", 7), ("b", 7), ("c", 8))
    ]
    assert told[0] == told[1]
    assert told[0] != told[2]


def test_a_receipt_that_cannot_come_back_is_not_guessed(tmp_path: Path) -> None:
    def cut_once_armed(house: House) -> None:
        house.clock.at(house.scenario.times.armed_from, lambda: house.ground.faults.cut.add("31202"))

    report = run(tmp_path, cut_once_armed)
    # It sounded, but its receipt could not come back: the drill says so instead of guessing.
    assert [failure.code for failure in report.failures] == ["31202"]


def test_without_its_plan_a_site_does_not_trust_the_frame(tmp_path: Path) -> None:
    houses: list[House] = []

    def cut(house: House) -> None:
        houses.append(house)
        house.ground.faults.cut.add("31202")

    report = run(tmp_path, cut)
    assert [failure.code for failure in report.failures] == ["31202"]
    assert houses[0].sites["31202"].said == []
    assert any("no signed plan" in line for line in houses[0].sites["31202"].logged)


def test_a_site_that_gets_a_forged_alert_raises_a_fault_and_sounds_by_satellite(tmp_path: Path) -> None:
    def forge(house: House) -> None:
        def alter(site: str, message: bytes) -> bytes:
            return message.replace(b"warning system", b"warning System") if site == "31202" else message

        house.ground.faults.alter = alter

    report = run(tmp_path, forge)
    row = next(row for row in rows(tmp_path) if row["code"] == "31202")
    assert report.held
    assert row["first_path"] == "gnss"
    assert [fault["code"] for fault in report.to_json()["faults"]] == ["31202"]


def test_a_site_restarted_during_the_alert_sounds_from_the_air_never_from_storage(tmp_path: Path) -> None:
    def restart(house: House) -> None:
        issue = house.scenario.times.issue
        house.clock.at(issue + timedelta(seconds=30), house.sites["31202"].restart)
        house.clock.at(issue + timedelta(seconds=200), house.sites["31203"].restart)

    houses: list[House] = []

    def prepare(house: House) -> None:
        houses.append(house)
        restart(house)

    report = run(tmp_path, prepare, ground=False)
    assert report.held
    assert len(houses[0].sites["31203"].said) == 1


def test_receipts_name_the_way_the_first_copy_took(tmp_path: Path) -> None:
    report = run(tmp_path, loss=0.3, seed=3)
    assert {outcome.path for outcome in report.outcomes} == {Way.GNSS, Way.GROUND}


def test_a_line_cut_and_mended_ends_with_the_newest_receipt(tmp_path: Path) -> None:
    def cut_for_a_while(house: House) -> None:
        issue = house.scenario.times.issue
        house.clock.at(issue + timedelta(seconds=0.5), lambda: house.ground.faults.cut.add("31202"))
        house.clock.at(issue + timedelta(seconds=100.5), lambda: house.ground.faults.cut.discard("31202"))

    report = run(tmp_path, cut_for_a_while)
    assert report.held
    receipt = next(outcome.receipt for outcome in report.outcomes if outcome.due.code == "31202")
    assert receipt is not None
    assert receipt.copies[Way.GNSS] == 180
