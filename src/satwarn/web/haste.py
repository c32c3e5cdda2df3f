"""Nobody holds a connection by sending a request drop by drop: the head of one is due within seconds, and is small.

The server beneath waits for a head for ever, however large. What a slow body costs is `patience`'s to say; here only
the connection is ended, in case somebody goes on sending to a request that is answered.
"""

import asyncio
import json
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from satwarn.web import patience

HEAD_WITHIN_S = 10.0
BODY_GRACE_S = 5.0
"""How much longer than the application's patience the connection lasts."""
MOST_HEAD_BYTES = 64_000
MOST_WAITING = 500
"""How many connections may owe us a head before the one that has owed it longest is ended."""
MOST_IDLE = 2000
"""How many may keep a connection that they do not use, before the one idle longest is ended: the rest of what the
server holds at once is for whoever asks something."""
SETTLED_S = 1.0
"""A connection younger than this is never ended for others: a crowd that comes at once is no attack."""


def _ends(status: str, *, detail: str, fix: str) -> bytes:
    """A problem (RFC 9457) to somebody whom no application has seen yet."""
    body = {"title": status[4:].lower(), "status": int(status[:3]), "detail": detail, "where": "", "fix": fix}
    text = json.dumps(body)
    head = f"HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: application/problem+json\r\n"
    return f"{head}content-length: {len(text)}\r\n\r\n{text}".encode()


TOO_SLOW = _ends("408 Request Timeout", detail="the head did not come in time", fix="send it whole, within ten seconds")
TOO_LARGE = _ends("431 Request Header Fields Too Large", detail="the head is too long", fix="at most 64 kB of headers")

_waiting: dict["HastyProtocol", float] = {}
"""Connections that owe a head, the oldest first, and since when."""


class HastyProtocol(HttpToolsProtocol):
    """HTTP/1.1 on one connection, with a deadline for the head of each request and for the end of its body."""

    _due: asyncio.TimerHandle | None = None
    _in_body = False
    _head_bytes = 0

    def connection_made(self, transport: Any) -> None:
        """Somebody is there, and owes a request."""
        super().connection_made(transport)
        self._await_head()
        _make_room(self.loop.time())

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._calm()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Answered; the next request may come, or not."""
        super().on_response_complete()
        if self._due is None and not self.transport.is_closing() and not _is_answering(self.cycle):
            _idle[self] = None

    def data_received(self, data: bytes) -> None:
        """Some of a head, of a body, or of both."""
        _idle.pop(self, None)
        if not self._in_body:
            self._await_head()
            self._head_bytes += len(data)
        super().data_received(data)
        if not self._in_body and self._head_bytes > MOST_HEAD_BYTES:
            self._end(TOO_LARGE)

    def on_message_begin(self) -> None:
        """A head begins, perhaps behind another request."""
        self._await_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is whole; now its body is due."""
        self._calm()
        self._in_body, self._head_bytes = True, 0
        self._due = self.loop.call_later(patience.WITHIN_S + BODY_GRACE_S, self._end)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """All of the request is here; how long its answer takes is no fault of theirs."""
        self._calm()
        self._in_body = False
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Another protocol takes over."""
        self._calm()
        super().handle_websocket_upgrade()

    def _await_head(self) -> None:
        if self._due is None:
            self._due = self.loop.call_later(HEAD_WITHIN_S, self._end, TOO_SLOW)
            _waiting[self] = self.loop.time()

    def _calm(self) -> None:
        _waiting.pop(self, None)
        _idle.pop(self, None)
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _end(self, answer: bytes = b"") -> None:
        self._calm()
        if not self.transport.is_closing():
            if answer and not _is_answering(self.cycle):
                self.transport.write(answer)
            self.transport.close()


_idle: dict["HastyProtocol", None] = {}
"""Connections that were answered and ask nothing now, the longest idle first."""


def _is_answering(cycle: RequestResponseCycle | None) -> bool:
    return cycle is not None and not cycle.response_complete


def _make_room(now: float) -> None:
    while len(_idle) > MOST_IDLE:
        next(iter(_idle))._end()
    while len(_waiting) > MOST_WAITING:
        oldest, since = next(iter(_waiting.items()))
        if now - since < SETTLED_S:
            return
        oldest._end(TOO_SLOW)


LIMITS: dict[str, Any] = {"http": HastyProtocol, "timeout_keep_alive": 20, "limit_concurrency": 4000}
"""What the server beneath is told, wherever it is started."""
