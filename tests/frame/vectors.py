"""The project's conformance suite (vectors/), one object a frame."""

import json
from functools import cache
from pathlib import Path

VECTORS = Path(__file__).parents[2] / "vectors"


@cache
def load(name):
    """All vectors of a file."""
    return tuple(json.loads(line) for line in (VECTORS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())


def everything():
    """Real and made ones."""
    return load("real") + load("made")


@cache
def containers():
    """Real items of receivers."""
    return json.loads((VECTORS / "containers.json").read_text(encoding="utf-8"))
