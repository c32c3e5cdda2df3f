"""Every word of every page, in every language it is shown in."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from satwarn.alert.alert import Certainty, Severity, Urgency
from satwarn.alert.lifecycle import Deed, State
from satwarn.alert.purpose import Purpose
from satwarn.alert.supply import SupplyKind
from satwarn.app.ground_keeper import ENDED, STARTING
from satwarn.app.preview import ARMS, OVER, RINGS
from satwarn.app.site_list import LINES, UNKNOWN
from satwarn.authority.agreement import Message
from satwarn.authority.prepared import Stage
from satwarn.authority.rights import Role
from satwarn.web import render
from satwarn.web.desk_frame import NAV

WEB = Path(render.__file__).parent
SAID = re.compile(r"""\bt\(\s*(?:"([^"]+)"|'([^']+)')""")
ENUMS = (State, Deed, Severity, Urgency, Certainty, Purpose, Stage, Message)


def said_in(*folders: str) -> set[str]:
    files = [file for folder in folders for file in (WEB / "templates").glob(f"{folder}*.html")]
    return {one or other for file in files for one, other in SAID.findall(file.read_text(encoding="utf-8"))}


PUBLIC = said_in("public/", "layout")
CONSOLE = (
    PUBLIC
    | said_in("desk/", "trouble")
    | {name for _, _, name in NAV}
    | {value for enum in ENUMS for value in map(str, enum)}
    | {str(role) for role in Role if role is not Role.MACHINE}
    | {*RINGS.values(), ARMS, OVER}
    | {f"supply: {kind}" for kind in SupplyKind}
    | {*filter(None, LINES.values()), UNKNOWN, STARTING, ENDED}
)


@pytest.mark.parametrize(("tag", "needed"), [("de", CONSOLE), ("ja", CONSOLE), ("ko", PUBLIC)])
def test_every_word_is_there_and_keeps_its_blanks(tag: str, needed: set[str]) -> None:
    known = tomllib.loads((WEB / "words" / f"{tag}.toml").read_text(encoding="utf-8"))
    assert needed - known.keys() == set()
    blanks = re.compile(r"{\w+}")
    assert [en for en, said in known.items() if sorted(blanks.findall(en)) != sorted(blanks.findall(said))] == []
    assert len(PUBLIC) > 20


ROOMS = (
    *("authority/[a-k]*.py", "authority/[m-z]*.py", "alert/lifecycle.py", "web/desk_*.py", "web/here.py"),
    *("web/public_pages.py", "app/compose.py", "app/deeds.py", "app/incoming.py", "app/launch_desk.py"),
    *("app/office.py", "app/partner_intake.py", "app/sign_in.py", "app/sso.py"),
)
"""What a page's deed goes through; the launch reports' own faults name fields of a file, and stay as they are."""
ERRORS = frozenset({"NotAllowed", "OutOfTurn", "BadAlert", "BadArea", "Missing", "BadMessage", "TooMany", "_failure"})
BLANK = re.compile(r"{\w*}")


def spoken(node: ast.expr) -> str:
    """A text with its blanks empty: what it has in common with every sentence made of it; "" when it is no text."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
    return str(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def messages_in(source: str) -> set[str]:
    """What a module says when something cannot be done, and what to do then."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in ERRORS:
            texts = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "fix")]
            found |= {spoken(text) for text in texts}
    return found - {""}


@pytest.mark.parametrize("tag", ["de", "ja"])
def test_what_a_page_says_when_something_cannot_be_done_is_said_in_its_language(tag: str) -> None:
    known = {BLANK.sub("{}", one) for one in (*render.messages(tag), *render.words(tag))}
    files = [file for room in ROOMS for file in WEB.parent.glob(room)]
    assert len(files) > 25
    said = {text: file.name for file in files for text in messages_in(file.read_text(encoding="utf-8"))}
    assert len(said) > 100
    assert not (said.keys() - known), sorted(f"{said[text]}: {text}" for text in said.keys() - known)
    blanks = re.compile(r"{\w+}")
    twisted = [en for en, there in render.messages(tag).items() if set(blanks.findall(there)) - set(blanks.findall(en))]
    assert twisted == []


def test_a_sentence_is_told_with_what_stands_in_it() -> None:
    tell = render.teller("de")
    assert tell("is cleared, so nothing can follow on it") == "ist entwarnt, also kann nichts darauf folgen"
    assert tell("one of real, exercise") == "eines von: echt, Übung"
    assert tell("duration: until 10:00 goes as unknown") == "Dauer: bis 10:00 geht als unbekannt"
    assert tell("what nobody ever said") == "what nobody ever said"
    assert render.teller("en")("is cleared") == "is cleared"
