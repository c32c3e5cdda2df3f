"""The receiver's own pages in every language: no key is missing, no fault is without its words, all is escaped."""

import ast
import html
import re
from pathlib import Path
from typing import Any

import pytest

from satwarn.adapters.device.ups import UPS_WORDS
from satwarn.app.receiver_status_page import TABLES, render, what_is_wrong
from satwarn.ledger.receipt import Act, Proof
from satwarn.ledger.receipt import Path as Way
from satwarn.people.language import tags
from satwarn.people.page_words import PAGES, kind_of, sides, word, words
from satwarn.receiver.button import Stand

SOURCE = Path(__file__).parents[2] / "src" / "satwarn"
STATE: dict[str, Any] = {
    "site": "31202",
    "name": "Yonago <hall>",
    "shadow": True,
    "maintenance": {"by": "fitter", "until": "2026-06-03T13:00:00+00:00"},
    "live": [
        {
            "warning": "w",
            "information": "ballistic-missile",
            "act": "sounded",
            "why": "it is <signed>",
            "first_path": "ground",
        }
    ],
    "outputs": {"speaker": "proven", "post": "not yet used"},
    "buttons": {"desk": "open"},
    "air": [{"source": "tty /dev/ttyACM0", "frames": 7, "fault": ""}],
    "multicast": {"address": "239.1.2.3:5000", "fault": "", "last_heartbeat": None, "datagrams": 0},
    "certificates": [{"sender": "a@b.example", "days_left": 300}],
    "self_test": [{"name": "disk", "good": True, "what": "99 MB are free"}],
    "events": [{"at": "2026-06-03T12:00:00+00:00", "kind": "log", "what": "<b>heard</b>"}],
    "faults": {"output post": "was refused: <script>", "air tty /dev/ttyACM0": "no frame is heard"},
}


@pytest.mark.parametrize("page", PAGES)
def test_every_key_stands_in_every_language_with_the_same_gaps(page: str) -> None:
    for key, row in words(page).items():
        assert set(row) == set(tags()), key
        assert all(row.values()), key
        gaps = {tag: sorted(re.findall(r"{(\w+)}", text)) for tag, text in row.items()}
        assert len({tuple(found) for found in gaps.values()}) == 1, (key, gaps)


@pytest.mark.parametrize("page", PAGES)
def test_a_language_is_not_a_copy_of_english(page: str) -> None:
    rows = words(page).values()
    for tag in set(tags()) - {"en"}:
        same = [row["en"] for row in rows if row[tag] == row["en"]]
        assert len(same) <= len(rows) // 10, (tag, same)


def codes_in_source() -> set[str]:
    """Every code a receiver raises a fault by, as written: `fault("code", ...)`, Fault(code=...), standing[...]."""
    found: set[str] = set()
    files = [*SOURCE.glob("app/receiver_*.py"), *SOURCE.glob("receiver/*.py")]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in (
                "fault",
                "_check",
            ):
                found |= _text(node.args[:1])
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fault":
                found |= _text([one.value for one in node.keywords if one.arg == "code"])
            if isinstance(node, ast.Subscript) and getattr(node.value, "attr", getattr(node.value, "id", "")) in (
                "standing",
                "found",
                "_opening",
            ):
                found |= _text([node.slice])
    return found


def _text(nodes: list[Any]) -> set[str]:
    """The constant, or a f-string with its gaps as one word."""
    said = set()
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            said.add(node.value)
        if isinstance(node, ast.JoinedStr):
            said.add("".join(str(part.value) if isinstance(part, ast.Constant) else "gap" for part in node.values))
    return said


def test_every_fault_has_words_a_side_and_a_next_step() -> None:
    codes = codes_in_source()
    assert {"signature", "memory", "clock", "contradiction", "output gap", "gap tried", "disk"} <= codes
    assert not [code for code in codes if kind_of(code) == "other"]
    for kind, side in sides().items():
        assert {kind, f"{kind}-do", side} <= words("faults").keys()
    assert UPS_WORDS  # all of them stand under one code, "ups"


def test_a_code_nobody_knows_is_told_all_the_same() -> None:
    assert kind_of("something new") == "other"
    assert word("faults", "other", "de") == "Etwas stimmt nicht."


def test_every_value_that_is_shown_has_its_word() -> None:
    shown = {f"act-{one.value}" for one in Act} | {f"path-{one.value}" for one in Way}
    shown |= {f"input-{one.value}" for one in Stand}
    shown |= {f"proof-{one.value}" for one in Proof} | {"proof-not yet used"} | set(TABLES)
    assert shown <= words("status").keys()


@pytest.mark.parametrize("tag", tags())
def test_the_status_page_is_in_the_language_of_the_site(tag: str) -> None:
    page = render(STATE, tag)
    assert f'<html lang="{tag}">' in page
    for key in ("wrong", "do", "whose", "on", "outputs", "believed", "happened", "act-sounded", "shadow"):
        assert word("status", key, tag) in page, key
    assert word("faults", "output", tag) in page
    assert html.escape(word("faults", "air-do", tag)) in page
    assert html.escape(word("faults", sides()["air"], tag)) in page
    assert word("hand", "title", tag) in page
    if tag != "en":
        assert "What is wrong" not in page
    assert "<script>" not in page
    assert "<b>heard" not in page
    assert "&lt;hall&gt;" in page
    assert "{" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)


def test_people_before_a_screen_get_one_sentence_a_kind() -> None:
    faults = {"output post": "x", "output siren": "y", "clock": "z"}
    assert what_is_wrong(faults, "ja") == (word("faults", "output", "ja"), word("faults", "clock", "ja"))
    assert what_is_wrong({}, "ja") == ()


def test_a_page_of_a_box_without_faults_says_so() -> None:
    page = render({**STATE, "faults": {}}, "ja")
    assert word("status", "well", "ja") in page
    assert f"<h2>{word('status', 'wrong', 'ja')}</h2>" not in page
