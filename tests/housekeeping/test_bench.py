"""The bench can be run: a figure that nobody can measure again is no figure."""

import importlib
import pkgutil

import bench
import pytest


@pytest.mark.parametrize(
    "topic", [found.name for found in pkgutil.iter_modules(bench.__path__) if found.name != "__main__"]
)
def test_every_topic_can_be_imported(topic: str) -> None:
    module = importlib.import_module(f"bench.{topic}")
    assert topic == "row" or callable(module.run)
