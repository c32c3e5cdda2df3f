"""The local server of a receiver: its status page, the kiosk's page, local stop and maintenance.

A small HTTP/1.1 server of the standard library in a thread, on this machine's own address unless told otherwise.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

from satwarn.app.receiver_door import host_is_ours, is_foreign
from satwarn.app.receiver_hand import DEEDS
from satwarn.app.receiver_screen import FONTS, PICTURES, Kiosk, font, now_on, page
from satwarn.app.receiver_status_page import render, what_is_wrong
from satwarn.errors import NotAllowed, SatwarnError
from satwarn.people.remark import remark

T = TypeVar("T")

LARGEST = 65536
CLOSES_WITHIN_S = 0.2
PATIENCE_S = 15.0  # with somebody who connects and says nothing


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
            timeout = PATIENCE_S

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
        threading.Thread(target=self._server.serve_forever, args=(CLOSES_WITHIN_S,), daemon=True).start()

    async def close(self) -> None:
        """Stop listening."""
        if self._server:
            await asyncio.to_thread(self._server.shutdown)
            self._server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler, table: "dict[str, Answer]") -> None:
        """One question, answered from a table."""
        path, headers = handler.path.partition("?")[0], _headers(handler)
        if not host_is_ours(headers, self._running.settings.status):
            self._refuse(handler, HTTPStatus.MISDIRECTED_REQUEST, "this receiver does not answer to that name")
            return
        if table is POSTS and is_foreign(headers):
            self._refuse(handler, HTTPStatus.FORBIDDEN, "asked by another site's page")
            return
        if (body := _body(handler)) is None:
            why = f"at most {LARGEST} bytes, and their number said"
            self._refuse(handler, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, why)
        elif table is POSTS and path in DEEDS:
            self._by_hand(handler, path, headers, body)
        elif path in table:
            self._answer(handler, table[path], body)
        elif table is GETS and path.startswith(PICTURES):
            self._picture(handler, path.removeprefix(PICTURES))
        else:
            self._refuse(handler, HTTPStatus.NOT_FOUND, "there is no such page")

    def _refuse(self, handler: BaseHTTPRequestHandler, status: HTTPStatus, why: str) -> None:
        _reply(handler, status, TEXT, remark(why, self._running.settings.languages[0]))

    def _answer(self, handler: BaseHTTPRequestHandler, answer: "Answer", body: bytes) -> None:
        asked = asyncio.run_coroutine_threadsafe(self._call(lambda: answer(self._running, body)), self._loop)
        try:
            kind, text = asked.result(timeout=10)
        except (SatwarnError, ValueError, KeyError) as error:
            _reply(handler, HTTPStatus.BAD_REQUEST, TEXT, str(error))
            return
        _reply(handler, HTTPStatus.OK, kind, text)

    def _picture(self, handler: BaseHTTPRequestHandler, name: str) -> None:
        """A picture that a signed alert brought; it is read in this thread, so that no disk holds up the receiver."""
        asked = asyncio.run_coroutine_threadsafe(self._call(lambda: self._running.picture(name)), self._loop)
        held = asked.result(timeout=10)
        try:
            content = Path(held.file).read_bytes() if held else b""
        except OSError:
            content = b""
        if held and content:
            _reply(handler, HTTPStatus.OK, held.picture.mime_type, content)
        else:
            self._refuse(handler, HTTPStatus.NOT_FOUND, "there is no such page")

    def _by_hand(self, handler: BaseHTTPRequestHandler, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """One deed: who asks is looked into in this thread, which may take its time; what is done, in the loop."""
        form = "json" not in headers.get("Content-Type", "")
        kind, hand = HTML if form else TEXT, self._running.hand
        try:
            said = hand.check(path, headers, body, handler.client_address[0])
            done = asyncio.run_coroutine_threadsafe(self._call(lambda: DEEDS[path].do(self._running, said)), self._loop)
            _reply(handler, HTTPStatus.OK, kind, hand.told(done.result(timeout=10), form=form))
        except NotAllowed as error:
            _reply(handler, HTTPStatus.FORBIDDEN, kind, hand.refused(error, form=form))
        except (SatwarnError, ValueError, KeyError) as error:
            _reply(handler, HTTPStatus.BAD_REQUEST, kind, hand.refused(error, form=form))

    async def _call(self, answer: Callable[[], T]) -> T:
        return answer()


def _headers(handler: BaseHTTPRequestHandler) -> Mapping[str, str]:
    """By their usual spelling, however they came."""
    return {name.title(): value for name, value in handler.headers.items()}


def _body(handler: BaseHTTPRequestHandler) -> bytes | None:
    """What was sent; None for more than we read, or for what does not say how much it is."""
    said = handler.headers.get("Content-Length", "0")
    if "Transfer-Encoding" in handler.headers or not said.isdecimal() or int(said) > LARGEST:
        handler.close_connection = True
        return None
    return handler.rfile.read(int(said))


Answer = Callable[[Any, bytes], tuple[str, str | bytes]]
POLICY = "default-src 'self' 'unsafe-inline' data:; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
HTML, JSON, TEXT = "text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8"
WOFF2 = "font/woff2"
NEVER_CHANGE = (WOFF2, "image/png", "image/jpeg")  # a picture is asked for by its digest


def _kiosk(running: Any) -> Kiosk | None:
    return next((output for output in running.box.outputs if isinstance(output, Kiosk)), None)


def _screen(running: Any, body: bytes) -> tuple[str, str]:
    note = " ".join(what_is_wrong(running.box.faults(), running.settings.languages[0]))
    name = running.settings.name or running.settings.site.code
    shown = running.box.shown
    return HTML, page(shown, site=name, note=note, picture=running.picture_of(shown.warning) if shown else None)


def _showing(running: Any, body: bytes) -> tuple[str, str]:
    if kiosk := _kiosk(running):
        kiosk.asked()
    shown = running.box.shown
    return TEXT, now_on(shown, running.picture_of(shown.warning) if shown else None)


def _shown(running: Any, body: bytes) -> tuple[str, str]:
    said = json.loads(body)
    if kiosk := _kiosk(running):
        kiosk.read_back(str(said["showing"]), tuple(map(str, said["lines"])))
    return TEXT, "thanks"


def _font(tag: str) -> Answer:
    return lambda running, body: (WOFF2, font(tag))


GETS: dict[str, Answer] = {
    "/": lambda running, body: (HTML, render(running.state(), running.settings.languages[0])),
    "/status.json": lambda running, body: (JSON, json.dumps(running.state(), ensure_ascii=False)),
    "/hand": lambda running, body: (HTML, running.hand.page()),
    "/screen": _screen,
    "/screen/now": _showing,
    **{f"/screen/{tag}.woff2": _font(tag) for tag in FONTS},
}
POSTS: dict[str, Answer] = {
    "/screen/shown": _shown,
}


def _reply(handler: BaseHTTPRequestHandler, status: HTTPStatus, kind: str, text: str | bytes) -> None:
    data = text if isinstance(text, bytes) else text.encode()
    handler.send_response(status)
    for name, value in (
        ("Content-Type", kind),
        ("Content-Length", str(len(data))),
        ("Cache-Control", "max-age=86400" if kind in NEVER_CHANGE else "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'none'; sandbox" if kind.startswith("image/") else POLICY),
        ("Referrer-Policy", "same-origin"),
    ):
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(data)
