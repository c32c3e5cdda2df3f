"""Everything that `check` says: rules, profiles, advice, expiry; and what hostile bytes cost."""

import gc
import resource
import time
from datetime import timedelta
from xml.parsers import expat

import pytest

from alert_making import NOON, make_alert, make_info
from satwarn.alert import cap, seal
from satwarn.alert.alert import Area, Certainty, MsgType, Named, Reference, Scope, Severity, Status
from satwarn.alert.check import check, compare
from satwarn.alert.finding import Grade
from satwarn.alert.profiles import PROFILES
from satwarn.area.shape import Polygon
from satwarn.errors import BadMessage


def found(alert, **more):
    return {finding.rule: finding for finding in check(cap.write(alert), **more).findings}


def changed(old, new, alert=None):
    return check(cap.write(alert or make_alert()).decode().replace(old, new, 1).encode())


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("name-characters", "satwarn-2017-08-18-1", "two words"),
        ("name-characters", "satwarn-2017-08-18-1", ""),
        ("name-characters", "warning@satwarn.example", "a,b"),
        ("cap-datetime", "2017-08-18T03:00:00-00:00", "2017-08-18T03:00:00Z"),
        ("restriction-missing", "<scope>Public", "<scope>Restricted"),
        ("references-missing", "<msgType>Alert", "<msgType>Cancel"),
        ("polygon-closed", "35,133 35.5,133 35.5,134.25 35,133", "35,133 35.5,133 35.5,134.25 35,134"),
        ("polygon-pairs", "35,133 35.5,133 35.5,134.25 35,133", ""),
        ("circle-form", "35.3,134 12.5", "35.3 134 12.5"),
        ("ceiling-alone", "<altitude>0</altitude>", ""),
        ("mime-type", "image/png", "picture"),
        ("schema", "<status>Exercise", "<status>Practice"),
    ],
)
def test_broken_rules_are_errors_with_a_place_and_a_mend(rule, old, new):
    checked = changed(old, new)
    finding = next(f for f in checked.findings if f.rule == rule)
    assert finding.severity is Grade.ERROR
    assert finding.line == 2
    assert finding.column >= 1
    assert finding.path.startswith("/alert")
    assert finding.fix or rule == "schema"
    assert not checked.is_valid


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("utc-sign", "02:00:00-00:00", "02:00:00+00:00"),
        ("exercise-note", "<note>drill of the day</note>", ""),
        ("empty-text", "<audience", "<audience"),
        ("base64", "AAAA", "?!"),
        ("references-later", "<incidents>", "<references>a,b,2030-01-01T00:00:00-00:00</references><incidents>"),
        ("references-sent", "<incidents>", "<references>a,b,2010-01-01T00:00:00Z</references><incidents>"),
        ("ceiling-low", "<altitude>0", "<altitude>99999"),
    ],
)
def test_shoulds_are_warnings_and_the_file_stays_valid(rule, old, new):
    if rule == "empty-text":
        old, new = "<note>drill of the day</note>", "<note>drill</note><references/>"
    checked = changed(old, new)
    assert next(f for f in checked.findings if f.rule == rule).severity is Grade.WARNING
    assert checked.is_valid


def test_a_doctype_is_one_error_and_nothing_of_it_is_read():
    xml = cap.write(make_alert()).replace(
        b"<alert ", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert ', 1
    )
    checked = check(xml)
    assert [f.rule for f in checked.findings] == ["doctype"]
    assert not checked.is_valid


def test_an_alert_in_a_namespace_of_nobody_is_broken_not_unreadable():
    assert [f.rule for f in check(b"<alert xmlns='urn:other'/>").findings] == ["schema"]
    assert [f.rule for f in check(b"<alert/>").findings] == ["schema"]


def test_a_signature_is_judged_and_never_changes_the_answer(signer):
    xml = seal.sign(cap.write(make_alert()), key_pem=signer.key_pem, certificate_pem=signer.certificate_pem)
    for data, said in ((xml, "unknown signer"), (xml.replace(b"drill of the day", b"drill of the dag"), "broken")):
        checked = check(data, now=NOON)
        assert said in next(f.what for f in checked.findings if f.rule == "signature")
        assert checked.is_valid


