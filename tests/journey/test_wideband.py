"""The drill over the wide band: alone, beside the others, silent, forged, and the same again for the same seed."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from house import SCENARIO, exercise
from satwarn.adapters.keys import make_signing_key
from satwarn.adapters.ledger.sqlite import read_only
from satwarn.alert import cap, seal
from satwarn.alert.alert import Severity
from satwarn.alert.seal import Trust
from satwarn.app.run import run_drill, run_scenario
from satwarn.app.settings import DrillSettings
from satwarn.app.system import House
from satwarn.cli import app
from satwarn.drill.report import DrillReport
from satwarn.errors import BadScenario, BadSetting, Missing
from satwarn.ledger.receipt import Path as Way
from satwarn.uplink.carousel import Priority

SMALL = replace(SCENARIO, prefectures=("31",))
SECOND = timedelta(seconds=1)
Prepare = Callable[[House], None]


def run(out: Path, prepare: Prepare = lambda house: None, *, scenario=SMALL, **settings: object) -> DrillReport:
    chosen = {"multicast": True, "ground": False, "satellite": False, **settings}
    return run_scenario(scenario, DrillSettings(out=out, **chosen), watch=lambda event: None, prepare=prepare)


def rows(out: Path) -> dict[str, dict[str, str]]:
    text = (out / "receipts.csv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(text.splitlines())}


def kinds(out: Path) -> list[str]:
    return [entry.kind for entry in read_only(out / "ledger.db")]


def nothing_is_left(house: House) -> None:
    """No process runs on, no folder stays."""
    band = house.wideband
    assert not Path(band._folder.name).exists()
    assert band._receiver._process._process.returncode is not None
    assert band._sender._process._process.returncode is not None


def test_the_wide_band_alone_with_a_fifth_lost_brings_plan_and_alert_to_everybody(tmp_path):
    done = CliRunner().invoke(
        app,
        [
            *[
                "drill",
                "run",
                "japan-2017-08-18",
                "--multicast",
                "on",
                "--satellite",
                "off",
                "--ground",
                "off",
                "--loss",
                "0.2",
                "--json",
                "--out",
            ],
            str(tmp_path),
        ],
    )
    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert told["held"] is True
    assert told["paths"] == {"gnss": False, "multicast": True, "ground": False}
    assert told["delays"]["multicast"]["heard"] == told["delays"]["multicast"]["first"] == 249
    assert {row["first_path"] for row in rows(tmp_path).values()} == {"multicast"}
    assert "bring" not in kinds(tmp_path), "the plan travelled by the wide band too"
    assert kinds(tmp_path).count("heartbeat") == 9


def test_one_of_three_paths_is_enough_and_receipts_name_the_first(tmp_path):
    """Three sites have one path each; all others hear all three, and each path says how soon it was."""
    alone = {"31201": Way.GNSS, "31202": Way.MULTICAST, "31203": Way.GROUND}

    def cut(house: House) -> None:
        numbers = {code: number for number, code in enumerate(house.sites)}

        def once_armed() -> None:
            for code, path in alone.items():
                if path is not Way.GROUND:
                    house.ground._sites[code] = lambda message, at: None
                if path is not Way.MULTICAST:
                    house.wideband.air.faults.deaf.add(numbers[code])

        for code, path in alone.items():
            if path is not Way.GNSS:
                house.sites[code].hear_frame = lambda frame, satellite: None
        house.clock.at(house.scenario.times.armed_from, once_armed)

    report = run(tmp_path, cut, ground=True, satellite=True)
    assert not report.failures
    table = rows(tmp_path)
    assert {code: table[code]["first_path"] for code in alone} == {code: path.value for code, path in alone.items()}
    heard = report.to_json()["delays"]
    assert set(heard) == {"gnss", "multicast", "ground"}
    assert heard["ground"]["median_s"] < heard["gnss"]["median_s"] < heard["multicast"]["median_s"] + 5
    assert table["31204"]["multicast_copies"] == "1"


def test_a_user_cuts_paths_at_single_sites_and_each_still_proves_every_output(tmp_path):
    cuts = {
        "31201": ("multicast", "ground"),
        "31202": ("gnss", "ground"),
        "31203": ("gnss", "multicast"),
    }
    words = [word for code, paths in cuts.items() for path in paths for word in ("--cut", f"{path}@{code}")]
    done = CliRunner().invoke(
        app, ["drill", "run", "japan-2017-08-18", "--multicast", "on", *words, "--json", "--out", str(tmp_path)]
    )
    assert done.exit_code == 0, done.output
    table = rows(tmp_path)
    firsts = {code: table[code]["first_path"] for code in cuts}
    assert firsts == {"31201": "gnss", "31202": "multicast", "31203": "ground"}
    assert all("unproven" not in table[code]["outputs"] for code in cuts)
    assert {table[code]["held"] for code in cuts} == {"yes"}
    told = json.loads(done.stdout)
    assert sum("cut on purpose" in remark for remark in told["remarks"]) == 3
    assert all(one["heard"] == 247 for one in told["delays"].values())


@pytest.mark.parametrize("cut", ["gnss", "gnss@", "gnss@99999", "pigeon@31202", "@31202"])
def test_a_cut_of_nothing_is_wrong_use(tmp_path, cut):
    done = CliRunner().invoke(app, ["drill", "run", "japan-2017-08-18", "--cut", cut, "--out", str(tmp_path / "no")])
    assert isinstance(done.exception, BadScenario)
    assert not (tmp_path / "no").exists()


def test_supplies_travel_by_the_wide_band_and_the_report_says_who_took_them(tmp_path):
    def deafen(house: House) -> None:
        house.wideband.air.faults.deaf.add(list(house.sites).index("31202"))

    houses: list[House] = []
    report = run(tmp_path, lambda house: (houses.append(house), deafen(house))[1], ground=True, bandwidth_bit_s=64_000)
    told = report.to_json()["wide_band"]
    assert told["bandwidth_bit_s"] == 64_000
    assert [(one["kind"], one["missing"]) for one in told["supplies"]] == [
        ("trust", ["31202"]),
        ("language", ["31202"]),
    ]
    assert {one["took"] for one in told["supplies"]} == {len(report.outcomes) - 1}
    believed = {code: len(house_trust(houses[0], code).pins) for code in houses[0].sites}
    assert believed.pop("31202") == 1
    assert set(believed.values()) == {2}, "the spare certificate is believed beside the old one"
    assert "not by 31202" in (tmp_path / "report.html").read_text(encoding="utf-8")


def house_trust(house: House, code: str) -> Trust:
    return house.wideband.supplies[code].trust


@pytest.mark.parametrize("bandwidth", ["63k", "20M", "fast"])
def test_a_bandwidth_that_no_provider_sells_is_wrong_use(tmp_path, bandwidth):
    done = CliRunner().invoke(
        app, ["drill", "run", "japan-2017-08-18", "--bandwidth", bandwidth, "--out", str(tmp_path / "never")]
    )
    assert isinstance(done.exception, BadSetting)
    assert done.exception.exit_code == 2
    assert not (tmp_path / "never").exists()


def test_the_same_seed_gives_the_same_times_on_the_wide_band(tmp_path):
    told = []
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        report = run(tmp_path / name, loss=0.3, seed=seed).to_json()
        told.append((report["delays"], report["counts"], report["deeds"], rows(tmp_path / name)))
    assert told[0] == told[1]
    assert told[0] != told[2]


def test_silence_alarms_at_every_site_and_shows_at_the_desk(tmp_path):
    def silence(house: House) -> None:
        house.clock.at(house.scenario.times.issue + 20 * SECOND, house.wideband.transmitter.stop)

    report = run(tmp_path, silence, ground=True)
    said = report.to_json()
    assert {fault["fault"] for fault in said["faults"]} == {"silence"}
    assert len(said["faults"]) == len(report.outcomes)
    assert any("does not hear its own wide band" in remark for remark in said["remarks"])
    assert kinds(tmp_path).count("silence") == 1
    assert kinds(tmp_path).count("fault") == len(report.outcomes), "the ground brought each site's fault to the ledger"


def test_a_transmitter_killed_in_the_middle_of_the_alert_goes_on_when_it_is_back(tmp_path):
    def kill(house: House) -> None:
        issue = house.scenario.times.issue
        house.clock.at(issue + SECOND / 5, house.wideband.transmitter.stop)
        house.clock.at(issue + 10 * SECOND, house.wideband.transmitter.start)

    houses: list[House] = []
    report = run(tmp_path, lambda house: (houses.append(house), kill(house))[1], loss=0.1)
    assert report.held
    assert 10 < report.to_json()["delays"]["multicast"]["median_s"] < 13
    nothing_is_left(houses[0])


def test_a_forged_alert_on_the_wide_band_is_a_fault_and_never_a_sound(tmp_path):
    def forge(house: House) -> None:
        stranger = make_signing_key(house.scenario.said.sender, now=house.clock.now)
        alert = exercise(sent=house.scenario.times.issue - 60 * SECOND, identifier="forged")
        forged = seal.sign(cap.write(alert), key_pem=stranger.key_pem, certificate_pem=stranger.certificate_pem)
        until = house.scenario.times.ends
        put = house.wideband._put
        house.clock.at(
            house.scenario.times.issue - 50 * SECOND,
            lambda: put(forged, Priority.LIVE, Severity.EXTREME, until=until),
        )

    report = run(tmp_path, forge)
    assert report.held
    assert {fault["fault"] for fault in report.to_json()["faults"]} == {"signature"}
    assert {row["identifier"] for row in rows(tmp_path).values()} == {report.happened.identifier}


def test_without_the_extra_the_drill_says_what_to_install_and_keeps_the_last_report(tmp_path, monkeypatch):
    (tmp_path / "report.json").write_text("the last one")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Missing, match=r"pip install 'satwarn\[receiver\]'"):
        run_drill("japan-2017-08-18", DrillSettings(out=tmp_path, multicast=True), watch=lambda event: None)
    assert (tmp_path / "report.json").read_text() == "the last one"
    assert Missing.exit_code == 2
