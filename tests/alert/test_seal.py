"""The signature: ours hold for other people's engines, theirs hold for ours, and nothing that was changed passes."""

import shutil
import subprocess
from datetime import timedelta

import pytest
from cryptography import x509
from lxml import etree
from signxml import SignatureConfiguration, XMLSigner, XMLVerifier, methods
from signxml.exceptions import InvalidDigest

from alert_making import NOON, SENDER, make_alert, make_info, make_signer
from satwarn.alert import cap, seal
from satwarn.alert.seal import Trust, Verdict
from satwarn.errors import BadMessage, BadSignature

DS = "{http://www.w3.org/2000/09/xmldsig#}"


@pytest.fixture(scope="session")
def sealed(signer):
    return seal.sign(cap.write(make_alert()), key_pem=signer.key_pem, certificate_pem=signer.certificate_pem)


@pytest.fixture(scope="session")
def trust(signer):
    return Trust.of([(SENDER, signer.certificate_pem)])


def test_what_we_sign_we_trust_and_read(sealed, trust):
    judged = seal.verify(sealed, trust, at=NOON)
    assert judged.verdict is Verdict.TRUSTED
    assert judged.alert == make_alert()
    assert "satwarn test" in judged.signer
    assert cap.check_schema(sealed) == []
    assert etree.fromstring(sealed)[-1].tag == DS + "Signature"


def by_signxml(xml, signer):
    certificate = x509.load_pem_x509_certificate(signer.certificate_pem)
    config = SignatureConfiguration(verification_time=NOON)
    return XMLVerifier().verify(xml, x509_cert=certificate, expect_config=config, validate_schema=True)


def test_signxml_agrees(sealed, signer):
    assert by_signxml(sealed, signer).signed_xml.findtext("{*}identifier") == make_alert().identifier
    with pytest.raises(InvalidDigest):
        by_signxml(sealed.replace(b"drill of the day", b"drill of the dag"), signer)


@pytest.mark.skipif(
    shutil.which("xmlsec1") is None, reason="the judge xmlsec1 is not installed: apt-get install xmlsec1"
)
@pytest.mark.parametrize("changed", [False, True])
def test_xmlsec1_agrees(sealed, signer, tmp_path, changed):
    file, pem = tmp_path / "alert.xml", tmp_path / "certificate.pem"
    file.write_bytes(sealed.replace(b"drill of the day", b"drill of the dag") if changed else sealed)
    pem.write_bytes(signer.certificate_pem)
    run = subprocess.run(["xmlsec1", "--verify", "--pubkey-cert-pem", pem, file], capture_output=True, text=True)
    assert (run.returncode == 0) is not changed, run.stderr


def test_what_signxml_signs_we_trust(signer, trust):
    root = etree.fromstring(cap.write(make_alert()))
    signed = XMLSigner(
        method=methods.enveloped,
        signature_algorithm="ecdsa-sha256",
        c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
    ).sign(root, key=signer.key_pem, cert=signer.certificate_pem.decode())
    assert seal.verify(etree.tostring(signed), trust, at=NOON).verdict is Verdict.TRUSTED


def test_an_unsigned_message_says_so(trust):
    judged = seal.verify(cap.write(make_alert()), trust, at=NOON)
    assert judged.verdict is Verdict.NONE
    with pytest.raises(BadSignature, match="not signed"):
        judged.alert  # noqa: B018 - asking is what fails


@pytest.mark.parametrize("days", [-2, 2])
def test_outside_its_validity_a_certificate_is_expired_but_readable(sealed, trust, days):
    judged = seal.verify(sealed, trust, at=NOON + timedelta(days=days))
    assert judged.verdict is Verdict.EXPIRED
    assert judged.alert == make_alert()


def test_a_stranger_is_unknown_however_well_signed(signer, sealed):
    other = make_signer("stranger")
    judged = seal.verify(sealed, Trust.of([(SENDER, other.certificate_pem)]), at=NOON)
    assert judged.verdict is Verdict.UNKNOWN_SIGNER
    judged = seal.verify(sealed, Trust.of([("somebody@else.example", signer.certificate_pem)]), at=NOON)
    assert judged.verdict is Verdict.UNKNOWN_SIGNER
    with pytest.raises(BadSignature):
        judged.alert  # noqa: B018 - asking is what fails


def test_no_changed_byte_of_the_message_passes(sealed, trust):
    signed_part = sealed.index(b"<ds:Signature")
    start = sealed.index(b"<identifier>")
    for at in range(start, signed_part, 7):
        changed = bytearray(sealed)
        changed[at] ^= 1
        try:
            judged = seal.verify(bytes(changed), trust, at=NOON)
        except BadMessage:
            continue
        assert judged.verdict in (Verdict.BROKEN, Verdict.UNKNOWN_SIGNER), changed[at - 20 : at + 20]
        with pytest.raises((BadSignature, BadMessage)):
            judged.alert  # noqa: B018 - asking is what fails


