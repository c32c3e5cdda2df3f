"""The hub's hold on its ground process: starts it, restarts it, writes down what it tells, says when it is down."""

import json
import logging
import queue
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from satwarn import __version__
from satwarn.adapters import clock
from satwarn.adapters.ground.wire import back_off_s
from satwarn.adapters.key_files import server_certificate
from satwarn.app.realm import HUB, Realm
from satwarn.app.site_enrolment import renew_on_line
from satwarn.hub.sites import KINDS
from satwarn.ledger.entry import Entry
from satwarn.ledger.receipt import Receipt

SILENT_S = 20.0
"""A process that has not said that it is alive for so long hangs, and is ended."""
CERTIFICATE_LASTS_S = 300 * 86400.0
"""Its certificate is made when it starts and ends after a year; sites that lose the line come again within seconds."""
STARTING, ENDED = "it is starting", "its process ended"
LOG = logging.getLogger("satwarn.ground")
WAKES = KINDS | {"send"}
MOST_REFUSED = 50
SETTLED_S = 30.0
Said = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundState:
    """How the ground path is: `port` 0 while it does not listen, then `why`; `since` when that began."""

    port: int
    why: str
    since: datetime
    restarts: int

    @property
    def up(self) -> bool:
        """Whether sites can reach it."""
        return self.port > 0


