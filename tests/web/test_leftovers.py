"""No page in German or Japanese keeps a word of the English one, beside names, codes and what its authors wrote."""

import ast
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lxml import html

import satwarn
from satwarn.adapters.post import Smtp
from satwarn.alert.alert import MsgType
from satwarn.alert.lifecycle import Deed
from satwarn.app.hub_settings import HubSettings, ThirdParty
from satwarn.area import gazetteer
from satwarn.authority import prepared
from satwarn.ledger.receipt import Act
from satwarn.web import render
from web.hub import Browser, Hub, running, until
from web.test_orders import write as write_order
from web.test_partners import AGENCY, Agency, partner

SOURCE = Path(satwarn.__file__).parent
WORDS = Path(render.__file__).parent / "words"
MISSILE: dict[str, Any] = {
    "purpose": "real",
    "hazard": "missile",
    "severity": "Extreme",
    "minutes": "10",
    "code": ["31"],
    **{f"headline_{tag}": f"«{tag}»" for tag in ("en", "de", "ja", "ko")},
    **{f"instruction_{tag}": f"«{tag}»" for tag in ("en", "de", "ja", "ko")},
}
DRILL = {**MISSILE, "purpose": "exercise", "hazard": "system-test", "severity": "Minor", "code": ["01"]}
SHOWN = frozenset({"aria-label", "title", "placeholder", "alt"})
NAMES = frozenset(
    {
        *("Tanaka", "Sato", "Mori", "Ito", "Crisis centre", "satwarn", "English", "Deutsch", "日本語", "한국어"),
        *(
            "satwarn-hub",
            "test",
            "eruption",
            "missile",
            "hub",
            AGENCY,
            "tsunami",
            "river",
            "May drill",
            "«en»",
            "«de»",
            "«ja»",
            "«ko»",
        ),
    }
)
PLACES = frozenset(
    name
    for every in (gazetteer.prefectures(), gazetteer.municipalities())
    for one in every
    for name in one.names.values()
)
PLAIN = re.compile(
    r"""^(?:
    [^A-Za-z]* | [a-z]+-\d{8}-\d+(?:\ →\ .*)? | (?:[0-9A-F]{4,}\s?)+ | [0-9a-f]{16,} | \S+@\S+ |
    satwarn-\d{8}T\d{6}Z-\d+ | /alert/\S* | [\d:\ +-]+(?:JST|UTC|Z) | \d{4}-\d\d-\d\dT[\d:+.Z-]+ | v\d+ | quakes-\d+ |
    (?:order|template|person|partner|received|site|supply)/.* | \S+@\S+\ /\ \w+
    )$""",
    re.VERBOSE,
)


def kinds() -> set[str]:
    """Every kind of entry the source writes down."""
    found = {*prepared.KINDS, *map(str, Deed)}
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            said = [*node.args[:1]] if name == "record" else []
            said += [one.value for one in node.keywords if name == "Record" and one.arg == "kind"]
            found |= {one.value for one in said if isinstance(one, ast.Constant) and isinstance(one.value, str)}
            for one in said:
                if isinstance(one, ast.IfExp):
                    found |= {
                        end.value for end in (one.body, one.orelse)
                        if isinstance(end, ast.Constant) and isinstance(end.value, str)
                    }  # fmt: skip
    return found | {"checkpoint", "forget", "receipt", "fault"}


@pytest.mark.parametrize("tag", ["de", "ja"])
def test_every_kind_of_entry_has_words(tag: str) -> None:
    known = tomllib.loads((WORDS / f"{tag}.toml").read_text(encoding="utf-8"))
    assert len(kinds()) > 35
    assert not (kinds() - known.keys()), sorted(kinds() - known.keys())
    assert {str(act) for act in Act} - known.keys() == set()


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hub, list[str]]]:
    """A hub in which about everything has happened, and the addresses of its pages."""
    closed = Smtp(host="127.0.0.1", port=1, sender="hub@authority.example")
    told = HubSettings(mail=closed, alarm=(ThirdParty(name="Crisis centre", mail="duty@crisis.example"),))
    with running(tmp_path_factory.mktemp("full"), told=told) as hub:
        yield hub, list(happened(hub))


