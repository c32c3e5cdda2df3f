"""Every word of every page, in every language it is shown in."""

import re
import tomllib
from pathlib import Path

import pytest

from satwarn.alert.alert import Certainty, Severity, Urgency
from satwarn.alert.lifecycle import Deed, State
from satwarn.alert.purpose import Purpose
from satwarn.app.ground_keeper import ENDED, STARTING
from satwarn.app.preview import ARMS, RINGS
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
    | {*RINGS.values(), ARMS}
    | {*filter(None, LINES.values()), UNKNOWN, STARTING, ENDED}
)


@pytest.mark.parametrize(("tag", "needed"), [("de", CONSOLE), ("ja", CONSOLE), ("ko", PUBLIC)])
def test_every_word_is_there_and_keeps_its_blanks(tag: str, needed: set[str]) -> None:
    known = tomllib.loads((WEB / "words" / f"{tag}.toml").read_text(encoding="utf-8"))
    assert needed - known.keys() == set()
    blanks = re.compile(r"{\w+}")
    assert [en for en, said in known.items() if sorted(blanks.findall(en)) != sorted(blanks.findall(said))] == []
    assert len(PUBLIC) > 20
