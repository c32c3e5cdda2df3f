"""Every word of every page, in every language it is shown in."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from satwarn.alert.advice import ADVICE
from satwarn.alert.alert import Certainty, Severity, Urgency
from satwarn.alert.lifecycle import Deed, State
from satwarn.alert.purpose import Purpose
from satwarn.alert.rules import REGISTER
from satwarn.alert.supply import SupplyKind
from satwarn.app.ground_keeper import ENDED, STARTING
from satwarn.app.preview import ARMS, CLEARS, OVER, RINGS, UPDATES
from satwarn.app.site_list import LINES, UNKNOWN
from satwarn.authority.agreement import Message
from satwarn.authority.prepared import Stage
from satwarn.authority.rights import Role
from satwarn.ledger.kinds import chosen, views
from satwarn.web import render
from satwarn.web.desk_frame import NAV
from satwarn.web.desk_keeping import VIEWS

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
    | {*RINGS.values(), *UPDATES.values(), CLEARS, ARMS, OVER}
    | {f"supply: {kind}" for kind in SupplyKind}
    | {*filter(None, LINES.values()), UNKNOWN, STARTING, ENDED}
    | {*VIEWS.values(), *chosen(views())}
)


@pytest.mark.parametrize(("tag", "needed"), [("de", CONSOLE), ("ja", CONSOLE), ("ko", PUBLIC)])
def test_every_word_is_there_and_keeps_its_blanks(tag: str, needed: set[str]) -> None:
    known = tomllib.loads((WEB / "words" / f"{tag}.toml").read_text(encoding="utf-8"))
    assert needed - known.keys() == set()
    blanks = re.compile(r"{\w+}")
    assert [en for en, said in known.items() if sorted(blanks.findall(en)) != sorted(blanks.findall(said))] == []
    assert len(PUBLIC) > 20


ROOMS = (
    *("authority/*.py", "area/corridor.py", "alert/lifecycle.py", "web/desk_*.py", "web/here.py"),
    *("web/public_pages.py", "app/compose.py", "app/deeds.py", "app/incoming.py", "app/launch_desk.py"),
    *("app/office.py", "app/partner_intake.py", "app/sign_in.py", "app/sso.py"),
)
"""What a page's deed goes through."""
ERRORS = frozenset(
    {"NotAllowed", "OutOfTurn", "BadAlert", "BadArea", "Missing", "BadMessage", "TooMany", "_failure", "_wrong"}
)
FIX = re.compile(r'^_FIX = "(.+)"$', re.MULTILINE)

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
            first = 1 if getattr(node.func, "id", "") == "_wrong" else 0  # after the field that is wrong
            texts = [*node.args[first : first + 1], *(one.value for one in node.keywords if one.arg == "fix")]
            found |= {spoken(text) for text in texts}
    return (found | set(FIX.findall(source))) - {""}


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


def odds_in(source: str) -> set[str]:
    """The rules by which a module finds something odd in a message."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return {spoken(one.args[0]) for one in calls if getattr(one.func, "id", "") == "Odd" and one.args} - {""}


def test_every_rule_a_message_can_break_has_words_in_every_language() -> None:
    files = [file for file in (WEB.parent / "alert").glob("*.py") if file.name not in ("check.py", "profiles.py")]
    found = set().union(*(odds_in(file.read_text(encoding="utf-8")) for file in files)) | REGISTER.keys()
    assert len(found) > 35
    assert found | ADVICE.keys() == render.rules().keys()
    assert all(all(row.values()) and None not in row for row in render.rules().values())
    assert render.told_rule("polygon-closed", "de") == "Ein Umriss ist nicht geschlossen."


@pytest.mark.parametrize("tag", ["de", "ja"])
def test_every_reason_why_a_signature_is_not_believed_has_words(tag: str) -> None:
    source = ast.parse((WEB.parent / "alert" / "seal.py").read_text(encoding="utf-8"))
    given = [one.value for one in ast.walk(source) if isinstance(one, ast.keyword) and one.arg == "why"]
    for one in ast.walk(source):
        if isinstance(one, ast.FunctionDef) and one.name in ("_misshapen", "_weak", "_validity"):
            given += [back.value for back in ast.walk(one) if isinstance(back, ast.Return) and back.value]
    reasons = {spoken(one) for one in given} - {""}
    assert len(reasons) > 7
    assert not reasons - {BLANK.sub("{}", one) for one in render.messages(tag)}


def test_a_sentence_is_told_with_what_stands_in_it() -> None:
    tell = render.teller("de")
    assert tell("is cleared, so nothing can follow on it") == "ist entwarnt, also kann nichts darauf folgen"
    assert tell("one of real, exercise") == "eines von: echt, Übung"
    assert tell("duration: until 10:00 goes as unknown") == "Dauer: bis 10:00 geht als unbekannt"
    one = "1 municipality goes as 1 whole prefecture (19 municipalities)"
    assert tell(one) == "1 Gemeinde geht als 1 ganze Präfektur (19 Gemeinden)"
    assert tell("2 municipalities go as 1 whole prefecture (19 municipalities)").startswith(
        "2 Gemeinden gehen als 1 ganze"
    )
    assert tell("what nobody ever said") == "what nobody ever said"
    assert render.teller("en")("is cleared") == "is cleared"


PLURAL = re.compile(r"{(\w+):[^|{}]+[|][^|{}]+}")


@pytest.mark.parametrize("tag", ["en", "de"])
def test_one_thing_is_not_said_like_many(tag: str) -> None:
    counted = [one for one in render.words("de") if PLURAL.search(one)]
    assert len(counted) > 12
    t = render.translator(tag)
    for text in counted:
        names = set(re.findall(r"{(\w+)", text))
        one, many = (t(text, **dict.fromkeys(names, number)) for number in (1, 2))
        says_more = bool(PLURAL.search(render.words(tag).get(text, text)))
        assert (one.replace("1", "2") != many) is says_more, text
        assert "{" not in one + many
        for said in (text, render.words("de")[text], render.words("ja")[text]):
            assert set(PLURAL.findall(said)) <= names
    assert t("{count} {count:site|sites}", count=0) in ("0 sites", "0 Standorte")


def test_a_number_is_not_followed_by_many_things_where_there_may_be_one() -> None:
    """Every English sentence that counts things says one thing as one; numbers beside no noun are no matter."""
    loose = re.compile(r"{\w+} (?:\w+ )?(?:sites|warnings|places|people|codes|entries|receivers|things|municipalities)")
    assert [one for one in CONSOLE if loose.search(one)] == []
