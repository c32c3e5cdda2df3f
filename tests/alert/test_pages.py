"""The pages on rules and on the bridge are what the tables say."""

import pytest
from tools import bridge_pages

PAGES = [(bridge_pages.RULES, bridge_pages.rules_page), (bridge_pages.BRIDGE, bridge_pages.bridge_page)]


@pytest.mark.parametrize(("file", "page"), PAGES)
def test_the_pages_are_made_from_the_tables(file, page):
    assert file.read_text(encoding="utf-8") == page(), "run: python tools/bridge_pages.py"
