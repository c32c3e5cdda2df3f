"""Many lines at one hub: bounded, none delayed by another, none kept that is dead or says too much."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from satwarn.adapters import clock
from satwarn.adapters.ground import websocket_hub
from satwarn.adapters.ground.websocket import WebSocketLine
from satwarn.adapters.ground.websocket_hub import Arrived, WebSocketGround
from satwarn.adapters.ground.wire import DOWN_AFTER, UNANSWERED

HOUR = timedelta(hours=1)


class Raw(WSListener):
    """A connection that does what a test tells it."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.gone = False

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is WSMsgType.TEXT:
            self.said.append(json.loads(frame.get_payload_as_bytes()))

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.gone = True


async def raw(port: int) -> tuple[WSTransport, Raw]:
    transport, listener = await ws_connect(Raw, f"ws://127.0.0.1:{port}")
    assert isinstance(listener, Raw)
    return transport, listener


def line(port: int, site: str, heard: list[bytes], **more: Any) -> WebSocketLine:
    made = WebSocketLine(
        f"ws://127.0.0.1:{port}", site, lambda data, at: heard.append(data), now=clock.now, chance=lambda: 0.0, **more
    )
    made.open()
    return made


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


def with_ground(work: Callable[[WebSocketGround, int], Awaitable[None]], **more: Any) -> None:
    async def all_of_it() -> None:
        ground = WebSocketGround(now=clock.now, **more)
        port = await ground.open()
        try:
            await work(ground, port)
        finally:
            await ground.close()

    asyncio.run(all_of_it())


def say(transport: WSTransport, **said: Any) -> None:
    transport.send(WSMsgType.TEXT, json.dumps(said).encode())


def test_a_site_that_does_not_read_is_hung_up_on_and_delays_nobody() -> None:
    async def work(ground: WebSocketGround, port: int) -> None:
        heard: list[bytes] = []
        good = line(port, "good", heard)
        slow, _ = await raw(port)
        say(slow, hello="slow", protocol=1)
        await until(lambda: set(ground.sites) == {"good", "slow"})
        slow.underlying_transport.pause_reading()
        for _ in range(30):
            ground.publish(bytes(2_000_000), until=clock.now() + HOUR)
            await asyncio.sleep(0)
        await until(lambda: len(heard) == 30)
        await until(lambda: not ground.sites["slow"].connected)
        assert ground.sites["good"].connected
        good.close()
        slow.disconnect()

    with_ground(work)


def test_no_more_lines_than_may_be_and_a_place_that_falls_free_is_taken() -> None:
    async def work(ground: WebSocketGround, port: int) -> None:
        first, second = line(port, "1", []), line(port, "2", [])
        await until(lambda: first.connected and second.connected)
        third = line(port, "3", [])
        await until(lambda: "503" in third.why)
        first.close()
        await until(lambda: third.connected)
        for one in (second, third):
            one.close()

    with_ground(work, most_lines=2)


def test_who_says_nothing_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket_hub, "HELLO_WITHIN_S", 0.2)

    async def work(ground: WebSocketGround, port: int) -> None:
        _, silent = await raw(port)
        await until(lambda: silent.gone)
        assert {"refused": "no hello"} in silent.said

    with_ground(work)


def test_the_newest_line_of_a_site_is_its_line() -> None:
    async def work(ground: WebSocketGround, port: int) -> None:
        older, listening = await raw(port)
        say(older, hello="31202", protocol=1)
        await until(lambda: "31202" in ground.sites)
        heard: list[bytes] = []
        newer = line(port, "31202", heard)
        await until(lambda: listening.gone)
        ground.publish(b"x", until=clock.now() + HOUR)
        await until(lambda: heard == [b"x"])
        assert ground.sites["31202"].connected
        newer.close()

    with_ground(work)


def test_a_message_beyond_all_bounds_costs_only_its_own_line() -> None:
    async def work(ground: WebSocketGround, port: int) -> None:
        good = line(port, "good", [])
        big, listening = await raw(port)
        say(big, hello="big", protocol=1)
        await until(lambda: good.connected and "big" in ground.sites)
        say(big, beat={"x": "x" * 300_000})
        await until(lambda: listening.gone)
        assert good.connected
        good.close()

    with_ground(work)


def test_receipts_go_out_in_order_a_few_at_a_time_until_each_is_answered() -> None:
    arrived: list[Arrived] = []

    async def work(ground: WebSocketGround, port: int) -> None:
        ground.on_arrival(arrived.append)
        site = line(port, "31202", [])
        for number in range(500):
            site.report(json.dumps({"n": number}).encode())
        await until(lambda: len(arrived) == UNANSWERED)
        await asyncio.sleep(0.05)
        assert len(arrived) == UNANSWERED
        done = 0
        while done < 500:
            await until(lambda: len(arrived) > done)  # noqa: B023 - read at once
            one = arrived[done]
            ground.got(one.site, one.run, one.number)
            done += 1
        assert [one.receipt["n"] for one in arrived] == list(range(500))
        await until(lambda: not site._receipts)
        site.close()

    with_ground(work)


def test_who_floods_is_sent_away() -> None:
    async def work(ground: WebSocketGround, port: int) -> None:
        flood, listening = await raw(port)
        say(flood, hello="flood", protocol=1)
        for number in range(1000):
            say(flood, receipt={"n": number}, number=number, run="x")
        await until(lambda: listening.gone)
        assert {"refused": "too much is said at once"} in listening.said

    with_ground(work)


def test_a_line_that_fell_silent_is_hung_up_on() -> None:
    async def work(ground: WebSocketGround, port: int) -> None:
        silent, listening = await raw(port)
        say(silent, hello="31202", protocol=1)
        await until(lambda: "31202" in ground.sites)
        ground.tick()
        assert ground.sites["31202"].connected
        ground._lines["31202"].spoke_s -= DOWN_AFTER.total_seconds() + 1
        ground.tick()
        await until(lambda: listening.gone)
        assert not ground.sites["31202"].connected

    with_ground(work)
