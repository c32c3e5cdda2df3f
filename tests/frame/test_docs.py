"""The pages on frames say what is: every example runs, every number of the suite is right."""

import doctest
from pathlib import Path

import satwarn.frame

DOCS = Path(__file__).parents[2] / "docs"


def test_the_reference_runs():
    done = doctest.testfile(str(DOCS / "reference" / "frame.md"), module_relative=False)
    assert done.attempted > 20
    assert done.failed == 0


def test_the_module_says_what_is():
    assert doctest.testmod(satwarn.frame).failed == 0


def test_every_public_name_is_documented():
    page = (DOCS / "reference" / "frame.md").read_text(encoding="utf-8")
    for name in satwarn.frame.__all__:
        assert name in page, name
