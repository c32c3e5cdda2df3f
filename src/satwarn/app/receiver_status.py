"""The local page of a receiver: what it hears, what is on, what is wrong; the kiosk's page; local stop and maintenance.

A small HTTP/1.1 server of the standard library in a thread, on this machine's own address unless told otherwise.
"""

import asyncio
import html
import json
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from satwarn.app.receiver_screen import Kiosk, page
from satwarn.errors import SatwarnError

LARGEST = 65536
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5"><title>%(title)s</title><style>
:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%%}td,th{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #8884;
vertical-align:top}h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}.bad::before{content:"✗ "}
.good::before{content:"✓ "}</style></head><body>
<h1>%(title)s</h1><p class="%(class)s">%(word)s</p>%(body)s</body></html>
"""


def render(state: dict[str, Any]) -> str:
    """The state as a page; everything in it is escaped."""
    faults = state["faults"]
    title = f"Receiver {state['site']} {state['name']}".strip()
    word = f"{len(faults)} fault{'s' if len(faults) != 1 else ''}" if faults else "All is well"
    tables = (
        ("What is wrong", list(faults.items())),
        ("On now", [(one["information"] or one["warning"], _on(one)) for one in state["live"]]),
        ("Outputs", list(state["outputs"].items())),
        ("Air", [(one["source"], f"{one['frames']} frames {one['fault']}") for one in state.get("air", [])]),
        ("Wide band", _band(state.get("multicast"))),
        ("Believed", [(one["sender"], f"{one['days_left']} days left") for one in state.get("certificates", [])]),
        ("What happened", [(f"{e['at'][:19]}Z {e['kind']}", e["what"]) for e in state.get("events", [])]),
    )
    body = "".join(_table(name, rows) for name, rows in tables if rows)
    return PAGE % {
        "title": html.escape(title),
        "class": "bad" if faults else "good",
        "word": html.escape(word),
        "body": body,
    }


def _on(one: dict[str, str]) -> str:
    return f"{one['act']}: {one['why']}; first by {one['first_path']}"


def _band(state: dict[str, Any] | None) -> list[tuple[str, str]]:
    if not state:
        return []
    last = f"last heartbeat {state['last_heartbeat'][:19]}Z" if state["last_heartbeat"] else "no heartbeat yet"
    return [(state["address"], state["fault"] or f"{last}, {state['datagrams']} datagrams")]


def _table(name: str, rows: list[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><td>{html.escape(key)}</td><td>{html.escape(value)}</td></tr>" for key, value in rows)
    return f"<h2>{html.escape(name)}</h2><table>{cells}</table>"


class StatusPage:
    """Serves one running receiver; every question is answered in the loop that owns it."""

    def __init__(self, running: Any) -> None:
        self._running = running
        self._server: ThreadingHTTPServer | None = None
        self._loop = asyncio.get_running_loop()
        self.port = 0

    async def open(self, address: str) -> None:
        """Listen; OSError becomes a fault of the box, which runs on without its page."""
        host, _, port = address.rpartition(":")
        status = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status.answer(self, GETS)

            def do_POST(self) -> None:
                status.answer(self, POSTS)

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Say nothing: the page asks every second."""

        try:
            self._server = ThreadingHTTPServer((host, int(port)), Handler)
        except (OSError, ValueError) as error:
            self._running.box.fault("status", f"no status page at {address}: {error}")
            return
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    async def close(self) -> None:
        """Stop listening."""
        if self._server:
            await asyncio.to_thread(self._server.shutdown)
            self._server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler, table: "dict[str, Answer]") -> None:
        """One question, answered from a table."""
        path = handler.path.partition("?")[0]
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(min(length, LARGEST))
        if path not in table:
            _reply(handler, HTTPStatus.NOT_FOUND, "text/plain", "there is no such page")
            return
        if table is POSTS and not _same_origin(handler):
            _reply(handler, HTTPStatus.FORBIDDEN, "text/plain", "asked by another site")
            return
        asked = asyncio.run_coroutine_threadsafe(self._call(table[path], body), self._loop)
        try:
            kind, text = asked.result(timeout=10)
        except (SatwarnError, ValueError, KeyError) as error:
            _reply(handler, HTTPStatus.BAD_REQUEST, "text/plain", str(error))
            return
        _reply(handler, HTTPStatus.OK, kind, text)

    async def _call(self, answer: "Answer", body: bytes) -> tuple[str, str]:
        return answer(self._running, body)


Answer = Callable[[Any, bytes], tuple[str, str]]
HTML, JSON, TEXT = "text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8"


def _kiosk(running: Any) -> Kiosk | None:
    return next((output for output in running.box.outputs if isinstance(output, Kiosk)), None)


def _screen(running: Any, body: bytes) -> tuple[str, str]:
    note = "; ".join(running.box.faults().values())
    name = running.settings.name or running.settings.site.code
    return HTML, page(running.box.shown, site=name, note=note)


def _showing(running: Any, body: bytes) -> tuple[str, str]:
    from satwarn.app.receiver_screen import name_of

    return TEXT, name_of(running.box.shown)


def _shown(running: Any, body: bytes) -> tuple[str, str]:
    said = json.loads(body)
    if kiosk := _kiosk(running):
        kiosk.read_back(str(said["showing"]), tuple(map(str, said["lines"])))
    return TEXT, "thanks"


def _stop(running: Any, body: bytes) -> tuple[str, str]:
    running.box.stop(str(json.loads(body)["by"]))
    return TEXT, "stopped"


def _maintain(running: Any, body: bytes) -> tuple[str, str]:
    said = json.loads(body)
    running.box.begin_maintenance(str(said["by"]), int(said["minutes"]))
    return TEXT, "every output is isolated"


def _leave(running: Any, body: bytes) -> tuple[str, str]:
    left = running.box.leave_maintenance(str(json.loads(body)["by"]))
    if left:
        running.left_maintenance()
    return TEXT, "the outputs are joined again" if left else "a second person's key is needed within five minutes"


GETS: dict[str, Answer] = {
    "/": lambda running, body: (HTML, render(running.state())),
    "/status.json": lambda running, body: (JSON, json.dumps(running.state(), ensure_ascii=False)),
    "/screen": _screen,
    "/screen/now": _showing,
}
POSTS: dict[str, Answer] = {
    "/screen/shown": _shown,
    "/stop": _stop,
    "/test": lambda running, body: (TEXT, running.box.audible_test(str(json.loads(body)["by"]))),
    "/maintenance": _maintain,
    "/maintenance/leave": _leave,
}


def _same_origin(handler: BaseHTTPRequestHandler) -> bool:
    """Whether a browser's question comes from our own page: others may not press our buttons through it."""
    origin = handler.headers.get("Origin")
    return origin is None or origin.partition("://")[2] == handler.headers.get("Host")


def _reply(handler: BaseHTTPRequestHandler, status: HTTPStatus, kind: str, text: str) -> None:
    data = text.encode()
    handler.send_response(status)
    for name, value in (
        ("Content-Type", kind),
        ("Content-Length", str(len(data))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'self' 'unsafe-inline' data:; frame-ancestors 'none'"),
    ):
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(data)
