"""The simulated sites in their process: every receipt comes, whatever dies; nothing outlives the hub."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from authority.making import warning
from house import ELEVEN, SAPPORO, YONAGO, signed, trust
from satwarn.adapters import clock
from satwarn.app import sites_keeper
from satwarn.app.sites_keeper import SitesKeeper
from satwarn.area import gazetteer
from satwarn.errors import Missing
from satwarn.ledger.receipt import Act

TOTTORI = tuple(place.code for place in gazetteer.municipalities() if place.code.startswith("31"))
SITES = (*TOTTORI, SAPPORO)
HOUR = timedelta(hours=1)
WITHIN_S = 60.0


class Kept:
    """A ledger that may be full."""

    def __init__(self) -> None:
        self.receipts: list[dict[str, Any]] = []
        self.full = 0
        self._changed = threading.Condition()

    def __call__(self, receipts: list[bytes]) -> "Future[None]":
        answer: Future[None] = Future()
        with self._changed:
            if self.full:
                self.full -= 1
                answer.set_exception(Missing("the disk is full"))
                return answer
            self.receipts += map(json.loads, receipts)
            self._changed.notify_all()
        answer.set_result(None)
        return answer

    def wait_for(self, true: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(true, WITHIN_S), "it did not happen in time"

    def about(self, identifier: str) -> set[str]:
        """Sites that have heard of a message."""
        return {one["site"] for one in self.receipts if one["identifier"] == identifier}

    @property
    def warned(self) -> set[str]:
        """Sites that say that they warned; the others say that it is not for them."""
        return {one["site"] for one in self.receipts if one["act"] == Act.SOUNDED}


def at_eleven() -> Callable[[], datetime]:
    begun = clock.stopwatch()
    return lambda: ELEVEN + timedelta(seconds=clock.stopwatch() - begun)


@contextmanager
def sites(kept: Kept, codes: tuple[str, ...] = SITES) -> Iterator[SitesKeeper]:
    keeper = SitesKeeper(trust(), now=at_eleven(), take=kept)
    keeper.start(codes)
    try:
        yield keeper
    finally:
        keeper.stop()
        assert keeper.pid == 0


def until(true: Callable[[], bool]) -> None:
    event, deadline = threading.Event(), clock.stopwatch() + WITHIN_S
    while not true():
        assert clock.stopwatch() < deadline, "it did not happen in time"
        event.wait(0.02)


def is_there(pid: int) -> bool:
    """Whether there is such a process, dead and unburied ones included."""
    return os.path.exists(f"/proc/{pid}")


def test_every_site_that_is_warned_says_so_and_can_be_looked_at() -> None:
    kept = Kept()
    with sites(kept) as keeper:
        keeper.hear_message(signed(warning()), until=ELEVEN + HOUR)
        kept.wait_for(lambda: kept.warned >= set(TOTTORI))
        assert keeper.state.up
        seen = keeper.look(YONAGO).result(WITHIN_S)
        (said,) = seen["said"]
        assert {one["language"]: one["headline"] for one in said}["en"] == "Missile launched"
        assert keeper.look(SAPPORO).result(WITHIN_S)["said"] == []
        assert isinstance(keeper.look("99999").exception(), Missing)
        assert keeper.troubles == []
    assert kept.warned == set(TOTTORI)


def test_killed_while_it_is_told_it_comes_back_and_no_receipt_is_missing() -> None:
    kept = Kept()
    with sites(kept) as keeper:
        until(lambda: keeper.state.up)
        killed = keeper.pid
        keeper.hear_message(signed(warning()), until=ELEVEN + HOUR)
        os.kill(killed, signal.SIGKILL)
        until(lambda: keeper.state.restarts == 1)
        assert "ended (-9)" in keeper.troubles[0]
        assert not is_there(killed)
        kept.wait_for(lambda: kept.warned == set(TOTTORI))
        assert keeper.pid not in (0, killed)


def test_what_is_over_is_not_told_to_a_process_that_is_started_again() -> None:
    kept = Kept()
    over, elsewhere = signed(warning()), signed(replace(warning(codes=("32",)), identifier="elsewhere"))
    with sites(kept, TOTTORI[:3]) as keeper:
        keeper.hear_message(over, until=ELEVEN + HOUR)
        kept.wait_for(lambda: kept.warned == set(TOTTORI[:3]))
        keeper.forget(over)
        keeper.hear_message(elsewhere, until=ELEVEN + HOUR)
        kept.wait_for(lambda: kept.about("elsewhere") == set(TOTTORI[:3]))
        os.kill(keeper.pid, signal.SIGKILL)
        until(lambda: keeper.state.down)
        kept.receipts.clear()
        kept.wait_for(lambda: kept.about("elsewhere") == set(TOTTORI[:3]))
        assert kept.warned == set()


def test_what_the_band_brought_before_the_sites_were_up_or_before_they_died_is_told_to_them() -> None:
    kept = Kept()
    carried = signed(warning())
    with sites(kept, TOTTORI[:3]) as keeper:
        assert not keeper.state.up
        keeper.hear_carried(carried, until=ELEVEN + HOUR)
        kept.wait_for(lambda: kept.warned == set(TOTTORI[:3]))
        assert {path for one in kept.receipts for path in one["first_heard"]} == {"multicast"}
        os.kill(keeper.pid, signal.SIGKILL)
        until(lambda: keeper.state.down)
        kept.receipts.clear()
        kept.wait_for(lambda: kept.warned == set(TOTTORI[:3]))


def test_what_a_full_disk_refuses_is_offered_again() -> None:
    kept = Kept()
    kept.full = 1
    with sites(kept, TOTTORI[:3]) as keeper:
        keeper.hear_message(signed(warning()), until=ELEVEN + HOUR)
        kept.wait_for(lambda: kept.warned == set(TOTTORI[:3]))
        assert keeper.troubles == ["receipts wait: the disk is full"]


def test_a_process_that_hangs_is_ended_and_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with sites(Kept(), TOTTORI[:1]) as keeper:
        until(lambda: keeper.state.up)
        monkeypatch.setattr(sites_keeper, "SILENT_S", 2.0)
        os.kill(keeper.pid, signal.SIGSTOP)
        until(lambda: keeper.state.restarts == 1)
        monkeypatch.undo()
        until(lambda: keeper.state.up)
    assert "said nothing" in keeper.troubles[0]


def test_sites_that_are_too_far_behind_lose_frames_but_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites_keeper, "MOST_WAITING", 2)
    kept = Kept()
    with sites(kept, TOTTORI[:1]) as keeper:
        until(lambda: keeper.state.up)
        os.kill(keeper.pid, signal.SIGSTOP)
        while not keeper.troubles:
            keeper.hear_frame(bytes(32), at=ELEVEN)
        assert keeper.troubles == ["the simulated sites are behind: a frame was lost"]
        keeper.hear_message(signed(warning()), until=ELEVEN + HOUR)
        os.kill(keeper.pid, signal.SIGCONT)
        kept.wait_for(lambda: kept.warned == set(TOTTORI[:1]))


HUB = """
import sys
from datetime import datetime
from satwarn.adapters import clock
from satwarn.alert.seal import Trust
from satwarn.app.sites_keeper import SitesKeeper
keeper = SitesKeeper(Trust(), now=clock.now, take=None)
keeper.start(["31202"])
while not keeper.state.up:
    clock.wait(0.02)
print(keeper.pid, flush=True)
sys.stdin.read()
"""


def test_a_hub_that_is_killed_leaves_no_process_behind() -> None:
    hub = subprocess.Popen([sys.executable, "-c", HUB], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert hub.stdout is not None
    assert hub.stdin is not None
    with hub.stdout, hub.stdin:
        child = int(hub.stdout.readline())
        assert is_there(child)
        hub.kill()
        hub.wait()
        until(lambda: not is_there(child))