def wrap_in_info(root, evil):
    """The signed alert hidden inside another one that is not signed."""
    outer = etree.fromstring(evil)
    outer.append(root)
    return outer


def wrap_by_reference(root, evil):
    """The reference points at a copy by id, the reader at the root."""
    outer = etree.fromstring(evil)
    signature = root.find(DS + "Signature")
    root.set("Id", "original")
    signature.find(f".//{DS}Reference").set("URI", "#original")
    outer.append(signature)
    outer.append(root)
    return outer


def hide_by_transform(root, _evil):
    """An XPath transform that signs only a part."""
    transforms = root.find(f".//{DS}Transforms")
    xpath = etree.SubElement(transforms, DS + "Transform", Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116")
    etree.SubElement(xpath, DS + "XPath").text = "not(ancestor-or-self::*[local-name()='info'])"
    return root


def second_reference(root, _evil):
    """Another reference beside the one to the whole."""
    reference = root.find(f".//{DS}Reference")
    reference.getparent().append(etree.fromstring(etree.tostring(reference)))
    return root


def weak_method(root, _evil):
    """A method with a shared key, which the public key would then be."""
    root.find(f".//{DS}SignatureMethod").set("Algorithm", "http://www.w3.org/2000/09/xmldsig#hmac-sha1")
    return root


@pytest.mark.parametrize("attack", [wrap_in_info, wrap_by_reference, hide_by_transform, second_reference, weak_method])
def test_wrapping_is_refused(attack, sealed, trust):
    evil = cap.write(make_alert(note="evil"))
    judged = seal.verify(etree.tostring(attack(etree.fromstring(sealed), evil)), trust, at=NOON)
    assert judged.verdict is (Verdict.UNKNOWN_SIGNER if attack is weak_method else Verdict.BROKEN)


def test_the_key_a_message_brings_along_is_never_believed(sealed, trust):
    """A stranger signs in our name and puts our certificate beside his signature."""
    stranger = make_signer("stranger")
    forged = seal.sign(cap.write(make_alert()), key_pem=stranger.key_pem, certificate_pem=stranger.certificate_pem)
    root, ours = etree.fromstring(forged), etree.fromstring(sealed)
    root.find(f".//{DS}X509Certificate").text = ours.find(f".//{DS}X509Certificate").text
    assert seal.verify(etree.tostring(root), trust, at=NOON).verdict is Verdict.BROKEN
    assert seal.verify(forged, trust, at=NOON).verdict is Verdict.UNKNOWN_SIGNER


def test_nobody_speaks_for_another_sender_by_naming_himself_first(signer):
    """A trusted sender puts his name where a careless verifier looks, and another's where people look."""
    xml = cap.write(make_alert(sender="government@example.org"))
    hidden = xml.replace(b"<identifier>", f"<x:sender xmlns:x='urn:x'>{SENDER}</x:sender><identifier>".encode(), 1)
    for data in (hidden, hidden.replace(b"<x:sender ", b"<z><x:sender ").replace(b"</x:sender>", b"</x:sender></z>")):
        signed = seal.sign(data, key_pem=signer.key_pem, certificate_pem=signer.certificate_pem)
        judged = seal.verify(signed, Trust.of([(SENDER, signer.certificate_pem)]), at=NOON)
        assert judged.verdict is Verdict.UNKNOWN_SIGNER
        assert judged.received.alert.sender == "government@example.org"


def test_of_several_signatures_the_best_one_counts(sealed, trust):
    stranger = make_signer("stranger")
    both = seal.sign(sealed, key_pem=stranger.key_pem, certificate_pem=stranger.certificate_pem)
    assert len(seal.verify(both, trust, at=NOON).signatures) == 2
    also = Trust.of([(SENDER, stranger.certificate_pem)])
    assert seal.verify(both, also, at=NOON).verdict is Verdict.TRUSTED


def test_a_comment_does_not_change_what_is_read(sealed, trust):
    inside = sealed.replace(b"Missile launch drill", b"Missile launch <!-- -->drill")
    judged = seal.verify(inside, trust, at=NOON)
    assert judged.verdict is Verdict.TRUSTED
    assert judged.alert == make_alert()


def test_the_draft_digest_forgets_identifier_sent_and_signature_only(signer):
    alert = make_alert()
    digest = seal.draft_digest(alert)
    assert len(digest) == 64
    assert seal.draft_digest(make_alert(identifier="other", sent=NOON + timedelta(hours=1))) == digest
    assert seal.draft_digest(make_alert(note="changed")) != digest
    assert seal.draft_digest(make_alert(infos=(make_info(),))) != digest


def test_a_bad_key_or_certificate_is_said(signer):
    with pytest.raises(BadSignature, match="cannot sign"):
        seal.sign(cap.write(make_alert()), key_pem=b"no key", certificate_pem=signer.certificate_pem)
    with pytest.raises(BadSignature, match="is no certificate"):
        Trust.of([(SENDER, b"nothing")])
