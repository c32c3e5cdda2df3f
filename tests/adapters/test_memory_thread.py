"""A memory kept by a thread of its own: the newest is written, a slow disk holds nobody up, a full one is told."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from satwarn.adapters.memory import MemoryFile, MemoryThread


class Disk(MemoryFile):
    """A disk that writes when it is let, and refuses while it is full."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.go, self.asked, self.full = threading.Event(), threading.Semaphore(0), False
        self.go.set()

    def keep(self, text: str) -> None:
        self.asked.release()
        assert self.go.wait(10)
        if self.full:
            raise OSError(28, "no space left on device")
        super().keep(text)


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "state" / "memory.json")


@pytest.fixture
def memory(disk: Disk) -> Iterator[MemoryThread]:
    kept = MemoryThread(disk)
    yield kept
    disk.go.set()
    kept.close()


def test_what_is_kept_is_read_again(memory: MemoryThread, disk: Disk) -> None:
    assert memory.read() is None
    memory.keep("one")
    assert memory.read() == "one"
    assert disk.read() == "one"


def test_a_hanging_disk_holds_nobody_up_and_the_newest_is_written(memory: MemoryThread, disk: Disk) -> None:
    disk.go.clear()
    memory.keep("one")
    assert disk.asked.acquire(timeout=10)  # it hangs in the first write
    for text in ("two", "three", "four"):
        memory.keep(text)
    disk.go.set()
    assert memory.read() == "four"
    writes = 1
    while disk.asked.acquire(blocking=False):
        writes += 1
    assert writes == 2


def test_a_full_disk_is_told_at_the_next_word_and_forgotten_when_it_is_well(memory: MemoryThread, disk: Disk) -> None:
    disk.full = True
    memory.keep("one")
    memory.wait()
    with pytest.raises(OSError, match="no space"):
        memory.keep("two")
    memory.wait()
    disk.full = False
    with pytest.raises(OSError, match="no space"):
        memory.keep("three")
    assert memory.read() == "three"
    memory.keep("four")
    assert memory.read() == "four"


def test_closing_writes_what_is_left(memory: MemoryThread, disk: Disk) -> None:
    disk.go.clear()
    memory.keep("one")
    assert disk.asked.acquire(timeout=10)
    memory.keep("two")
    threading.Timer(0.01, disk.go.set).start()
    memory.close()
    assert disk.read() == "two"