def happened(hub: Hub) -> Iterator[str]:
    author, approver, duty = hub.browser("Tanaka"), hub.browser("Sato"), hub.browser("Mori")
    agency = partner(hub, AGENCY)
    hub.api_key("Tanaka", "draft", "read")
    yield from ("/desk", "/desk/compose", "/desk/approve", "/desk/on-air", "/desk/correct", "/desk/sites")
    yield from ("/desk/people", "/desk/templates", "/desk/orders", "/desk/ledger", "/desk/me", "/desk/sign-in")
    for name, form in (("river", DRILL), ("missile", MISSILE)):
        author.get("/desk/templates")
        author.submit("/desk/templates/write", name=name, **{k: v for k, v in form.items() if k != "code"})
    approver.get("/desk/templates")
    approver.submit("/desk/templates/sign", code=hub.code("Sato"))
    write_order(approver, hub, code=hub.code("Sato"))
    duty.get("/desk/orders")
    duty.submit("/desk/orders/sign", code=hub.code("Mori"))
    write_order(approver, hub, code=hub.code("Sato"), name="eruption", hazard=["eruption"])

    yield from glass(hub, author, duty)
    yield from drill(hub, author, approver)
    first = said(agency)
    hub.clock.ahead += timedelta(seconds=2)
    taken = agency.send(first).json()["subject"]
    yield f"/desk/w/{taken}"
    yield "/desk/compose?from=received:" + quote(f"received/{AGENCY}/{first.identifier}/{first.sent.isoformat()}")
    agency.send(agency.follow(first))
    agency.send(agency.follow(first, MsgType.CANCEL))
    flood = agency.send(agency.alert(hazard="flood", headline="«en»")).json()["subject"]
    yield f"/desk/w/{flood}"
    yield f"/desk/compose?from=warning:{taken}"
    yield "/"
    for live in hub.live.realm.views.public(now=hub.clock(), keep_s=1e6):
        yield f"/warning/{live.subject}"


def said(agency: Agency) -> Any:
    return agency.alert(headline="«en»")


def glass(hub: Hub, author: Browser, duty: Browser) -> Iterator[str]:
    author.get("/desk/compose")
    author.submit("/desk/compose", **MISSILE)
    subject = author.path.rpartition("/")[2]
    yield f"/desk/w/{subject}/edit"
    author.submit("/submit", typed="missile attack")
    hub.clock.ahead += timedelta(seconds=31)
    duty.get(f"/desk/w/{subject}")
    duty.submit("/break-glass", code=hub.code("Mori"), typed="missile attack", reason="«en»")
    until(lambda: bool(hub.live.realm.views.alarms_of(subject)))
    duty.get(f"/desk/w/{subject}")
    duty.submit("/clear")
    yield author.path
    yield duty.path
    duty.get(f"/desk/w/{subject}")
    duty.submit("/update")
    yield duty.path
    duty.get(f"/desk/w/{subject}")
    duty.submit("/unlock")


def drill(hub: Hub, author: Browser, approver: Browser) -> Iterator[str]:
    author.get("/desk/compose")
    author.submit("/desk/compose", **DRILL)
    yield author.path
    author.submit("/announce", name="May drill", armed_from="2030-01-01T10:00", armed_until="2030-01-01T11:00")
    yield author.path
    author.submit("/submit")
    yield author.path


def texts(page: str) -> Iterator[str]:
    """What a person reads or hears of a page in its own language."""
    tree = html.fromstring(page)
    tag = tree.get("lang")
    for element in tree.iter("*"):
        langs = element.xpath("ancestor-or-self::*/@lang")
        mono = "mono" in (element.get("class") or "").split()
        if mono or element.tag in ("script", "style", "svg", "path") or langs[-1:] != [tag]:
            continue
        said_here = [element.text, *(element.get(name) for name in SHOWN)]
        said_here += [child.tail for child in element]
        if element.tag == "title" and element.getparent().tag != "head":
            continue
        yield from (" ".join(one.split()) for one in said_here if one and one.strip())


@pytest.mark.parametrize("tag", ["de", "ja"])
def test_no_page_keeps_a_word_of_english(full: tuple[Hub, list[str]], tag: str) -> None:
    hub, paths = full
    reader = hub.browser("Tanaka")
    same = {one for one, other in render.words(tag).items() if one == other}
    left: dict[str, set[str]] = {}
    for path in paths:
        mark = "&" if "?" in path else "?"
        english = set(texts(reader.get(f"{path}{mark}lang=en").text))
        theirs = set(texts(reader.get(f"{path}{mark}lang={tag}").text))
        assert reader.page
        assert reader.page.status_code == 200, path
        for text in (english & theirs) - same - NAMES:
            parts = [one.strip() for one in re.split(r"[·,():–…✓✕+−]|\s\s", text)]
            if not all(
                PLAIN.match(one) or one in NAMES or one in same or one.lstrip("0123456789 ") in PLACES for one in parts
            ):
                left.setdefault(text, set()).add(path)
    assert not left, "\n".join(f"{text!r} on {min(pages)}" for text, pages in sorted(left.items()))


def test_the_scan_finds_what_is_left() -> None:
    page = "<html lang='de'><p>Hallo</p><p lang='en'>left out</p><button aria-label='Send it'>x</button></html>"
    assert {"Hallo", "Send it", "x"} == set(texts(page))
