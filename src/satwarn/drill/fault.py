"""What may be broken in a drill, and where: `NAME` strikes at its usual site, `NAME@CODE` at another."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from satwarn.drill.due import Due
from satwarn.errors import BadScenario
from satwarn.ledger.receipt import Act, Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing a device can do wrong: at `site` unless told otherwise; `source` says where it happened, if it did."""

    name: str
    output: str
    site: str
    what: str
    source: str


@cache
def faults() -> Mapping[str, Fault]:
    """Every fault by name, from faults.csv."""
    table = (files("satwarn.drill") / "faults.csv").read_text(encoding="utf-8")
    return {row["name"]: Fault(**row) for row in csv.DictReader(table.splitlines())}


Broken = Mapping[tuple[str, str], str]  # (site, output) -> name of the fault


def broken(chosen: Iterable[str], sites: Iterable[Due]) -> Broken:
    """Where the chosen faults strike.

    BadScenario for a fault nobody knows, a site that has no such output or owes nothing, or two faults in one output.
    """
    due = {site.code: site for site in sites if site.act is Act.SOUNDED}
    found: dict[tuple[str, str], str] = {}
    for one in chosen:
        name, at, code = one.partition("@")
        fault = _fault(name, one)
        if at and not code:
            raise BadScenario("no site follows the @", where=_where(one), fix=f"{name} or {name}@{fault.site}")
        site = due.get(code or fault.site)
        if site is None or fault.output not in site.outputs:
            raise BadScenario(f"no site {code or fault.site} with a {fault.output} is due to sound", where=_where(one))
        if found.setdefault((site.code, fault.output), name) != name:
            raise BadScenario(f"the {fault.output} of {site.code} already has another fault", where=_where(one))
    return found


def cut_off(chosen: Iterable[str], sites: Iterable[Due]) -> Mapping[str, frozenset[Path]]:
    """The paths that are cut at single sites, each given as PATH@CODE; BadScenario where there is no such thing."""
    codes = {site.code for site in sites}
    found: dict[str, frozenset[Path]] = {}
    for one in chosen:
        path, _, code = one.partition("@")
        if path not in set(Path) or code not in codes:
            raise BadScenario(
                "no such path at no such site", where=f"--cut {one}", fix="gnss@31202, multicast@31202 or ground@31202"
            )
        found[code] = found.get(code, frozenset()) | {Path(path)}
    return found


def _fault(name: str, given: str) -> Fault:
    if name not in faults():
        raise BadScenario("no fault has this name", where=_where(given), fix=f"one of {', '.join(faults())}")
    return faults()[name]


def _where(given: str) -> str:
    return f"--fault {given}"
