"""FLUTE is an extra: without it these tests say so, they do not fail."""

import pytest

pytest.importorskip("flute", reason="the wide band needs flute-alc: pip install 'satwarn[receiver]'")
