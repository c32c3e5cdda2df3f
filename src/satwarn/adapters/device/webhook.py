"""Begin and end of a warning by HTTP POST; proven when the other side answers with the digest of what it read."""

import hashlib
import socket
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from satwarn.adapters.device.event import begin_of, end_of, written
from satwarn.ledger.receipt import Cause, OutputResult, Proof
from satwarn.people.ports import Done, Performance, Trouble, failed

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

    def allowed_s(self, performance: Performance) -> float:
        """All attempts."""
        return ATTEMPTS * ANSWERS_WITHIN_S + 5

    def begin(self, performance: Performance, *, done: Done) -> None:
        """Say that it begins."""
        threading.Thread(target=self._work, args=(written(begin_of(performance)), done), daemon=True).start()

    def end(self, warning: str, *, last: bool = True) -> None:
        """Say that it is over."""
        body = written(end_of(warning, site="", how="over" if warning else "stopped"))
        threading.Thread(target=self._work, args=(body, lambda result: None), daemon=True).start()

    def probe(self) -> str:
        """Why it would fail now, "" when somebody listens there: only a connection is made."""
        asked = urlsplit(self.address)
        try:
            port = asked.port or (443 if asked.scheme == "https" else 80)
            socket.create_connection((asked.hostname or "", port), ANSWERS_WITHIN_S).close()
        except (OSError, ValueError) as error:
            return f"nobody listens at {self.address}: {error}"
        return ""

    def _work(self, body: bytes, done: Done) -> None:
        result = self._sent(body)
        self.post(lambda: done(result))

    def _sent(self, body: bytes) -> OutputResult:
        digest, why = hashlib.sha256(body).hexdigest(), ""
        for _ in range(ATTEMPTS):
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
