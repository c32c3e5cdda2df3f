"""A hub that drafts, approves and issues as fast as it can until somebody kills it; run in a process of its own."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from authority.making import drill
from house import SENDER
from satwarn.adapters import clock
from satwarn.alert.alert import Alert
from satwarn.app.once import asking, named
from satwarn.app.realm import Realm, RealmSettings, World
from satwarn.authority.jurisdiction import EVERYWHERE
from satwarn.authority.officer import Assent, By
from satwarn.authority.rights import Role

FAR = datetime(2099, 1, 1, tzinfo=UTC)


def run(folder: Path, begin: int, told: Connection) -> None:
    """Say "ready", then one (subject, identifier) for each warning that is on the air."""
    asyncio.run(_work(folder, begin, told))


async def _work(folder: Path, begin: int, told: Connection) -> None:
    settings = RealmSettings(world=World.LIVE, folder=folder, sender=SENDER, zone=UTC)
    realm = Realm(settings, now=clock.now)
    realm.check_assent = lambda officer, statement, assent: "seen"
    realm.start()
    for name, role in (("a", Role.AUTHOR), ("b", Role.APPROVER)):
        body = {"roles": [role], "jurisdiction": EVERYWHERE.to_json()}
        await realm.do(lambda n=name, b=body: realm.record("appoint", f"person/{n}", b))  # type: ignore[misc]  # bound
    told.send("ready")
    number = begin
    while True:
        subject = f"w-{number}"
        asking.set(named(f"key-{number}", caller="a", who="a", path="/same", body=b""))
        await realm.do(lambda s=subject: _agreed(realm, s))  # type: ignore[misc]  # bound
        issued = await realm.issue(subject, by="a")
        told.send((subject, issued.alert.identifier))
        number += 1


def _agreed(realm: Realm, subject: str) -> dict[str, str]:
    desk, now = realm.desk, clock.now()
    desk.draft(_exercise(now), subject=subject, by="a", now=now)
    desk.submit(subject=subject, by="a", now=now)
    digest = desk.stands(subject).digest
    desk.approve(subject=subject, by="b", digest=digest, assent=Assent(by=By.CODE, proof=b"x"), now=now)
    return {"subject": subject}


def _exercise(now: datetime) -> Alert:
    alert = drill()
    infos = tuple(replace(info, expires=FAR) for info in alert.infos)
    return replace(alert, sent=now.replace(microsecond=0), infos=infos)
