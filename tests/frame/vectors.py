"""Real frames for the tests: the project's own conformance suite (vectors/)."""

import json
from functools import cache
from pathlib import Path

VECTORS = Path(__file__).parents[2] / "vectors"
SHARED = Path(__file__).parents[3] / "shared" / "vectors"


@cache
def real():
    """The frames recorded on the air."""
    return tuple(json.loads((SHARED / "l1s-real.json").read_text(encoding="utf-8"))["vectors"])
