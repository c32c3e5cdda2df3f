"""The ledger by what somebody looks for: deeds alone, what left, what sites did."""

import pytest

from web.hub import Browser, Hub
from web.test_api import Program

RECEIPT = {"site": "31201", "identifier": "x", "payloads": [], "warning": "", "outputs": []}


@pytest.fixture(scope="module")
def auditor(hub: Hub) -> Browser:
    realm = hub.live.realm

    def fill() -> None:
        for _ in range(120):
            realm.record("receipt", "site/31201", RECEIPT)
        realm.record("fault", "wide band", {"what": "silence"})

    realm.submit(fill).result()
    return hub.browser("Ito")


def kinds_on(page: Browser) -> set[str]:
    return set(page.tree.xpath("//main//tbody/tr/td[3]/text()"))


def test_deeds_alone_are_shown_and_the_way_back(auditor: Browser) -> None:
    auditor.get("/desk/ledger")
    assert {"receipt", "fault"} <= kinds_on(auditor)
    (deeds,) = auditor.tree.xpath("//main//a[text()='Deeds only']/@href")
    auditor.get(deeds)
    assert "appoint" in kinds_on(auditor)
    assert not kinds_on(auditor) & {"receipt", "fault", "transmit"}
    assert auditor.tree.xpath("//main//a[@aria-current]/text()") == ["Deeds only"]
    (subject,) = auditor.tree.xpath("//main//tbody//a[text()='person/Sato'][1]/@href")[:1]
    auditor.get(subject)
    assert set(auditor.tree.xpath("//main//tbody/tr/td[4]//text()")) == {"person/Sato"}
    assert auditor.tree.xpath("//main//a[@aria-current]/text()") == ["Deeds only"]


def test_older_ones_are_of_the_same_view(auditor: Browser) -> None:
    auditor.get("/desk/ledger?kinds=receipts")
    (older,) = auditor.tree.xpath("//main//a[text()='Older']/@href")
    auditor.get(older)
    assert kinds_on(auditor) == {"receipt"}
    assert len(auditor.tree.xpath("//main//tbody/tr")) == 20


@pytest.mark.parametrize(("tag", "said"), [("de", "Nur Handlungen"), ("ja", "操作のみ")])
def test_views_are_named_in_each_language(auditor: Browser, tag: str, said: str) -> None:
    try:
        auditor.get(f"/desk/ledger?kinds=deeds&lang={tag}")
        assert auditor.tree.xpath("//main//a[@aria-current]/text()") == [said]
    finally:
        auditor.get("/desk/ledger?lang=en")


def test_an_empty_view_says_so_and_an_unknown_one_is_refused(auditor: Browser) -> None:
    auditor.get("/desk/ledger?kinds=break+glass")
    assert "There is no such entry." in auditor.tree.text_content()
    assert "Only: break glass" in auditor.tree.text_content()
    assert auditor.get("/desk/ledger?kinds=everything").status_code == 422


def test_programs_choose_too(hub: Hub, auditor: Browser) -> None:
    http = Program(hub, "Tanaka", "read").http
    found = http.get("/api/ledger", params={"kinds": "deeds", "limit": 50}).json()
    assert {"appoint", "make key"} <= {one["kind"] for one in found}
    assert not {one["kind"] for one in found} & {"receipt", "fault"}
    several = http.get("/api/ledger", params={"kinds": ["fault", "appoint"]}).json()
    assert {one["kind"] for one in several} == {"fault", "appoint"}
    refused = http.get("/api/ledger", params={"kinds": "everything"})
    assert (refused.status_code, refused.json()["where"]) == (422, "kinds")
