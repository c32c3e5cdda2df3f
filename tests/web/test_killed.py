"""The hub killed at random moments: nothing accepted is lost, nothing new happens twice, the chain holds."""

import multiprocessing
import os
import random
import sys
from pathlib import Path

import pytest

from satwarn.adapters.ledger.sqlite import read_only
from satwarn.alert.lifecycle import State
from satwarn.authority.standing import standing
from satwarn.ledger.chain import verify
from satwarn.ledger.entry import Entry
from web import doomed

RUNS = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 20


def test_killed_at_random_moments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))  # for the server that forks, which imports once
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["web.doomed"])
    chance, accepted, begin = random.Random(7), {}, 0
    for _ in range(RUNS):
        ours, theirs = processes.Pipe(duplex=False)
        hub = processes.Process(target=doomed.run, args=(tmp_path, begin, theirs))
        hub.start()
        theirs.close()
        assert ours.recv() == "ready"
        for _ in range(chance.randrange(1, 12)):
            subject, identifier = ours.recv()
            accepted[subject] = identifier
        _spin(chance.randrange(40_000))
        hub.kill()
        hub.join()
        accepted |= _told_before_it_died(ours)
        entries = list(read_only(tmp_path / "ledger.db"))
        begin = 1 + _check(entries, accepted)
    assert len(accepted) >= RUNS


def _check(entries: list[Entry], accepted: dict[str, str]) -> int:
    """The number of the last warning there is."""
    verify(entries)
    issued = [(entry.subject, entry.body["identifier"]) for entry in entries if entry.kind == "issue"]
    assert len(issued) == len(dict(issued)), "something was issued twice"
    assert accepted.items() <= dict(issued).items(), "something accepted was lost"
    sent = [entry.body["identifier"] for entry in entries if entry.kind == "send"]
    assert sorted(sent) == sorted(identifier for _, identifier in issued), "issued and sent are not one"
    stand = {subject: standing(subject, of).state for subject, of in _by_subject(entries).items()}
    assert {subject for subject, state in stand.items() if state is State.ON_AIR} == {subject for subject, _ in issued}
    assert set(stand.values()) <= {State.ON_AIR, State.APPROVED}, "the desk cannot say where it stands"
    begun = {entry.subject for entry in entries if entry.kind == "draft"}
    agreed = {entry.subject for entry in entries if entry.kind == "approve"}
    assert begun == agreed, "a request was done by halves"
    spent = [entry.body["about"] for entry in entries if entry.kind == "answer"]
    assert sorted(spent) == sorted([one] for one in begun), "a request was done, and its key says nothing of it"
    return max(int(subject.removeprefix("w-")) for subject in begun)


def _by_subject(entries: list[Entry]) -> dict[str, list[Entry]]:
    """What the desk folds of each warning."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.subject.startswith("w-"):
            found.setdefault(entry.subject, []).append(entry)
    return found


def _told_before_it_died(ours: "multiprocessing.connection.Connection") -> dict[str, str]:
    found = {}
    try:
        while True:
            subject, identifier = ours.recv()
            found[subject] = identifier
    except EOFError:
        ours.close()
    return found


def _spin(count: int) -> None:
    """A little time that is not the same each time, and no sleep."""
    for _ in range(count):
        pass
