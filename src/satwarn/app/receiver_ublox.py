"""Tell a u-blox chip to give L1S frames and its own state: one group of settings at a time, each read back."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from satwarn.adapters.air.serial_port import SerialPort
from satwarn.receiver.ublox import ACK, BBR, FLASH, NAK, RAM, VALGET, Settings, UbxStream, plan, valget, valset, values

ANSWERS_WITHIN_S = 1.5
ATTEMPTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """What came of one group: `what` it is, whether the chip took it, and the messages' bytes."""

    what: str
    taken: bool | None
    why: str
    sent: bytes


def dry_run(port: str, *, keep: bool) -> list[Set]:
    """The messages that would be sent."""
    return [Set(what=what, taken=None, why="", sent=_message(pairs, keep=keep)) for what, pairs in plan(port)]


def _message(pairs: Settings, *, keep: bool) -> bytes:
    return valset(pairs, layers=RAM | BBR | FLASH if keep else RAM)


async def configure(device: Path, *, port: str, speed: int, keep: bool) -> list[Set]:
    """Set every group and read it back; the first, without which no frame comes, must hold."""
    done = []
    async with SerialPort(device, speed) as serial:
        for what, pairs in plan(port):
            why = "no answer"
            for _ in range(ATTEMPTS):
                why = await _set(serial, pairs, keep=keep)
                if not why:
                    break
            done.append(Set(what=what, taken=not why, why=why, sent=_message(pairs, keep=keep)))
    return done


async def _set(serial: SerialPort, pairs: Settings, *, keep: bool) -> str:
    """Why a group is not set, "" when the chip took it and says so when asked."""
    serial.write(_message(pairs, keep=keep))
    answer = await _await(serial, {ACK, NAK})
    if answer is None:
        return "no answer"
    if answer[0] == NAK:
        return "refused: this chip or firmware does not know it"
    serial.write(valget(tuple(key for key, _ in pairs)))
    answer = await _await(serial, {VALGET})
    if answer is None:
        return "taken, but it does not say so when asked"
    live = values(answer[1])
    wrong = [f"{key:#x}" for key, value in pairs if live.get(key) != value]
    return f"taken, but {', '.join(wrong)} did not change" if wrong else ""


async def _await(serial: SerialPort, numbers: set[tuple[int, int]]) -> tuple[tuple[int, int], bytes] | None:
    stream = UbxStream()
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            while True:
                for found in _wanted(stream, await serial.read(), numbers):
                    return found
    except TimeoutError:
        return None


def _wanted(stream: UbxStream, data: bytes, numbers: set[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], bytes]]:
    return (found for found in stream.messages(data) if found[0] in numbers)
