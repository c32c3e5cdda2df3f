"""Begin and end of a warning by HTTP POST; proven when the other side answers with the digest of what it read."""

import hashlib
import socket
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from queue import Queue
from urllib.parse import urlsplit

from satwarn.adapters.device.event import Begun
from satwarn.ledger.receipt import Cause, OutputResult, Proof
from satwarn.people.ports import Done, Performance, Trouble, failed, told_as_end

ANSWERS_WITHIN_S = 10.0
ATTEMPTS = 3
DIGEST = "X-Satwarn-Digest"


@dataclass(slots=True, kw_only=True)
class Webhook:
    """An Output (see people.ports): POSTs JSON to `address`.

    An answer of 2xx that repeats the body's SHA-256 in the header X-Satwarn-Digest is proof; without it, unproven.
    """

    name: str
    address: str
    post: Callable[[Callable[[], None]], None]
    begun: Begun
    _line: "Queue[Callable[[], None]]" = field(default_factory=Queue)

    def __post_init__(self) -> None:
        threading.Thread(target=self._one_by_one, daemon=True).start()

    def allowed_s(self, performance: Performance) -> float:
        """All attempts."""
        return ATTEMPTS * ANSWERS_WITHIN_S + 5

    def begin(self, performance: Performance, *, done: Done) -> None:
        """Say that it begins; the words of an end are an event of their own, and sent as such."""
        body = self.begun.begin(performance)
        if body is None:
            done(told_as_end(self.name))
            return
        warning = performance.warning
        self._line.put(lambda: self._work(body, done, lambda: self.begun.has(warning)))

    def end(self, warning: str, *, how: str, last: bool) -> None:
        """Say that it is over, and how."""
        for body in self.begun.end(warning, how=how):
            self._line.put(partial(self._work, body, lambda result: None, lambda: True))

    def probe(self) -> str:
        """Why it would fail now, "" when somebody listens there: only a connection is made."""
        asked = urlsplit(self.address)
        try:
            port = asked.port or (443 if asked.scheme == "https" else 80)
            socket.create_connection((asked.hostname or "", port), ANSWERS_WITHIN_S).close()
        except (OSError, ValueError) as error:
            return f"nobody listens at {self.address}: {error}"
        return ""

    def _one_by_one(self) -> None:
        """In order: an end must never overtake its begin."""
        while True:
            self._line.get()()

    def _work(self, body: bytes, done: Done, wanted: Callable[[], bool]) -> None:
        result = self._sent(body, wanted)
        self.post(lambda: done(result))

    def _sent(self, body: bytes, wanted: Callable[[], bool]) -> OutputResult:
        """Try it, again while it is `wanted`: a begin is not, once its end waits behind it."""
        digest, why = hashlib.sha256(body).hexdigest(), "it was over before it was taken"
        for _ in range(ATTEMPTS):
            if not wanted():
                break
            try:
                asked = urllib.request.Request(  # noqa: S310 - the scheme is the site's own setting
                    self.address, data=body, headers={"Content-Type": "application/json", DIGEST: digest}
                )
                with urllib.request.urlopen(asked, timeout=ANSWERS_WITHIN_S) as answer:  # noqa: S310 - as above
                    return self._answered(answer.headers.get(DIGEST, ""), digest)
            except (OSError, ValueError) as error:
                why = str(error)
        trouble = Trouble(
            cause=Cause.PATH, detail=f"was not taken: {why}", next_step="start what listens there, then test again"
        )
        return failed(self.name, trouble)

    def _answered(self, said: str, digest: str) -> OutputResult:
        if said == digest:
            return OutputResult(output=self.name, proof=Proof.PROVEN)
        return OutputResult(
            output=self.name,
            proof=Proof.UNPROVEN,
            cause=Cause.UNPROVEN,
            detail="was taken, but not confirmed",
            next_step=f"answer with the header {DIGEST} as it was sent, once it has been acted on",
        )
