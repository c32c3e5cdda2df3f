"""A receiver stands: two on one folder, a shadow, a disk that cannot be written, bytes and faults nobody foresaw."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from test_receiver_process import NOT_HERE, key, missile, running, sane_radio, site_toml, ubx_of, until

from satwarn.adapters import clock
from satwarn.adapters.folder import LOCK, Folder
from satwarn.adapters.keys import SigningKey
from satwarn.app.receiver_run import Running
from satwarn.app.receiver_settings import read
from satwarn.errors import BadSetting
from satwarn.ledger.receipt import Act
from satwarn.receiver import keeping
from satwarn.receiver.clock import Source

__all__ = ["key"]
assert NOT_HERE


def test_two_on_one_folder_and_the_second_says_so(tmp_path: Path) -> None:
    first = Folder(tmp_path / "state")
    with pytest.raises(BadSetting, match="another receiver runs"):
        Folder(tmp_path / "state")
    first.close()
    Folder(tmp_path / "state").close()


def test_what_a_killed_process_held_is_free_again(tmp_path: Path) -> None:
    child = (
        "import os, sys; from pathlib import Path; from satwarn.adapters.folder import Folder;"
        "held = Folder(Path(sys.argv[1])); print('held', flush=True); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", child, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.stdout == "held\n"
    assert (tmp_path / LOCK).exists()
    Folder(tmp_path).close()


def test_a_folder_that_cannot_be_written_is_stood_in_for_with_what_was_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "memory.json").write_text("what was kept")

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    folder = Folder(tmp_path)
    assert "No space left on device" in folder.wrong
    assert folder.place != tmp_path
    assert (folder.place / "memory.json").read_text() == "what was kept"
    folder.close()
    assert not folder.place.exists()


def test_a_receiver_whose_disk_cannot_be_written_warns_all_the_same_and_says_so(
    tmp_path: Path, key: SigningKey
) -> None:
    file = site_toml(tmp_path, key)
    (tmp_path / "state").write_text("a file where the folder should be")

    async def live(run: Running) -> None:
        await until(lambda: "folder" in run.box.faults())
        assert "lost with the power" in run.box.faults()["folder"]
        hear_missile(run)
        assert [one.act for one in run.box.machine.memory.live()] == [Act.SOUNDED]
        assert run.box.shown

    running(file, live)


def test_a_shadow_on_the_same_settings_keeps_a_memory_of_its_own(tmp_path: Path, key: SigningKey) -> None:
    """What it would have done must not count as done by the one beside it."""
    file = site_toml(tmp_path, key)

    async def shadow(run: Running) -> None:
        hear_missile(run)
        assert [one.act for one in run.box.machine.memory.live()] == [Act.SOUNDED]

    async def real(run: Running) -> None:
        assert run.box.machine.memory.live() == ()
        running_beside = Running(read(file), shadow=True)  # also at the same time
        assert [one.act for one in running_beside.box.machine.memory.live()] == [Act.SOUNDED]
        running_beside._folder.close()

    running(file, shadow, shadow=True)
    running(file, real)


def hear_missile(run: Running) -> None:
    from satwarn.receiver.radio import Level, Radio

    run.box.hear_radio(Radio(at=run.now(), jamming=Level.NONE, spoofing=Level.NONE))
    run.box.hear_frame(missile(clock.now()), 184)


def test_a_message_that_breaks_something_is_a_fault_and_the_next_is_heard(
    tmp_path: Path, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "air"
    os.mkfifo(pipe)
    file = site_toml(tmp_path, key, more=f'[[air]]\nkind = "pipe"\naddress = "{pipe}"\n')
    broken = [True]

    async def live(run: Running) -> None:
        real = run.box.machine.hear_frame

        def breaks(*given: object, **named: object) -> None:
            if broken.pop() if broken else False:
                raise KeyError("what nobody foresaw")
            real(*given, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(run.box.machine, "hear_frame", breaks)
        with pipe.open("r+b", buffering=0) as writer:
            writer.write(sane_radio(clock.now()))
            writer.write(ubx_of(missile(clock.now())) * 2)
            await until(lambda: bool(run.box.machine.memory.live()))
        assert "what nobody foresaw" in run.box.faults()["inside"]

    running(file, live)


def test_an_effect_that_fails_costs_none_that_comes_after_it(
    tmp_path: Path, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def live(run: Running) -> None:
        def fails(memory: object) -> None:
            raise RuntimeError("no words")

        monkeypatch.setattr(run.box, "_keep", fails)
        hear_missile(run)
        assert run.box.shown
        assert "Keep: RuntimeError: no words" in run.box.faults()["inside"]

    running(site_toml(tmp_path, key), live)


@pytest.mark.parametrize("work", ["_look", "_glance", "_test"])
def test_work_that_dies_begins_anew(
    work: str, tmp_path: Path, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    lives: Callable[[Running], object] = getattr(Running, work)

    async def dies_once(self: Running) -> None:
        begun.append(work)
        if len(begun) == 1:
            raise ZeroDivisionError(work)
        await lives(self)  # type: ignore[misc]

    monkeypatch.setattr(Running, work, dies_once)
    monkeypatch.setattr("satwarn.app.receiver_run.OPEN_AGAIN_S", 0.01)

    async def live(run: Running) -> None:
        await until(lambda: len(begun) == 2)
        assert "ZeroDivisionError" in run.box.faults()["inside"]

    running(site_toml(tmp_path, key), live)


def test_of_two_radios_each_answers_for_its_own_frames(tmp_path: Path, key: SigningKey) -> None:
    """One is sane and tells so all the time; what the other, bare one brings sounds no sooner for that."""
    sane, bare = tmp_path / "sane", tmp_path / "bare"
    more = ""
    for pipe, monitored in ((sane, "true"), (bare, "false")):
        os.mkfifo(pipe)
        more += f'[[air]]\nkind = "pipe"\naddress = "{pipe}"\nmonitored = {monitored}\n'

    async def live(run: Running) -> None:
        with sane.open("r+b", buffering=0) as one, bare.open("r+b", buffering=0) as other:
            one.write(sane_radio(clock.now()))
            await until(lambda: run.air[0]._told)
            other.write(ubx_of(missile(clock.now())))
            await until(lambda: bool(run.box.machine.memory.live()))
            assert [one.act for one in run.box.machine.memory.live()] == [Act.SHOWN]
            one.write(ubx_of(missile(clock.now())))
            await until(lambda: [one.act for one in run.box.machine.memory.live()] == [Act.SOUNDED])

    running(site_toml(tmp_path, key, more=more), live)


def test_a_memory_of_a_later_version_is_read_and_one_that_is_cut_is_set_aside(tmp_path: Path, key: SigningKey) -> None:
    file = site_toml(tmp_path, key)

    async def first(run: Running) -> None:
        hear_missile(run)

    run = running(file, first)
    kept = run.box.kept()
    assert kept
    later = kept.replace('"warnings":', '"of a later version": {"x": [1]}, "warnings":', 1)
    assert keeping.from_json(later) == keeping.from_json(kept)
    memory = tmp_path / "state" / "memory.json"
    memory.write_bytes(memory.read_bytes()[:-7])

    async def again(run: Running) -> None:
        assert "damaged" in run.box.faults()["memory"]
        assert not run.box.machine.memory.warnings

    running(file, again)
    assert (tmp_path / "state" / "memory.json.damaged").exists()


def test_a_clock_that_is_put_right_asks_the_hub_again_for_what_is_on(tmp_path: Path, key: SigningKey) -> None:
    """A board without a clock of its own: what came before the first beat was taken for not yet sent."""

    class Line:
        asked = 0

        def again(self) -> None:
            self.asked += 1

    async def live(run: Running) -> None:
        line = run._line = Line()
        run.hear_time(Source.GROUND, clock.now())
        assert line.asked == 0
        for days in (21, 42):
            run.hear_time(Source.GROUND, clock.now() + timedelta(days=days))
        assert line.asked == 1, "and no more than once a minute, whatever leaps"
        run._line = None

    running(site_toml(tmp_path, key), live)
