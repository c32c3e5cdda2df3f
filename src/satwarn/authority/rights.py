"""Which role carries which deed: the table `tables/rights.csv`, and nothing else."""

import csv
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Role(StrEnum):
    """What a person (or a machine) was appointed to do."""

    AUTHOR = "author"
    APPROVER = "approver"
    DUTY_OFFICER = "duty-officer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    MACHINE = "machine"


@cache
def rights() -> Mapping[Role, frozenset[str]]:
    """The deeds each role carries, by their words (`Deed` values and the deeds of the desk's own keeping)."""
    table = (files("satwarn.authority") / "tables" / "rights.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    return {role: frozenset(row["deed"] for row in rows if row[role] == "yes") for role in Role}


def deeds() -> tuple[str, ...]:
    """Every deed the table speaks of, in its order."""
    table = (files("satwarn.authority") / "tables" / "rights.csv").read_text(encoding="utf-8")
    return tuple(row["deed"] for row in csv.DictReader(table.splitlines()))