def test_expiry_is_a_note():
    assert found(make_alert(), now=NOON + timedelta(days=1))["expired"].severity is Grade.NOTE
    assert "expired" not in found(make_alert(), now=NOON)


# ── advice ───────────────────────────────────────────────────────────────────────────────────────────────────────────


ENGLISH = "The river is rising and the people of the town should leave it for the hills."
JAPANESE_AND_KOREAN = "すぐに避難してください。지금 바로 대피하십시오. 해안에서 떨어지십시오. 높은 곳으로 가십시오."


@pytest.mark.parametrize(
    ("rule", "info"),
    [
        ("advice-first-90", {"headline": "Something happens"}),
        ("advice-acronyms", {"description": "The NERC and the CBRN unit ask you to leave Tottori."}),
        ("advice-instruction", {"instruction": ""}),
        ("advice-markup", {"description": "Leave now.<br/>Go."}),
        ("advice-language", {"language": "de", "description": ENGLISH}),
        ("advice-language", {"language": "ja", "description": ENGLISH}),
        ("advice-language", {"language": "ja", "description": JAPANESE_AND_KOREAN}),
        ("advice-expires", {"expires": None}),
    ],
)  # fmt: skip
def test_advice_is_given(rule, info):
    advised = found(make_alert(infos=(make_info(**info),)))
    assert advised[rule].severity is Grade.ADVICE


def test_good_words_get_no_advice():
    good = make_info(
        headline="Tottori: go inside and stay there.", description="This is a drill of the warning system in Tottori.",
        instruction="Take no action.",
    )  # fmt: skip
    advised = found(make_alert(infos=(good,)))
    assert not [rule for rule in advised if rule.startswith("advice")]


def test_one_text_in_two_languages_was_not_translated():
    twice = tuple(make_info(tag, description="Leave the coast at once.") for tag in ("en", "ja"))
    assert "advice-translation" in found(make_alert(infos=twice))


def test_a_language_left_behind_by_an_update_is_said():
    before = cap.read(cap.write(make_alert()))
    infos = (make_info(description="A satellite, not a missile."), make_alert().infos[1])
    references = (Reference(sender=before.alert.sender, identifier=before.alert.identifier, sent=NOON),)
    update = make_alert(sent=NOON + timedelta(minutes=5), msg_type=MsgType.UPDATE, references=references, infos=infos)
    after = cap.read(cap.write(update))
    assert [(f.rule, f.path) for f in compare(before, after)] == [("advice-left-behind", "/alert/info[2]")]
    assert compare(before, before) == []


# ── profiles ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_profile_applies_unless_asked_for():
    assert not [rule for rule in found(make_alert()) if rule.startswith(("ipaws", "cap-cp", "google"))]


def area(**codes):
    return (Area(description="here", geocodes=tuple(Named(value_name=n, value=v) for n, v in codes.items())),)


