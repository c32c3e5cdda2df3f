"""The drill in machine time, and from approved to issued beside the least it could cost."""

import tempfile
from pathlib import Path
from statistics import median

import apsw

from bench.row import Row, best_of
from house import ELEVEN, SENDER, exercise, key
from satwarn.adapters.clock import stopwatch
from satwarn.adapters.keys import make_officer_key
from satwarn.adapters.ledger.sqlite import SqliteLedger
from satwarn.alert import cap, seal
from satwarn.app.run import run_drill
from satwarn.app.settings import DrillSettings
from satwarn.authority.desk import Desk
from satwarn.authority.jurisdiction import EVERYWHERE
from satwarn.authority.officer import Officer, Role, sign_approval

ROUNDS = 60


def run() -> list[Row]:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            drill(Path(folder)),
            approve_to_issued(Path(folder), live=0),
            approve_to_issued(Path(folder), live=100),
        ]


def drill(folder: Path) -> Row:
    """The whole drill, against the eight minutes of virtual time it plays."""
    settings = DrillSettings(out=folder / "drill")
    taken_s = best_of(1, lambda: run_drill("japan-2017-08-18", settings, watch=lambda event: None))
    return Row(
        what="drill japan-2017-08-18, 249 sites, machine time",
        ours=f"{taken_s:.1f} s",
        anchor="480 s of virtual time",
        ratio=f"1/{480 / taken_s:.0f}",
        aim="<= 10 s",
    )


def approve_to_issued(folder: Path, *, live: int) -> Row:
    """Issue against a bare FULL commit of the same bytes plus one signature, with so many warnings on the air."""
    tanaka, sato = make_officer_key(), make_officer_key()
    people = [("Tanaka", tanaka, Role.AUTHOR), ("Sato", sato, Role.APPROVER)]
    officers = {
        name: Officer(
            name=name,
            roles=frozenset({role}),
            jurisdiction=EVERYWHERE,
            public_key=one.public_key().public_bytes_raw(),
        )
        for name, one, role in people
    }

    def sealed(xml: bytes) -> bytes:
        return seal.sign(xml, key_pem=key().key_pem, certificate_pem=key().certificate_pem)

    def approved(desk: Desk, subject: str) -> None:
        desk.draft(exercise(), subject=subject, by="Tanaka", now=ELEVEN)
        desk.submit(subject=subject, by="Tanaka", now=ELEVEN)
        digest = desk.stands(subject).digest
        desk.approve(subject=subject, by="Sato", digest=digest, assent=sign_approval(sato, subject, digest), now=ELEVEN)

    ours, bare, xml, signed = [], [], cap.write(exercise()), b""
    db = apsw.Connection(str(folder / f"bare-{live}.db"))
    db.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE bare (text TEXT)").fetchall()
    for number in range(ROUNDS):
        if not number or not live:
            # Beside none on the air: a ledger a round, for an officer does not issue sixty at the same time.
            desk = Desk(SqliteLedger(folder / f"{live}-{number}.db"), officers, sender=SENDER)
            for other in range(live):
                approved(desk, f"other {other}")
                desk.issue(subject=f"other {other}", by="Tanaka", seal=sealed, now=ELEVEN)
        subject = f"w {number}"
        approved(desk, subject)
        start = stopwatch()
        signed = desk.issue(subject=subject, by="Tanaka", seal=sealed, now=ELEVEN).signed
        middle = stopwatch()
        text = sealed(xml).decode()
        with db:
            db.execute("INSERT INTO bare VALUES (?)", (text,))
        ours.append(middle - start)
        bare.append(stopwatch() - middle)
    p50, least = median(ours), median(bare)
    return Row(
        what=f"approved -> issued, {len(signed) // 1000} kB alert, {live} live, p50",
        ours=f"{p50 * 1000:.2f} ms",
        anchor=f"{least * 1000:.2f} ms commit+sign",
        ratio=f"{p50 / least:.1f} x",
        aim="<= 3 x",
    )
