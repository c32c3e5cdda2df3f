"""The receiver's own pages in every language: no key is missing, no fault is without its words, all is escaped."""

import ast
import html
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satwarn.adapters.device.ups import UPS_WORDS
from satwarn.alert.purpose import Purpose
from satwarn.app.receiver_status_page import TABLES, render, what_is_wrong
from satwarn.app.receiver_status_text import lines
from satwarn.ledger.receipt import Act, Proof
from satwarn.ledger.receipt import Path as Way
from satwarn.people.language import tags
from satwarn.people.page_words import PAGES, kind_of, rows, sides, word, words
from satwarn.people.remark import known, remark
from satwarn.receiver.button import Stand
from satwarn.receiver.clock import Source
from satwarn.receiver.memory import Life
from satwarn.receiver.radio import Level

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


# ── remarks: whatever a receiver says of itself ──────────────────────────────────────────────────────────────────────

SAYS = (
    *("app/receiver_box.py", "app/receiver_run.py", "app/receiver_band.py", "app/receiver_files.py"),
    *("app/receiver_ground.py", "app/receiver_test.py", "app/receiver_supplies.py", "app/receiver_hand.py"),
    *("app/receiver_door.py", "app/receiver_outputs.py", "app/receiver_screen.py", "app/performing.py"),
    *("adapters/device/ups.py", "adapters/device/webhook.py", "adapters/device/mail.py", "adapters/device/mouth.py"),
    *("adapters/device/siren.py", "adapters/device/threaded.py", "adapters/device/modbus.py"),
    *("adapters/device/mqtt.py", "adapters/device/sensed.py", "adapters/ground/tls.py"),
    *("adapters/ground/websocket.py", "adapters/air/gate.py", "hub/versions.py"),
    *(
        "people/picture.py",
        "people/ports.py",
        "people/hearing.py",
        "people/mail.py",
        "people/relay.py",
        "people/screen.py",
    ),
    *("receiver/acts.py", "receiver/air.py", "receiver/clock.py", "receiver/ground.py", "receiver/holders.py"),
    *("receiver/machine.py", "receiver/radio.py", "receiver/rules.py", "receiver/supplies.py", "receiver/vigil.py"),
)
# Names of things in memory, what goes to a log or another program, and what no receiver ever says of itself.
NOT_SAID = re.compile(
    r"(cap|alert|frame|output|air|certificate|input|name|test by|self-test|§) §.*|§ (tried|ground|s)|ground certificate"
    r"|.*(http://|type=\"|<label|@font-face|GET VAR|\[bytes|Queue\[|\w+ \| None|\n).*|.*contradicts §"
    r"|end in doubt|expired, in doubt|the last row always applies|not ours|.*keys add NAME.*|then send a test mail"
    r"|receiver § §: ready.*|no local page|shadow, every output absent|§ outputs|an input"
    r"|not played or shown.*|shown beside.*|Warning receiver §|Real warning on|Exercise or test on",
    re.DOTALL,
)


def sentences_in(file: Path) -> list[str]:
    """Every text of a file that looks like a sentence, gaps as §; not docstrings, nor what is for a log or a fix."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            passed |= {id(inner) for inner in ast.walk(node) if inner is not node}
        if isinstance(node, ast.keyword) and node.arg in ("fix", "where", "alias", "default"):
            passed |= {id(inner) for inner in ast.walk(node)}
    found = []
    for node in ast.walk(tree):
        if id(node) in passed:
            continue
        if isinstance(node, ast.JoinedStr):
            found.append("".join(str(one.value) if isinstance(one, ast.Constant) else "§" for one in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return [one for one in found if " " in one.strip() and not NOT_SAID.fullmatch(one)]


def is_told(text: str) -> bool:
    """Whether a remark, or each of several and what they are about, has its words or is a gap alone."""
    if known(text.strip(), "de") or not re.search(r"\w", text):
        return True
    joint = next((joint for joint in ("; ", ": ") if joint in text), None)
    return joint is not None and all(map(is_told, text.split(joint, 1)))


def test_every_remark_of_a_receiver_has_its_words() -> None:
    lost = [(name, one) for name in SAYS for one in sentences_in(SOURCE / name) if not is_told(one)]
    assert not lost, "\n".join(map(str, lost))


def test_every_kind_of_event_and_every_single_word_of_a_remark_has_its_words() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in SOURCE.glob("app/receiver_*.py"))
    kinds = set(re.findall(r"note\(\s*\"([a-z-]+)\"", source)) | {"fault"}
    assert {"log", "file", "self-test", "maintenance"} <= kinds
    assert {f"kind-{kind}" for kind in kinds} <= words("status").keys()
    said = [*Act, *Way, *Proof, *Life, *Purpose, *Source, *Level.__members__, *UPS_WORDS.values(), *AS_SHOWN]
    assert not [one for one in said if not known(one.lower(), "de")]


AS_SHOWN = ("expired certificate", "unknown signer", "broken", "none", "not yet used", "answers", "all well")


@pytest.mark.parametrize("tag", sorted(set(tags()) - {"en"}))
def test_a_remark_is_told_in_every_language_with_the_same_gaps(tag: str) -> None:
    gaps = re.compile(r"{(\w+)}")
    table = rows("remarks")
    assert len({row["en"] for row in table}) == len(table)
    for row in table:
        assert row[tag], row["en"]
        assert sorted(gaps.findall(row[tag])) == sorted(gaps.findall(row["en"])), row["en"]
    assert sum(row[tag] == row["en"] for row in table) <= len(table) // 50


def test_a_remark_within_a_remark_is_told_too_and_a_name_stays_a_name() -> None:
    why = "siren: unproven played to the end, but nothing listens at its far end; certificate a@b: ends in 5 days"
    told = remark(why, "de")
    assert told.startswith("siren: nicht nachgewiesen: spielte bis zum Ende")
    assert told.endswith("Zertifikat a@b: endet in 5 Tagen")
    line = remark("wss://hub:1: the hub refused: this hub holds as many lines as it may", "ja")
    assert line == "wss://hub:1: センターに拒否されました：センターの回線数が上限に達しています"
    assert remark("[Errno 111] Connection refused", "ko") == "연결이 거부됨(Errno 111)"
    assert remark("libfoo: no bar", "ko") == "libfoo: no bar"
    assert remark("was silent", "en") == "was silent"


@given(st.lists(st.sampled_from(["end ", "shadow: ", "x; ", "{n} ", "{}", "%", "\n"]), min_size=1).map("".join))
def test_whatever_a_stranger_says_is_told_without_harm(text: str) -> None:
    assert remark(text, "de").count("x") >= text.count("x")
    assert remark(text * 50, "ja")


def test_the_state_as_text_is_in_the_language_of_the_site_to_its_last_word() -> None:
    state = {**STATE, "clock": {"source": "gnss"}, "now": "2026-06-03T12:00:00+00:00"}
    state["multicast"] = {**STATE["multicast"], "files": []}
    told = "\n".join(lines(state, "ja"))
    for one in ("受信機 31202", "衛星フレーム", "ミサイル警報", "停止ボタン", "✓ ディスク: 空き99 MB", "✗ 出力 post: "):
        assert one in told, one
    assert set(re.findall(r"[a-z]{4,}", told)) <= {
        "onago",
        "hall",
        "fitter",
        "signed",
        "speaker",
        "post",
        "desk",
        "script",
    }
