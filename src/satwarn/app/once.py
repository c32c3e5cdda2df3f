"""Once and only once: a request with an Idempotency-Key is answered from the ledger when it comes again."""

from collections.abc import Awaitable, Callable
from typing import Any

from satwarn.app.realm import Realm
from satwarn.authority.roster import hash_secret
from satwarn.errors import BadAlert, OutOfTurn

LONGEST = 200


Answer = dict[str, Any]


async def once(
    realm: Realm, key: str, *, who: str, request: bytes, job: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Do `job` on the ledger's thread and keep its answer in the same commit; the same key gives that answer again.

    Without a key it is simply done. OutOfTurn when the key came with another request before.
    """
    if not key:
        return await realm.do(job)
    subject, digest = _named(key, who, request)

    def work() -> Answer:
        kept = _kept(realm, subject, digest)
        if kept is not None:
            return kept
        with realm.ledger.work():
            answer = job()
            realm.record("answer", subject, {"request": digest, "answer": answer}, by=who)
        return answer

    return await realm.do(work)


async def repeated(
    realm: Realm, key: str, *, who: str, request: bytes, deed: Callable[[], Awaitable[Answer]]
) -> Answer:
    """As `once`, for a deed that is several commits: its answer is kept after it. Where the hub died between the two,
    the lifecycle says that it is done (409), and nothing is done twice."""
    if not key:
        return await deed()
    subject, digest = _named(key, who, request)
    kept = await realm.do(lambda: _kept(realm, subject, digest))
    if kept is not None:
        return kept
    answer = await deed()
    await realm.do(lambda: realm.record("answer", subject, {"request": digest, "answer": answer}, by=who))
    return answer


def _named(key: str, who: str, request: bytes) -> tuple[str, str]:
    if len(key) > LONGEST or not key.isprintable():
        raise BadAlert("is too long or not printable", where="Idempotency-Key", fix=f"at most {LONGEST} characters")
    return f"once/{hash_secret(who + chr(0) + key)}", hash_secret(request.hex())


def _kept(realm: Realm, subject: str, digest: str) -> Answer | None:
    found = realm.views.answered.get(subject)
    if found is None:
        return None
    if found["request"] != digest:
        raise OutOfTurn("came with another request before", where="Idempotency-Key", fix="take a new key")
    answer: Answer = found["answer"]
    return answer
