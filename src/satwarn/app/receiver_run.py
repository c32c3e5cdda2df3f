"""The running receiver: inputs, ground, outputs, clock, self-test and status around one box, in one event loop."""

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

from satwarn.adapters import clock
from satwarn.adapters.air.source import source
from satwarn.adapters.device.ups import ups
from satwarn.adapters.folder import Folder
from satwarn.adapters.memory import MemoryFile, MemoryThread
from satwarn.adapters.resident import memory_mb
from satwarn.alert.seal import Trust
from satwarn.app.receiver_box import Box
from satwarn.app.receiver_hand import Hand
from satwarn.app.receiver_outputs import outputs
from satwarn.app.receiver_settings import HEARS_NOTHING, ReceiverSettings, Values, is_deaf
from satwarn.app.receiver_status import StatusPage
from satwarn.app.receiver_supplies import ReceiverSupplies
from satwarn.app.receiver_test import certificates, deep, quick
from satwarn.frame import Stream
from satwarn.ledger.receipt import Path
from satwarn.receiver.clock import Clock, Reading, Source
from satwarn.receiver.radio import Level, Radio
from satwarn.receiver.ublox import Telling, UbxStream
from satwarn.receiver.where import offset_km

if TYPE_CHECKING:
    from satwarn.app.receiver_band import ReceiverBand
    from satwarn.app.receiver_files import Held
    from satwarn.app.receiver_inputs import Inputs, StopButton

LOOK_S = 5.0
SILENT_AFTER = timedelta(seconds=30)  # a satellite sends one frame a second
OPEN_AGAIN_S = 2.0
OPENS_WITHIN_S = 60.0
GLANCE_S = 20.0
PUT_RIGHT = timedelta(minutes=1)
ASK_AGAIN_S = 60.0
BUTTON_S, BUTTON_IDLE_S = 0.1, 5.0


class LoopTimer:
    """A Timer on the running event loop."""

    def after(self, delay_s: float, call: Callable[[], None]) -> None:
        """Have `call` happen `delay_s` seconds from now."""
        asyncio.get_running_loop().call_later(delay_s, call)


class Hearing:
    """One source of frames: opened again for ever, its bytes read for frames and for what the chip tells of itself."""

    def __init__(self, values: Values, running: "Running") -> None:
        self._values, self._running = values, running
        self.name = f"{values['kind']} {values['address']}"
        self.last_frame: datetime | None = None
        self.frames = 0
        self.why = "not yet opened"
        self._radio = Radio(at=running.now(), monitored=values["monitored"])
        self._told = False

    async def run(self) -> None:
        """Hear until cancelled; a file is heard once."""
        while True:
            try:
                await self._hear_once()
                self.why = "ended"
                if self._values["kind"] == "file":
                    return
            except OSError as error:
                self.why = str(error)
            except Exception as error:  # noqa: BLE001 - whatever strangers' bytes bring about is said, and it goes on
                self.why = f"{type(error).__name__}: {error}"
            await asyncio.sleep(OPEN_AGAIN_S)

    async def _hear_once(self) -> None:
        stream, ubx = Stream(), UbxStream()
        opened = source(self._values["kind"], self._values["address"], speed=self._values["speed"])
        async for piece in opened():
            self.why = ""
            for telling in ubx.feed(piece):
                self._tell(telling)
            self._take(stream.feed(piece))
        self._take(stream.end())

    def _take(self, frames: list[Any]) -> None:
        for frame in frames:
            self.frames += 1
            self.last_frame = self._running.now()
            self._running.box.hear_radio(self._heard_by())
            self._running.safely(
                f"a frame by {self.name}", partial(self._running.box.hear_frame, bytes(frame), frame.satellite or 0)
            )

    def _heard_by(self) -> Radio | None:
        """The radio that brought a frame: of several, each answers for its own frames."""
        if not self._values["monitored"]:
            return Radio(at=self._running.now(), monitored=False)
        return self._radio if self._told else None

    def _tell(self, telling: Telling) -> None:
        """Put together what single messages tell, and hand it on."""
        known, now = self._radio, self._running.now()
        off_s = known.time_off_s
        if telling.time:
            host_s = clock.stopwatch()
            off_s = self._running.clock.off_s(telling.time, host_s=host_s)
            if known.spoofing < Level.WARNING:  # a radio that feels deceived is not asked for the time
                self._running.hear_time(Source.GNSS, telling.time)
        place = telling.position
        off_km = offset_km(self._running.settings.site.point, place) if place else known.position_off_km
        self._radio = Radio(
            at=now,
            monitored=True,
            jamming=known.jamming if telling.jamming is None else telling.jamming,
            spoofing=known.spoofing if telling.spoofing is None else telling.spoofing,
            position_off_km=off_km,
            time_off_s=off_s,
            satellites=telling.satellites if telling.satellites is not None else known.satellites,
        )
        self._told = True
        self._running.box.hear_radio(self._radio)

    def fault(self, now: datetime) -> str:
        """What is wrong with it, "" when all is well."""
        if self.why:
            return self.why
        if self.last_frame is None or now - self.last_frame > SILENT_AFTER:
            return "no frame is heard"
        if max(self._radio.jamming, self._radio.spoofing) >= Level.WARNING:
            return f"jamming {self._radio.jamming.name.lower()}, spoofing {self._radio.spoofing.name.lower()}"
        return ""


