"""The mail as a value: what it says, and what is noticed about what arrived."""

from email.parser import BytesParser
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performances import LANGUAGES, performance
from satwarn.adapters.device.simulated import cut, rewritten
from satwarn.alert.purpose import Purpose
from satwarn.ledger.receipt import Cause
from satwarn.people.language import language
from satwarn.people.mail import Letter, judge_mail, write


def letter(*languages: str, site: str = "31202", purpose: Purpose = Purpose.EXERCISE) -> Letter:
    one = performance(*languages, site=site, purpose=purpose)
    return write(one, sender="31202@satwarn.example", recipient="people@satwarn.example")


def test_it_is_a_message_any_mail_reader_understands() -> None:
    message = BytesParser(policy=SMTP).parsebytes(letter().data)
    assert not message.defects
    assert (message["From"], message["To"]) == ("31202@satwarn.example", "people@satwarn.example")
    assert message["Message-ID"] == letter().message_id
    assert message.get_content_charset() == "utf-8"
    assert max(len(line) for line in letter().data.splitlines()) <= 998  # RFC 5322, 2.1.1
    assert letter().data.isascii()


def test_the_label_stands_first_in_the_subject_and_around_the_words() -> None:
    label = language("en").label("exercise")
    assert letter("en").subject.startswith("[This is an exercise]")
    assert letter("en").body.startswith(label.before)
    assert letter("en").body.rstrip().endswith(label.after)


def test_a_real_warning_has_no_label() -> None:
    real = letter("en", purpose=Purpose.REAL)
    assert "exercise" not in real.subject + real.body


def test_two_sites_write_two_messages_and_one_site_the_same_again() -> None:
    assert letter(site="31202").message_id != letter(site="31201").message_id
    assert letter().data == letter().data


def test_what_arrives_as_sent_is_proof() -> None:
    assert judge_mail(letter(), letter().data) is None


def test_line_ends_may_change_on_the_way() -> None:
    assert judge_mail(letter(), letter().data.replace(b"\r\n", b"\n")) is None


@pytest.mark.parametrize("languages", [LANGUAGES, ("ja",), ("ko",), ("ja", "en")], ids="+".join)
@pytest.mark.parametrize(
    ("written", "labelled"),
    [
        ("iso-2022-jp", "utf-8"),
        ("utf-8", "iso-2022-jp"),
        ("shift_jis", "utf-8"),
        ("utf-8", "shift_jis"),
        ("utf-8", "latin-1"),
    ],
)
def test_a_wrong_charset_is_found(languages: tuple[str, ...], written: str, labelled: str) -> None:
    meant = letter(*languages)
    trouble = judge_mail(meant, rewritten(meant.data, written=written, labelled=labelled))
    assert trouble is not None
    assert trouble.cause in {Cause.CHARSET, Cause.UNKNOWN}
    if "ja" in languages:
        assert trouble.cause is Cause.CHARSET
        assert f"labelled {labelled}" in trouble.detail


def test_an_unknown_charset_is_no_crash() -> None:
    meant = letter("ja")
    trouble = judge_mail(meant, rewritten(meant.data, written="utf-8", labelled="x-klingon"))
    assert trouble is not None
    assert trouble.cause is Cause.CHARSET


def test_a_garbled_subject_is_found_though_the_text_is_whole() -> None:
    meant = letter("en")
    trouble = judge_mail(meant, meant.data.replace(b"warning system", b"w?rning system", 1))
    assert trouble is not None
    assert trouble.cause is Cause.CHARSET


def test_a_mail_cut_off_says_where() -> None:
    trouble = judge_mail(letter(), cut(letter().data))
    assert trouble is not None
    assert trouble.cause is Cause.DEVICE
    assert "cut off after" in trouble.detail


def test_nothing_is_not_delivered() -> None:
    trouble = judge_mail(letter(), b"")
    assert trouble is not None
    assert trouble.cause is Cause.PATH


@given(st.binary(max_size=400))
def test_no_noise_is_taken_for_the_message(noise: bytes) -> None:
    assert judge_mail(letter("en"), noise) is not None


@given(st.integers(0, 5000), st.binary(min_size=1, max_size=8))
def test_a_changed_message_is_never_a_crash(at: int, change: bytes) -> None:
    data = bytearray(letter().data)
    data[at : at + len(change)] = change
    judge_mail(letter(), bytes(data))
