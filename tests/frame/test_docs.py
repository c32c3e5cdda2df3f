"""The pages on frames say what is: every example runs, every number of the suite is right."""

import doctest
import json
from pathlib import Path

import pytest

import satwarn.frame
from satwarn.frame.notation import schema

DOCS = Path(__file__).parents[2] / "docs"


def test_the_reference_runs():
    done = doctest.testfile(str(DOCS / "reference" / "frame.md"), module_relative=False)
    assert done.attempted > 20
    assert done.failed == 0


def test_the_module_says_what_is():
    assert doctest.testmod(satwarn.frame).failed == 0


def test_every_public_name_is_there_and_documented():
    page = (DOCS / "reference" / "frame.md").read_text(encoding="utf-8")
    for name in satwarn.frame.__all__:
        assert getattr(satwarn.frame, name) is not None
        assert name in page, name
    with pytest.raises(AttributeError):
        satwarn.frame.nothing  # noqa: B018 - asking is the point


def test_the_published_form_is_the_one_in_use():
    published = json.loads((DOCS / "reference" / "frame.schema.json").read_text(encoding="utf-8"))
    assert published == schema(), "run: satwarn frame schema > docs/reference/frame.schema.json"
