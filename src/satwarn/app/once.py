"""Once and only once: a request with an Idempotency-Key is answered from the ledger when it comes again."""

from collections.abc import Callable
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
    if len(key) > LONGEST or not key.isprintable():
        raise BadAlert("is too long or not printable", where="Idempotency-Key", fix=f"at most {LONGEST} characters")
    subject, digest = f"once/{hash_secret(who + chr(0) + key)}", hash_secret(request.hex())

    def work() -> Answer:
        kept = realm.views.answered.get(subject)
        if kept is not None:
            if kept["request"] != digest:
                raise OutOfTurn("came with another request before", where="Idempotency-Key", fix="take a new key")
            answer: Answer = kept["answer"]
            return answer
        with realm.ledger.work():
            answer = job()
            realm.record("answer", subject, {"request": digest, "answer": answer}, by=who)
        return answer

    return await realm.do(work)
