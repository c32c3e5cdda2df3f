"""One suite for every adapter of the ground path: signed bytes to every site, receipts back, and nothing lost."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest

from satwarn.adapters import clock
from satwarn.adapters.clock import VirtualClock
from satwarn.adapters.ground.local import LocalGround
from satwarn.adapters.ground.websocket import WebSocketLine
from satwarn.adapters.ground.websocket_hub import WebSocketGround
from satwarn.adapters.ground.wire import back_off_s
from satwarn.hub.ports import Ground, Hear, Line

LONG = timedelta(hours=1)


class Rig(Protocol):
    """A ground with its sites, and a way to let time pass until something is true."""

    ground: Ground
    now: Callable[[], datetime]

    def connect(self, site: str, hear: Hear) -> Line: ...
    def until(self, true: Callable[[], bool]) -> None: ...
    def cut(self, site: str) -> None: ...


class Local:
    def __init__(self) -> None:
        self._clock = VirtualClock(datetime(2026, 6, 3, tzinfo=UTC))
        self.ground = LocalGround(self._clock, loss=0.0, chance=lambda: 0.5)
        self.now = lambda: self._clock.now

    def connect(self, site: str, hear: Hear) -> Line:
        return self.ground.connect(site, hear)

    def until(self, true: Callable[[], bool]) -> None:
        self._clock.run_until(self._clock.now + timedelta(seconds=10))
        assert true()

    def cut(self, site: str) -> None:
        self.ground.faults.cut.add(site)
        self._clock.run_until(self._clock.now + timedelta(seconds=1))
        self._clock.after(3, lambda: self.ground.faults.cut.discard(site))


class Web:
    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self.ground = WebSocketGround(now=clock.now)
        self.now = clock.now
        self._port = self._loop.run_until_complete(self.ground.open())
        self.lines: dict[str, WebSocketLine] = {}

    def connect(self, site: str, hear: Hear) -> Line:
        line = WebSocketLine(f"ws://127.0.0.1:{self._port}", site, hear, now=clock.now, chance=lambda: 0.0)
        self.lines[site] = line

        async def opened() -> None:
            line.open()
            while not (line.connected and site in self.ground.sites):
                await asyncio.sleep(0.005)

        self._loop.run_until_complete(asyncio.wait_for(opened(), 10))
        return line

    def until(self, true: Callable[[], bool]) -> None:
        async def wait() -> None:
            while not true():
                await asyncio.sleep(0.005)

        self._loop.run_until_complete(asyncio.wait_for(wait(), 10))

    def cut(self, site: str) -> None:
        line = self.lines[site]
        line._transport.disconnect()  # type: ignore[union-attr]
        self.until(lambda: not line.connected)

    def close(self) -> None:
        async def down() -> None:
            for line in self.lines.values():
                line.close()
            await asyncio.sleep(0.01)
            await self.ground.close()

        self._loop.run_until_complete(down())
        self._loop.close()


@pytest.fixture(params=["local", "websocket"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    made = Local() if request.param == "local" else Web()
    yield made
    if isinstance(made, Web):
        made.close()


def test_every_site_gets_the_very_bytes(rig: Rig) -> None:
    heard: dict[str, list[bytes]] = {"31202": [], "01100": []}
    for site, got in heard.items():
        rig.connect(site, lambda message, at, got=got: got.append(message))  # type: ignore[misc]
    rig.ground.publish("<alert>津波</alert>\n".encode(), until=rig.now() + LONG)
    rig.until(lambda: all(heard.values()))
    assert heard == {site: ["<alert>津波</alert>\n".encode()] for site in heard}


def test_receipts_come_back(rig: Rig) -> None:
    taken: list[bytes] = []
    rig.ground.on_receipt(lambda receipt, at: taken.append(receipt))
    line = rig.connect("31202", lambda message, at: None)
    line.report(b'{"site": "31202", "why": "\xe6\xb4\xa5"}')
    rig.until(lambda: bool(taken))
    assert taken == [b'{"site": "31202", "why": "\xe6\xb4\xa5"}']


def test_what_is_published_while_a_line_is_cut_arrives_later_and_once(rig: Rig) -> None:
    got: list[bytes] = []
    rig.connect("31202", lambda message, at: got.append(message))
    rig.ground.publish(b"first", until=rig.now() + LONG)
    rig.until(lambda: got == [b"first"])
    rig.cut("31202")
    rig.ground.publish(b"second", until=rig.now() + LONG)
    rig.until(lambda: len(got) == 2)
    assert got == [b"first", b"second"]


def test_a_receipt_written_while_the_line_is_cut_arrives_later(rig: Rig) -> None:
    taken: list[bytes] = []
    rig.ground.on_receipt(lambda receipt, at: taken.append(receipt))
    line = rig.connect("31202", lambda message, at: None)
    rig.cut("31202")
    line.report(b'{"n": 1}')
    rig.until(lambda: taken == [b'{"n": 1}'])


def test_a_site_that_hangs_up_hears_no_more(rig: Rig) -> None:
    got: list[bytes] = []
    rig.connect("31202", lambda message, at: got.append(message)).close()
    rig.connect("01100", lambda message, at: None)
    other: list[bytes] = []
    rig.connect("13103", lambda message, at: other.append(message))
    rig.ground.publish(b"late", until=rig.now() + LONG)
    rig.until(lambda: other == [b"late"])
    assert got == []


def test_waits_grow_to_a_minute_and_are_spread() -> None:
    assert [back_off_s(n, 1.0) for n in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert back_off_s(3, 0.0) == 4


def test_a_hub_is_not_moved_by_noise() -> None:
    """Text that is no JSON, JSON that is no object, binary from a site, a hello said twice: nothing, and no crash."""
    web = Web()
    try:
        line = web.connect("31202", lambda message, at: None)
        assert isinstance(line, WebSocketLine)
        for noise in ({"receipt": {"a": 1}}, {"unknown": []}, {"hello": "99999"}, {"beat": {}}):
            line.say(noise)  # type: ignore[arg-type]
        taken: list[bytes] = []
        web.ground.on_receipt(lambda receipt, at: taken.append(receipt))
        line.report(b'{"ok": 1}')
        web.until(lambda: b'{"ok": 1}' in taken)
        assert set(web.ground.sites) == {"31202"}
    finally:
        web.close()