class GroundKeeper:
    """One realm's ground. Make it, `start` it, `stop` it; `state`, `alive` and `refused` may be looked at."""

    def __init__(self, realm: Realm, *, host: str, port: int, names: Sequence[str] = ()) -> None:
        self._realm, self._host, self._port = realm, host, port
        self._names = ("localhost", "127.0.0.1", "::1", *names, *((host,) if host not in ("0.0.0.0", "::") else ()))  # noqa: S104 - compared, not bound
        self.state = GroundState(port=0, why=STARTING, since=realm.now(), restarts=0)
        self.alive: frozenset[str] = frozenset()
        self.refused: OrderedDict[tuple[str, str], datetime] = OrderedDict()
        self._process: subprocess.Popen[bytes] | None = None
        self._to_say: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._spoke_s = clock.stopwatch()
        self._stopping = threading.Event()
        self._forget: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._keep, name="ground", daemon=True)

    @property
    def pid(self) -> int:
        """The process's number, 0 when there is none."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Begin; returns at once."""
        self._forget = self._realm.listen(self._entry)
        self._thread.start()

    def stop(self) -> None:
        """End the process, and start it no more."""
        self._stopping.set()
        self._forget()
        self._end()
        if self._thread.is_alive():
            self._thread.join(10)

    # ── the process ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _keep(self) -> None:
        attempt = 0
        while not self._stopping.is_set():
            begun = clock.stopwatch()
            try:
                why = self._one_life()
            except Exception as error:  # noqa: BLE001 - whatever it ended of, the ground is begun again, and says why
                why = str(error) or type(error).__name__
            finally:
                self._end()
            if self._stopping.is_set():
                return
            self._now_is(0, why)
            attempt = 0 if clock.stopwatch() - begun > SETTLED_S else attempt + 1
            self._stopping.wait(back_off_s(attempt, 0.0) / 2)
            self.state = GroundState(port=0, why=why, since=self.state.since, restarts=self.state.restarts + 1)

    def _one_life(self) -> str:
        """From its start to its end; why it ended."""
        folder = self._realm.settings.folder
        certificate, key = server_certificate(
            folder, self._realm.site_authority, self._realm.settings.sender, self._names, now=self._realm.now()
        )
        self._to_say = queue.SimpleQueue()
        self._process = process = subprocess.Popen(
            [sys.executable, "-m", "satwarn.app.ground_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C at the hub is the hub's to handle: it ends us in good order
        )
        wanted = {
            "ledger": str(folder / "ledger.db"),
            "host": self._host,
            "port": self._port,
            "certificate": str(certificate),
            "key": str(key),
            "authority": str(folder / "sites-certificate.pem"),
            "version": __version__,
        }
        if self._stopping.is_set():
            process.terminate()
        self._say(wanted)
        self._spoke_s = clock.stopwatch()
        writing = threading.Thread(target=self._write, args=(process, self._to_say), name="ground out", daemon=True)
        watching = threading.Thread(target=self._watch, args=(process,), name="ground watch", daemon=True)
        writing.start()
        watching.start()
        failed = self._read(process)
        process.kill()
        code = process.wait()
        self._to_say.put(None)
        writing.join(5)
        watching.join(5)
        if not failed and not self._stopping.is_set():
            LOG.warning("the ground process ended (%s)", code)
        return failed or ENDED

    def _read(self, process: "subprocess.Popen[bytes]") -> str:
        assert process.stdout is not None
        failed = ""
        with process.stdout:
            for line in process.stdout:
                self._spoke_s = clock.stopwatch()
                try:
                    said = json.loads(line)
                except ValueError:
                    LOG.warning("the ground process said what nobody understands: %r", line[:200])
                    continue
                failed = str(said["failed"]) if "failed" in said else failed
                self._heard(said)
        return failed

    def _write(self, process: "subprocess.Popen[bytes]", lines: "queue.SimpleQueue[bytes | None]") -> None:
        # A thread of its own: a process that hangs must not hold up the ledger's thread, which tells it of new entries.
        assert process.stdin is not None
        try:
            with process.stdin:
                while (line := lines.get()) is not None:
                    process.stdin.write(line)
                    process.stdin.flush()
        except OSError:
            return  # it has ended, which `_read` sees too

    def _watch(self, process: "subprocess.Popen[bytes]") -> None:
        begun = clock.stopwatch()
        while process.poll() is None and not self._stopping.wait(1.0):
            now = clock.stopwatch()
            if now - self._spoke_s > SILENT_S or now - begun > CERTIFICATE_LASTS_S:
                process.kill()

    def _end(self) -> None:
        if self._process:
            self._process.terminate()

    def _say(self, said: Said) -> None:
        self._to_say.put(json.dumps(said, ensure_ascii=False).encode() + b"\n")

    # ── what it tells ────────────────────────────────────────────────────────────────────────────────────────────────

    def _heard(self, said: Said) -> None:
        for word, hear in _HEARD.items():
            if word in said:
                hear(self, said)
                return

    def _listening(self, said: Said) -> None:
        self._now_is(int(said["listening"]), "")

    def _alive(self, said: Said) -> None:
        self.alive = frozenset(said["alive"])

    def _receipt(self, said: Said) -> None:
        """Written down once, then answered: a site sends it until then."""
        site, line = said["site"], said["line"]
        receipt = receipt_of(said["receipt"], site)

        def work() -> None:
            run, number = self._realm.views.told.get(site, ("", 0))
            if receipt is None or (run == line["run"] and line["number"] <= number):
                return
            self._realm.record("receipt", site, {**receipt, "line": line}, by=site)

        done = self._realm.submit(work)
        done.add_done_callback(
            lambda future: None if future.exception() else self._say({"got": [site, *line.values()]})
        )
        if receipt is None:
            self._refuse(site, "sent a receipt that is none")

    def _site(self, said: Said) -> None:
        site = said.pop("site")
        self._realm.submit(lambda: self._realm.record("hear site", f"site/{site}", said, by=site))

    def _renew(self, said: Said) -> None:
        site = said["site"]

        def work() -> Said:
            return renew_on_line(self._realm, site, said["fingerprint"], said["renew"], said["version"])

        def answer(future: Any) -> None:
            error = future.exception()
            self._say({"renewed": [site, {"error": str(error)} if error else future.result()]})

        self._realm.submit(work).add_done_callback(answer)

    def _strange(self, said: Said) -> None:
        self._refuse(said["site"], said["refused"])

    def _refuse(self, site: str, why: str) -> None:
        self.refused[site, why] = self._realm.now()
        self.refused.move_to_end((site, why))
        while len(self.refused) > MOST_REFUSED:
            self.refused.popitem(last=False)

    def _failed(self, said: Said) -> None:
        self._now_is(0, said["failed"])

    def _now_is(self, port: int, why: str) -> None:
        """Note a change of the path, in the ledger too."""
        if (port, why) == (self.state.port, self.state.why):
            return
        self.state = GroundState(port=port, why=why, since=self._realm.now(), restarts=self.state.restarts)
        self.alive = self.alive if port else frozenset()
        body = {"state": "up" if port else "down", "port": port, "why": why}
        self._realm.submit(lambda: self._realm.record("ground", "ground", body, by=HUB))

    def _entry(self, entry: Entry) -> None:
        if entry.kind in WAKES:
            self._say({"new": entry.position})


_HEARD: dict[str, Callable[[GroundKeeper, Said], None]] = {
    "listening": GroundKeeper._listening,
    "failed": GroundKeeper._failed,
    "alive": GroundKeeper._alive,
    "receipt": GroundKeeper._receipt,
    "renew": GroundKeeper._renew,
    "refused": GroundKeeper._strange,
    "site": GroundKeeper._site,
}
"""By the first of these words in what it says."""


def receipt_of(said: Any, site: str) -> Said | None:
    """A receipt as the ledger keeps it, in the name of the site on whose line it came; None when it is none."""
    try:
        receipt = Receipt.from_json({**said, "site": site}).to_json()
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
    texts = [receipt["warning"], receipt["identifier"], receipt["why"], *receipt["payloads"]]
    return receipt if all(isinstance(text, str) and len(text) < 2000 for text in texts) else None