GOOD = {
    "ipaws": lambda: make_alert(
        codes=("IPAWSv1.0",),
        sent=NOON.astimezone(make_alert().infos[0].onset.tzinfo),
        infos=(make_info(event_codes=(Named(value_name="SAME", value="TSW"),), areas=area(SAME="006109")),),
    ),
    "meteoalarm": lambda: make_alert(
        infos=(
            make_info(
                parameters=(
                    Named(value_name="awareness_level", value="3; orange; Severe"),
                    Named(value_name="awareness_type", value="1; Wind"),
                ),
                areas=area(EMMA_ID="DE343"),
            ),
        )
    ),
    "wmo": lambda: make_alert(
        identifier="2.49.0.1.392.0.2017.8.18",
        infos=(make_info(event_codes=(Named(value_name="OET:v1.2", value="OET-1"),)),),
    ),
    "google": lambda: make_alert(status=Status.ACTUAL, infos=(make_info(),)),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_alert_keeps_its_profile(name):
    said = check(cap.write(GOOD[name]()), profile=PROFILES[name]).findings
    assert [f for f in said if f.rule.startswith(name)] == []


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_finds_fault_with_an_alert_of_another_world(name):
    bare = make_alert(
        sender="somebody",
        infos=(
            make_info(
                web="", description="<b>x</b>", event_codes=(), areas=(), expires=None, headline="h" * 150,
                certainty=Certainty.UNKNOWN, severity=Severity.UNKNOWN,
            ),
        ),
    )  # fmt: skip
    checked = check(cap.write(bare), profile=PROFILES[name])
    own = [f for f in checked.findings if f.rule.startswith(name)]
    assert any(f.severity is Grade.ERROR for f in own)
    assert not checked.is_valid
    assert all(f.line and f.path.startswith("/alert") for f in own)


def test_ipaws_counts_nodes_and_characters():
    ring = [(35 + i / 1000, 133.0) for i in range(99)]
    many = Area(description="here", polygons=(Polygon((*ring, (35.0, 134.0), ring[0])),))
    long_text = (Named(value_name="CMAMtext", value="x" * 91),)
    said = found(make_alert(infos=(make_info(areas=(many,), parameters=long_text),)), profile=PROFILES["ipaws"])
    assert {"ipaws-nodes", "ipaws-cmam-text"} <= set(said)


# ── hostile bytes: refused within a second and 100 MB ────────────────────────────────────────────────────────────────

LAUGHS = b"<!DOCTYPE a [<!ENTITY a0 'ha'>%s]><alert>&a30;</alert>" % b"".join(
    b"<!ENTITY a%d '&a%d;&a%d;'>" % (n + 1, n, n) for n in range(30)
)


def huge_polygon():
    ring = " ".join(f"{i / 10000:.4f},{i / 10000:.4f}" for i in range(100_000))
    return cap.write(make_alert()).replace(b"35,133 35.5,133", ring.encode(), 1)


HOSTILE = {
    "doctype": lambda: b"<!DOCTYPE alert><alert/>",
    "laughs": lambda: LAUGHS,
    "big": lambda: b"<alert>" + b"x" * (100 * 1024 * 1024),
    "deep": lambda: b"<a>" * 200_000 + b"</a>" * 200_000,
    "deep-json": lambda: b'{"a":' * 100_000 + b"}" * 100_000,
    "corners": huge_polygon,
    "base64": lambda: cap.write(make_alert()).replace(b"AAAA", b"=" * 1_000_000),
    "attributes": lambda: b"<alert " + b" ".join(b"a%d='1'" % n for n in range(100_000)) + b"/>",
    "namespaces": lambda: b"<alert " + b" ".join(b"xmlns:a%d='u'" % n for n in range(50_000)) + b"/>",
    "findings": lambda: cap.write(make_alert()).replace(b"<info>", b"<info>" + b"<x/>" * 20_000, 1),
    "elements": lambda: b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>" + b"<a/>" * 2_000_000 + b"</alert>",
    "elements-just-borne": lambda: (
        b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>" + b"<a/>" * 59_000 + b"</alert>"
    ),
    "alerts": lambda: b"<alerts>" + b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>" * 29_000 + b"</alerts>",
    "objects": lambda: b"[" + b"{}," * 2_000_000 + b"{}]",
}


def seconds(job):
    """The least of this thread's time in three tries, without looking through what other tests left."""
    taken = []
    for _ in range(3):
        gc.collect()
        gc.freeze()
        start = time.thread_time()
        job()
        taken.append(time.thread_time() - start)
        gc.unfreeze()
    return min(taken)


def read_200_000_elements():
    """Python's own parser with a harmless megabyte: the measure of this machine, now."""
    seen = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: seen.append(name)
    parser.Parse(b"<a>" + b"<b/>" * 200_000 + b"</a>", True)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_cost_little(name):
    data = HOSTILE[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def job():
        try:
            checked = check(data)
        except BadMessage:
            return
        assert name in ("base64", "findings") or not checked.is_valid

    assert seconds(job) < 20 * seconds(read_200_000_elements)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_scope_private_needs_addresses_even_in_a_list_of_alerts():
    private = cap.write(make_alert(addresses=(), scope=Scope.PUBLIC)).replace(b"<scope>Public", b"<scope>Private")
    inner = private.split(b"?>", 1)[1]
    checked = check(b"<alerts xmlns='urn:oasis:names:tc:emergency:cap:1.2'>" + inner * 2 + b"</alerts>")
    assert [f.rule for f in checked.findings if f.severity is Grade.ERROR] == ["addresses-missing"] * 2
    assert checked.kind == "collection"
    assert {f.path for f in checked.findings if f.rule == "addresses-missing"} == {
        "/alerts/alert[1]",
        "/alerts/alert[2]",
    }