class Running:
    """Everything of one receiver, from start to stop."""

    def __init__(self, settings: ReceiverSettings, *, shadow: bool = False) -> None:
        # A shadow decides beside the one that acts: what it would have done must not count as done.
        self._folder = Folder(settings.folder / "shadow" if shadow else settings.folder)
        settings = replace(settings, folder=self._folder.place)
        self.supplies = ReceiverSupplies(settings)
        settings = replace(settings, trust=self.supplies.trust)
        self.settings = settings
        self.clock = Clock()
        self.started = clock.now()
        self._loop = asyncio.get_running_loop()
        self._opening: dict[str, str] = {}  # outputs that cannot be opened, and why; a folder that cannot be written
        if self._folder.wrong:
            self._opening["folder"] = self._folder.wrong
        self.box = Box(
            settings,
            outputs=() if shadow else outputs(settings, post=self.later),
            timer=LoopTimer(),
            clock=self.reading,
            memory=(memory := MemoryThread(MemoryFile(settings.folder / "memory.json"))),
            shadow=shadow,
        )
        self.supplies.note, self.supplies.believe = self._supplied, self._believe
        for kind, what in self.supplies.early:
            self._supplied(kind, what)
        self._memory = memory
        self.box.warm()
        gc.collect()
        gc.freeze()  # what stands now stands for years: no collection need walk through it again
        if floor := self.box.machine.memory.proven_time:
            self.clock.prove(floor)
        self.air = [Hearing(values, self) for values in settings.air]
        self.band = self._band() if multicast(settings) else None
        self._stopping = asyncio.Event()
        self._line: Any = None
        self._asked_again_s = -ASK_AGAIN_S
        self._ground: Any = None
        self.inputs = self._inputs() if settings.inputs else None
        self.hand = Hand(self)
        self.status = StatusPage(self) if settings.status else None

    def _inputs(self) -> "Inputs":
        from satwarn.app.receiver_inputs import Inputs  # only where there are some: memory is for what is used

        return Inputs(self.settings)

    def _band(self) -> "ReceiverBand":
        from satwarn.app.receiver_band import ReceiverBand  # as above

        return ReceiverBand(self.settings, self.box, self.supplies, now=self.now, post=self.later)

    def _supplied(self, kind: str, what: str) -> None:
        if kind == "fault":
            self.box.fault("supply", what)
        else:
            self.box.note("supply", what)

    def _believe(self, trust: Trust) -> None:
        """Whom to believe has changed, for every ear at once."""
        self.settings = replace(self.settings, trust=trust)
        self.box.believe(trust)
        if self.band:
            self.band.band.gate.believe(trust)

    def later(self, call: Callable[[], None]) -> None:
        """Hand a call of another thread to the loop that owns the box."""
        self._loop.call_soon_threadsafe(call)

    def now(self) -> datetime:
        """The time believed."""
        return self.reading().now

    def reading(self) -> Reading:
        """The time believed, and how far."""
        wall, host_s = clock.now(), clock.stopwatch()
        if self.settings.clock_host:
            self.clock.hear(Source.NTP if clock.disciplined() else Source.HOST, wall, host_s=host_s)
        return self.clock.read(wall=wall, host_s=host_s)

    def hear_time(self, source: Source, time: datetime) -> None:
        """An outside time. Where it puts the clock right, the hub is asked again for what is on: what came before was
        judged by a wrong clock, and taken for old or not yet sent."""
        before, host_s = self.now(), clock.stopwatch()
        self.clock.hear(source, time, host_s=host_s)
        if abs(self.now() - before) > PUT_RIGHT and self._line and host_s - self._asked_again_s > ASK_AGAIN_S:
            self._asked_again_s = host_s
            self._line.again()

    def greeting(self) -> str:
        """One line for whoever has started it."""
        site, where = self.settings.site.code, self.settings.status
        at = f"http://{where}/" if where else "no local page"
        mode = "shadow, every output absent" if self.box.shadow else f"{len(self.box.outputs)} outputs"
        return f"receiver {site} {self.settings.name}: ready; {mode}; {at}"

    def offsets_s(self) -> dict[str, float]:
        """How far this machine's clock is ahead of satellite time and of the hub's."""
        return self.clock.offsets_s(wall=clock.now(), host_s=clock.stopwatch())

    async def run(self) -> None:
        """Until told to stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, self._stopping.set)
        self._loop.set_exception_handler(self._unforeseen)
        tasks = [asyncio.create_task(self._kept_up(work)) for work in self._works()]
        if self.status:
            await self.status.open(self.settings.status)
        self._join_ground()
        if self.band:
            self.band.start()
        notify("READY=1")
        sys.stderr.write(f"{self.greeting()}\n")
        try:
            await self._stopping.wait()
        finally:
            notify("STOPPING=1")
            for task in tasks:
                task.cancel()
            if self.band:
                await asyncio.to_thread(self.band.close)
            if self._line:
                self._line.close()
            if self.status:
                await self.status.close()
            if self.inputs:
                self.inputs.close()
            await asyncio.to_thread(self._memory.close)
            for output in self.box.outputs:
                if callable(close := getattr(output, "close", None)):
                    close()
            self._folder.close()

    def _works(self) -> list[Callable[[], Awaitable[None]]]:
        buttons = self.inputs.buttons if self.inputs else ()
        pressed = (partial(self._press, button) for button in buttons)
        return [*(one.run for one in self.air), self._look, self._glance, self._test, *pressed]

    async def _press(self, button: "StopButton") -> None:
        """Read a stop button: often while there is something to stop, else now and then, so that its state is known."""
        was_on, read_s = False, -BUTTON_IDLE_S
        while True:
            is_on, idle_s = self.box.is_on, clock.stopwatch() - read_s
            if is_on and not was_on:
                await asyncio.to_thread(button.begin)
            elif is_on or idle_s >= BUTTON_IDLE_S:
                if await asyncio.to_thread(button.read):
                    self._pressed(button.name)
                read_s = clock.stopwatch()
            was_on = is_on
            await asyncio.sleep(BUTTON_S)

    def _pressed(self, name: str) -> None:
        if self.box.is_on:
            self.box.stop(f"the button {name}")
        else:
            self.box.note("stop", f"the button {name} was pressed: there was nothing to stop")

    async def _prepare(self) -> None:
        """Open what takes its time, side by side; what cannot be opened is a fault, and is tried again."""
        wanting = [(one.name, getattr(one, "prepare", None)) for one in self.box.outputs]
        await asyncio.gather(*(self._prepare_one(name, prepare) for name, prepare in wanting if prepare))

    async def _prepare_one(self, name: str, prepare: Callable[[], None]) -> None:
        while True:
            try:
                await asyncio.to_thread(prepare)
                self._opening.pop(f"output {name}", None)
                return
            except Exception as error:  # noqa: BLE001 - whatever a driver dies of, the receiver stands
                self._opening[f"output {name}"] = f"cannot be opened: {error}"
            await asyncio.sleep(OPEN_AGAIN_S * 15)

    async def _look(self) -> None:
        """Every few seconds: what stands wrong, what ran out, and the watchdog told that we live."""
        while True:
            self.box.tick()
            if proven := self.box.machine.memory.proven_time:
                self.clock.prove(proven)
            await self._look_round()
            notify("WATCHDOG=1")
            await asyncio.sleep(LOOK_S)

    async def _look_round(self) -> None:
        now, standing = self.now(), dict.fromkeys(("air",) if is_deaf(self.settings) else (), HEARS_NOTHING)
        settling = clock.now() - self.started < SILENT_AFTER
        for one in self.air:
            if (why := one.fault(now)) and not settling:
                standing[f"air {one.name}"] = why
        if self._ground:
            found = self._ground.look()
            standing |= {code: what for code, what in found.items() if not (settling and code == "ground")}
        if self.band:
            self.band.tick()
            standing |= self.band.faults()
        if why := self.reading().why:
            standing["clock"] = why
        if maintenance := self.box.state()["maintenance"]:
            standing["maintenance"] = f"every output is isolated by {maintenance['by']} until {maintenance['until']}"
        if self.settings.ups["address"]:
            standing |= await ups(self.settings.ups["address"], self.settings.ups["name"])
        kept = {code: what for code, what in self.box.standing.items() if code == "memory"}
        self.box.standing = {**standing, **self._opening, **kept}

    async def _glance(self) -> None:
        """What is quick to see, often enough that the hub knows of it within a minute."""
        while True:
            await asyncio.sleep(GLANCE_S)
            self.box.checked(await asyncio.to_thread(quick, self))

    async def _test(self) -> None:
        """The silent self-test: once the outputs are open, and at its hour each day."""
        preparing = asyncio.create_task(self._prepare())
        await asyncio.wait([preparing], timeout=OPENS_WITHIN_S)
        while True:
            found = await asyncio.to_thread(lambda: [*quick(self), *deep(self)])
            self.box.checked(found)
            wrong = [f"{one.name}: {one.what}" for one in found if one.good is False]
            self.box.note("self-test", "; ".join(wrong) or "all well")
            await asyncio.sleep(until_hour_s(self.settings.self_test_at, clock.now()))

    def _join_ground(self) -> None:
        if not self.settings.ground["address"]:
            return
        from satwarn.app.receiver_ground import GroundLine

        self._ground = GroundLine(
            self.settings,
            lambda message, at: self.safely("a message by ground", lambda: self.box.hear_message(message, Path.GROUND)),
            now=self.now,
            state=lambda: {**self.box.state(), "supplies": self.supplies.state()},
            time=lambda time: self.hear_time(Source.GROUND, time),
            note=self.box.note,
            supply=lambda signed, files: self.supplies.take(signed, files, now=self.now()),
        )
        self._line = self.box.line = self._ground.line
        self._line.open()

    def safely(self, what: str, call: Callable[[], None]) -> None:
        """Take something in, and outlive whatever a message that nobody foresaw brings about."""
        try:
            call()
        except Exception as error:  # noqa: BLE001 - the next message must be heard all the same
            self._broke(what, error)

    def _broke(self, what: str, error: Exception) -> None:
        self.box.fault("inside", f"{what}: {type(error).__name__}: {error}; the receiver goes on; please report it")

    def _unforeseen(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self._broke(str(context.get("message", "")), error if isinstance(error, Exception) else RuntimeError(error))

    async def _kept_up(self, work: Callable[[], Awaitable[None]]) -> None:
        """Work that must never end: what it dies of is a fault, and it begins anew."""
        while True:
            try:
                await work()
                return
            except Exception as error:  # noqa: BLE001 - as above; without it the watchdog starves
                self._broke(getattr(work, "__name__", "an input").strip("_"), error)
            await asyncio.sleep(OPEN_AGAIN_S)

    def left_maintenance(self) -> None:
        """Ask the hub again for what is on."""
        if self._line:
            self._line.again()

    def picture_of(self, warning: str) -> "Held | None":
        """The picture to be shown beside the words of a warning that is on."""
        known = self.box.machine.memory.warnings.get(warning)
        return self.band.files.picture_of(known, self.settings.languages) if self.band and known else None

    def picture(self, name: str) -> "Held | None":
        """The picture of that digest."""
        return self.band.files.picture(name) if self.band else None

    def state(self) -> dict[str, Any]:
        """All there is to tell."""
        state = self.box.state()
        for one in state["live"]:
            held = self.picture_of(one["warning"])
            one["picture"] = {"name": held.name, "description": held.description} if held else None
        return {
            **state,
            "started": self.started.isoformat(),
            "air": [{"source": one.name, "frames": one.frames, "fault": one.fault(self.now())} for one in self.air],
            "buttons": {one.name: one.stand.value for one in (self.inputs.buttons if self.inputs else ())},
            "ground": {"connected": bool(self._line and self._line.connected)} if self._line else None,
            "multicast": self.band.state() if self.band else None,
            "supplies": self.supplies.state(),
            "memory_mb": memory_mb(),
            "certificates": certificates(self.settings, self.now()),
            "events": [
                {"at": event.at.isoformat(), "kind": event.kind, "what": event.what}
                for event in reversed(self.box.events)
            ][:50],
        }


def multicast(settings: ReceiverSettings) -> bool:
    """Whether this site hears the wide band."""
    return bool(settings.multicast.get("address"))


def until_hour_s(hour: str, now: datetime) -> float:
    """Seconds until that hour (HH:MM UTC) comes; a year for none."""
    if not hour:
        return timedelta(days=365).total_seconds()
    hours, _, minutes = hour.partition(":")
    then = now.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0)
    return ((then if then > now else then + timedelta(days=1)) - now).total_seconds()


def notify(word: str) -> None:
    """Tell systemd, where there is one."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.setblocking(False)  # whoever does not read must not hold up a siren
        told.connect("\0" + address[1:] if address.startswith("@") else address)
        told.send(word.encode())


async def serve(settings: ReceiverSettings, *, shadow: bool) -> None:
    """Run one receiver until it is told to stop."""
    await Running(settings, shadow=shadow).run()


def run(config: File, *, shadow: bool = False) -> None:
    """`satwarn receiver run`: read the settings, then run."""
    from satwarn.app.receiver_settings import read

    asyncio.run(serve(read(config), shadow=shadow))
    sys.stdout.flush()
    os._exit(0)  # a sound driver's own threads may hold the interpreter for ever; everything is closed and durable
