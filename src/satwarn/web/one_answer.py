"""One answer to one request: a POST of the API with an Idempotency-Key is carried out once, however often it comes.

The ledger keeps the answers, except those that show a secret (a code, an API key): what is written there stays for
good, and is exported. They are repeated from memory for ten minutes, to exactly the same request by the same
credentials; after that, or after a restart, a repetition is told that it was carried out.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

import msgspec
from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from satwarn.app.once import SPENT, Once, asking, earlier, named
from satwarn.app.realm import HUB, Realm
from satwarn.errors import OutOfTurn
from satwarn.web.api_warnings import shown
from satwarn.web.here import Req, actor_of_program, here

HEADER = "idempotency-key"
REPLAYED = (b"idempotency-replayed", b"true")
KEPT_FOR = timedelta(minutes=10)
MOST_KEPT = 1000

KEPT = frozenset(
    {
        "/api/alerts",
        "/api/appointments/{name}/withdraw",
        "/api/cap",
        "/api/enrolments",
        "/api/enrolments/renew",
        "/api/launch-reports",
        "/api/ledger/checkpoints",
        "/api/me/key",
        "/api/orders",
        "/api/sites/{code}/mark",
        "/api/supplies",
        "/api/templates",
        "/api/warnings",
        "/api/warnings/cap",
        "/api/warnings/{subject}/announce",
        "/api/warnings/{subject}/follow",
        "/api/warnings/{subject}/{deed}",
        "/api/{sort}/{name}/revoke",
        "/api/{sort}/{name}/sign",
    }
)
"""Calls whose answers hold no secret, so that the ledger may keep them; of any other that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An answer as it was given."""

    status: int
    kind: str
    body: bytes

    async def send(self, send: Send) -> None:
        """Give it again."""
        headers = [REPLAYED, (b"content-length", str(len(self.body)).encode())]
        headers += [(b"content-type", self.kind.encode())] if self.kind else []
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


@dataclass(slots=True)
class Secrets:
    """Answers that show a secret, for a while, by the request that they answered; and which requests are under way."""

    answers: OrderedDict[str, tuple[datetime, Given]] = field(default_factory=OrderedDict)
    under_way: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def keep(self, request: str, answer: Given, *, now: datetime) -> None:
        """Remember an answer; the oldest are forgotten first."""
        self.answers[request] = (now + KEPT_FOR, answer)
        while len(self.answers) > MOST_KEPT:
            self.answers.popitem(last=False)

    def of(self, request: str, *, now: datetime) -> Given | None:
        """The answer, if it was given lately."""
        for gone in [one for one, (until, _) in self.answers.items() if until <= now]:
            del self.answers[gone]
        found = self.answers.get(request)
        return found[1] if found else None

    def turn(self, name: str) -> asyncio.Lock:
        """Whose turn it is among requests under the same key."""
        return self.under_way.setdefault(name, asyncio.Lock())


class OneAnswer:
    """Answers a repeated request as the first was answered (ASGI middleware)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_keyed(scope):
            await self.app(scope, receive, send)
            return
        request: Req = Request(scope, receive=receive, send=send)
        realm, secrets = here(request).realm, _secrets(request)
        exactly = await _exactly(request)
        # Before the credentials are looked at: an exchanged key holds no more, and its owner waits for the new one.
        if found := secrets.of(exactly, now=realm.now()):
            await found.send(send)
            return
        once = await _once(request)
        async with secrets.turn(once.subject):
            kept = earlier(once, realm.views.answered)
            if kept is not None:
                found = secrets.of(exactly, now=realm.now()) or await _again(request, realm, kept)
                await found.send(send)
                return
            answer, messages = await self._carried_out(once, scope, receive, send)
            if once.subject in realm.views.answered:
                body: dict[str, Any] = {"request": once.digest, "status": answer.status, "kind": answer.kind}
                if scope["path_template"] in KEPT or answer.status >= 400:
                    body["body"] = answer.body.decode()
                else:
                    secrets.keep(exactly, answer, now=realm.now())
                await realm.do(lambda: realm.record(SPENT, once.subject, body, by=once.who))
        for message in messages:
            await send(message)

    async def _carried_out(
        self, once: Once, scope: Scope, receive: Receive, send: Send
    ) -> "tuple[Given, list[Message]]":
        messages: list[Message] = []

        async def hold(message: Message) -> None:
            messages.append(message)

        token = asking.set(once)
        try:
            await self.app(scope, receive, hold)
        finally:
            once.open = False
            asking.reset(token)
        start = next(one for one in messages if one["type"] == "http.response.start")
        kinds = [value.decode() for name, value in start["headers"] if name.lower() == b"content-type"]
        body = b"".join(one.get("body", b"") for one in messages if one["type"] == "http.response.body")
        return Given(status=start["status"], kind="".join(kinds), body=body), messages


def _is_keyed(scope: Scope) -> bool:
    return (
        scope["type"] == ScopeType.HTTP
        and scope["method"] == "POST"
        and scope["path"].startswith("/api/")
        and any(name == HEADER.encode() for name, _ in scope["headers"])
    )


def _secrets(request: Req) -> Secrets:
    found: Secrets = request.app.state.secrets
    return found


async def _exactly(request: Req) -> str:
    """The digest of all that a request says: to which realm, by which credentials, under which key, and what."""
    said = (
        here(request).world,
        request.headers.get("authorization", ""),
        request.headers.get(HEADER, ""),
        str(request.scope["path"]),
        (await request.body()).hex(),
    )
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


async def _once(request: Req) -> Once:
    """A key belongs to one person and the scopes of their API key; where nobody says who they are, to what they ask."""
    body = await request.body()
    if request.headers.get("authorization"):
        actor = actor_of_program(request)
        who, caller = actor.name, "\0".join([actor.name, *sorted(actor.key.scopes if actor.key else ())])
    else:
        who, caller = HUB, body.hex()
    return named(request.headers.get(HEADER, ""), caller=caller, who=who, path=str(request.scope["path"]), body=body)


async def _again(request: Req, realm: Realm, kept: Mapping[str, Any]) -> Given:
    """What the ledger knows of the answer; OutOfTurn where that is only that the request was carried out."""
    if "status" not in kept:
        return _where_it_stands(request, realm, kept["about"])
    (entry,) = realm.reader.page(before=kept["position"] + 1, limit=1)
    if "body" not in entry.body:
        raise OutOfTurn(
            "was carried out; its answer showed a secret, which is not kept",
            where="Idempotency-Key",
            fix="revoke what was made, and ask anew under a new key",
        )
    return Given(status=kept["status"], kind=kept["kind"], body=entry.body["body"].encode())


def _where_it_stands(request: Req, realm: Realm, about: list[str]) -> Given:
    """The hub died between the deed and its answer, and there is only what is true now."""
    warning = next((realm.views.warnings[one] for one in about if one in realm.views.warnings), None)
    if warning is None:
        raise OutOfTurn(
            "was carried out, but the hub stopped before it answered",
            where=", ".join(about),
            fix="look at what it speaks of; nothing is done again",
        )
    body = msgspec.json.encode(shown(warning))
    return Given(status=int(request.route_handler.status_code), kind="application/json", body=body)
