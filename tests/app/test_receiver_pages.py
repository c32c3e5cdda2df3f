"""What the screen of a running box shows while the pages of a text come in."""

from datetime import UTC, datetime
from pathlib import Path

from tests.receiver.test_paged_texts import TEXT, pages_of

from satwarn.adapters.memory import MemoryFile
from satwarn.app.receiver_box import Box
from satwarn.app.receiver_screen import Kiosk, name_of
from satwarn.app.receiver_settings import settings as settings_of
from satwarn.frame import encode
from satwarn.ledger.receipt import OutputResult
from satwarn.people.screen import screen
from satwarn.receiver.clock import Reading, Source

AT = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)


class Never:
    def after(self, delay_s: float, call: object) -> None: ...


def box_at(folder: Path) -> Box:
    raw = {"site": {"code": "31202", "folder": str(folder), "languages": ["ja", "en"]}, "rules": {}}
    raw |= {"output": [{"name": "screen", "kind": "screen"}]}
    return Box(
        settings_of({**raw, "rules": {"unmonitored_radio": "sound"}}, file=folder / "site.toml"),
        outputs=[Kiosk(name="screen")],
        timer=Never(),
        clock=lambda: Reading(now=AT, source=Source.GNSS, error_s=0.1),
        memory=MemoryFile(folder / "memory.json"),
    )


def test_the_page_grows_with_the_pages_and_its_name_changes_so_that_the_browser_loads_it_anew(tmp_path: Path) -> None:
    box, names = box_at(tmp_path), []
    for page in pages_of(TEXT):
        box.hear_frame(encode(page, preamble=0x53, counter=0, at=AT), 186)
        names.append(name_of(box.shown))
    assert box.shown
    assert any(TEXT in line for line in screen(box.shown).lines())
    assert not any("未受信" in line for line in screen(box.shown).lines())
    assert len(box.machine.memory.live()) == 1
    assert len(set(names)) == len(names)


def test_a_page_refined_before_the_browser_answers_is_still_proven(tmp_path: Path) -> None:
    box = box_at(tmp_path)
    (kiosk,) = box.outputs
    assert isinstance(kiosk, Kiosk)
    first, *others = pages_of(TEXT)
    box.hear_frame(encode(first, preamble=0x53, counter=0, at=AT), 186)
    assert box.shown
    results: list[OutputResult] = []
    kiosk.begin(box.shown, done=results.append)
    for page in others:
        box.hear_frame(encode(page, preamble=0x53, counter=0, at=AT), 186)
    kiosk.read_back(name_of(box.shown), screen(box.shown).lines())
    assert [result.proof.value for result in results] == ["proven"]
