"""Composing from what is there already: a CAP message (uploaded, pasted, from a partner), a template, an earlier
warning, a launch report; and what is hostile, lost or badly signed in it."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from satwarn.adapters.keys import make_signing_key
from satwarn.alert import cap, seal
from satwarn.alert.alert import Area, Named
from satwarn.app.compose import Composed, Said, compose
from satwarn.area.shape import Circle
from satwarn.authority.rights import Role
from web.hub import EXERCISE, Browser, Hub
from web.test_api import Program
from web.test_sites import AGENCY, KEY, REPORT


def message(hub: Hub, **changes: Any) -> bytes:
    form = Composed(
        hazard="flood",
        purpose="real",
        severity="Severe",
        minutes=45,
        codes=("31", "32201"),
        circles=("35.123456,134.654321 5",),
        said={
            "en": Said(headline="River over its banks", description="It rises.", instruction="Go up."),
            "de": Said(headline="Fluss über den Ufern", instruction="Nach oben gehen."),
        },
    )
    alert = compose(form, sender=AGENCY, now=hub.clock())
    told = tuple(replace(info, web="https://agency.example/f", contact="+81 3 1234") for info in alert.infos)
    foreign = replace(told[0], language="fr", headline="Crue", areas=told[0].areas)
    strange = Area(
        description="Upper valley",
        geocodes=(Named(value_name="EMMA_ID", value="X1"),),
        circles=(Circle(latitude_deg=36.0, longitude_deg=135.0, radius_km=3.0),),
    )
    infos = tuple(replace(info, areas=(*info.areas, strange)) for info in (*told, foreign))
    return cap.write(replace(alert, **{"identifier": "came-1", "infos": infos, **changes}))


def send(browser: Browser, *, file: bytes = b"", text: str = "") -> httpx.Response:
    browser.get("/desk/compose")
    csrf = browser.form("/desk/compose/cap").fields["csrf"]
    files = {"file": ("alert.xml", file, "text/xml")} if file else {"file": ("", b"", "application/octet-stream")}
    browser.page = browser.http.post(
        "/desk/compose/cap",
        data={"csrf": csrf, "text": text},
        files=files,
        headers={"origin": str(browser.http.base_url)},
    )
    return browser.page


@pytest.fixture(scope="module")
def author(hub: Hub) -> Browser:
    return hub.browser("Tanaka")


def test_an_uploaded_message_fills_the_form_and_says_what_is_lost(hub: Hub, author: Browser) -> None:
    assert send(author, file=message(hub)).status_code == 200, author.problem
    page = author.tree
    assert page.xpath("//input[@name='headline_de']/@value") == ["Fluss über den Ufern"]
    assert page.xpath("//input[@name='code'][@checked]/@value") == ["31"]
    assert page.xpath("//input[@name='more_codes']/@value") == ["32201"]
    assert page.xpath("string(//textarea[@name='circle'])").split("\n") == [
        "35.123456,134.654321 5",
        "36,135 3",
    ]
    assert page.xpath("//input[@name='purpose'][@checked]") == []  # whether ours is real, we say ourselves
    lost = {one.strip() for one in page.xpath("//section//th/text()")}
    assert {"/alert/info[en]/web", "/alert/info[en]/contact", "/alert/info[fr]/headline"} <= lost
    assert "EMMA_ID=X1" in page.text_content()
    assert "Not signed" in page.text_content()
    author.submit("/desk/compose", purpose="exercise")
    assert author.path.startswith("/desk/w/"), author.problem


def test_a_pasted_message_is_read_whatever_its_first_line_says(hub: Hub, author: Browser) -> None:
    text = message(hub).decode().replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
    send(author, text=text)
    assert author.tree.xpath("//input[@name='headline_de']/@value") == ["Fluss über den Ufern"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda signed: signed, "the signature holds"),
        (lambda signed: signed.replace(b"It rises", b"It falls"), "signature is broken"),
    ],
)
def test_the_signature_is_shown_for_what_it_is(hub: Hub, author: Browser, change: Any, says: str) -> None:
    trust(hub)
    send(author, file=change(signed(message(hub))))
    assert says in author.tree.text_content()


def test_a_strangers_signature_is_no_signature(hub: Hub, author: Browser) -> None:
    stranger = make_signing_key(AGENCY, now=hub.clock())
    send(author, file=seal.sign(message(hub), key_pem=stranger.key_pem, certificate_pem=stranger.certificate_pem))
    assert "somebody we do not know" in author.tree.text_content()


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        (b"", 400, "nothing was sent"),
        (b"   \n", 400, "nothing was sent"),
        (b"hello", 400, "not well-formed"),
        (b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>x</identifier>", 400, "not well-formed"),
        (b"<!DOCTYPE alert [<!ENTITY a 'b'>]><alert/>", 400, "DOCTYPE"),
        (b"<feed/>", 400, "not a CAP alert"),
        (b"<a>" * 70_000, 400, "at most"),
        (b"<alert>" + b"x" * 3_000_000, 413, ""),
    ],
    ids=["empty", "blank", "no xml", "cut off", "doctype", "feed", "too many elements", "too large"],
)
def test_hostile_input_is_answered_clearly(hub: Hub, author: Browser, data: bytes, status: int, says: str) -> None:
    answer = send(author, file=data)
    assert answer.status_code == status
    assert says in author.problem, author.problem
    program = Program(hub, "Tanaka", "draft")
    looked = program.http.post("/api/cap", content=data)
    assert looked.status_code == status
    assert looked.headers["content-type"].startswith("application/problem+json")


def test_an_update_of_a_stranger_begins_nothing(hub: Hub, author: Browser) -> None:
    data = message(hub).replace(b"<msgType>Alert", b"<msgType>Update")
    data = data.replace(b"<info>", b"<references>a@b,x,2026-01-01T00:00:00+09:00</references><info>", 1)
    assert send(author, file=data).status_code == 422
    assert "cannot begin" in author.problem


def test_what_stands_in_it_stays_text(hub: Hub, author: Browser) -> None:
    send(author, file=message(hub, note="<script>alert(1)</script>", source="'\"><img src=x>"))
    assert author.tree.xpath("//main//script | //main//img") == []
    assert "<script>alert(1)" not in author.page.text  # type: ignore[union-attr]


def test_programs_look_and_draft(hub: Hub) -> None:
    program = Program(hub, "Tanaka", "draft")
    looked = program.http.post("/api/cap", content=message(hub)).json()
    assert looked["signature"] == "none"
    assert looked["codes"] == ["31", "32201"]
    assert looked["languages"] == ["de", "en"]
    assert {"path": "/alert/info[en]/web", "value": "https://agency.example/f"} in looked["lost"]
    assert Program(hub, "Tanaka", "read").http.post("/api/cap", content=message(hub)).status_code == 403
    assert program.http.post("/api/warnings/cap", content=message(hub)).status_code == 201


def test_from_a_partners_message(hub: Hub, author: Browser) -> None:
    trust(hub)
    taken = Program(hub, "Tanaka").http.post("/api/alerts", content=signed(message(hub, identifier="partner-1")))
    assert taken.status_code == 202, taken.text
    author.get("/desk/compose")
    (link,) = (one for one in author.tree.xpath("//a/@href") if "received%3A" in one or "partner-1" in one)
    author.get(link)
    assert "the signature holds" in author.tree.text_content()
    assert author.tree.xpath("//input[@name='headline_en']/@value") == ["River over its banks"]
    assert author.get("/desk/compose?from=received:nobody").status_code == 404


def test_from_a_template_and_from_an_earlier_warning(hub: Hub, author: Browser) -> None:
    approver = hub.browser("Sato")
    author.get("/desk/templates")
    author.submit("/desk/templates/write", name="river", **{k: v for k, v in EXERCISE.items() if k != "code"})
    approver.get("/desk/templates")
    approver.submit("/desk/templates/sign", code=hub.code("Sato"))
    author.get("/desk/compose")
    assert "/desk/compose?from=template:river" in author.tree.xpath("//a/@href")
    author.get("/desk/compose?from=template:river")
    assert author.tree.xpath("//input[@name='headline_en']/@value") == [EXERCISE["headline_en"]]
    assert author.tree.xpath("//input[@name='code'][@checked]") == []

    author.submit("/desk/compose", code=["31"], minutes="30")
    author.submit("/submit")
    subject = author.path.rpartition("/")[2]
    approver.get(f"/desk/w/{subject}")
    approver.submit("/approve", code=hub.code("Sato"))
    author.get("/desk/compose")
    assert f"/desk/compose?from=warning:{subject}" in author.tree.xpath("//a/@href")
    author.get(f"/desk/compose?from=warning:{subject}")
    assert author.tree.xpath("//input[@name='headline_en']/@value") == [EXERCISE["headline_en"]]
    assert author.tree.xpath("//input[@name='code'][@checked]") == []


def test_from_a_launch_report(hub: Hub, author: Browser) -> None:
    author.get("/desk/compose")
    author.submit("/desk/launch", report=(REPORT / "2017-08-29.toml").read_text(), purpose="exercise")
    assert author.path.startswith("/desk/w/launch-"), author.problem
    author.get("/desk/compose")
    author.submit("/desk/launch", report="[launch]\nx = ", purpose="exercise")
    assert author.problem


def trust(hub: Hub) -> None:
    certificate = KEY.certificate_pem.decode()
    hub.appoint(AGENCY, {Role.MACHINE})
    hub.record("trust partner", f"partner/{AGENCY}", {"sender": AGENCY, "certificate": certificate})


def signed(xml: bytes) -> bytes:
    return seal.sign(xml, key_pem=KEY.key_pem, certificate_pem=KEY.certificate_pem)
