"""A hub that really listens, and people at it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.hub import Hub, running


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """One hub a module: people appointed, a few simulated sites, nothing on the air."""
    with running(tmp_path_factory.mktemp("hub")) as one:
        yield one


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Hub]:
    """A hub of one's own, without people."""
    with running(tmp_path, people=False) as one:
        yield one


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
