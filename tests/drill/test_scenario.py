"""The scenario of the day: who is due, and what a broken scenario is told."""

from collections import Counter
from importlib.resources import files

import pytest

from house import SCENARIO
from satwarn.drill import scenario
from satwarn.drill.due import Kind, due_sites
from satwarn.errors import BadScenario
from satwarn.ledger.receipt import Act

TEXT = (files("satwarn.drill") / "scenarios" / "japan-2017-08-18.toml").read_text(encoding="utf-8")


def test_211_are_due_and_38_must_stay_silent() -> None:
    sites = due_sites(SCENARIO)
    assert Counter(site.act for site in sites) == {Act.SOUNDED: 211, Act.SILENT: 38}
    sounding = Counter(site.kind for site in sites if site.act is Act.SOUNDED)
    assert sounding == {Kind.MUNICIPALITY: 202, Kind.OFFICE: 9}
    assert len({site.code for site in sites}) == 249
    assert len({site.prefecture for site in sites}) == 47


def test_offices_have_the_codes_of_their_prefecture() -> None:
    offices = [site.code for site in due_sites(SCENARIO) if site.kind is Kind.OFFICE]
    assert offices == [f"{prefecture}000" for prefecture in range(31, 40)]


@pytest.mark.parametrize(
    ("found", "instead", "says"),
    [
        ('approver = "M. Sato"', 'approver = "H. Tanaka"', "approve their own"),
        ("on_air_s = 180", "on_air_s = 1800", "does not hold"),
        ('author = "H. Tanaka"', "", "author"),
        ("[times]", "[times", "scenario file"),
        ("provider = 2", "provider = 2\nsatellites = 4", "satellites"),
    ],
)
def test_a_broken_scenario_is_told_what_is_wrong(found: str, instead: str, says: str) -> None:
    assert found in TEXT
    with pytest.raises(BadScenario, match=says) as error:
        scenario.parse(TEXT.replace(found, instead))
    assert error.value.exit_code == 2


def test_an_unknown_drill_names_the_ones_there_are() -> None:
    with pytest.raises(BadScenario, match="japan-2017-08-18"):
        scenario.load("japan-2017")
