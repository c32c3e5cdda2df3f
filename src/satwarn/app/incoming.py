"""Somebody else's CAP message before anything of it becomes ours: whose it is, what a draft takes over, what not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from satwarn.alert import element as table
from satwarn.alert import seal
from satwarn.alert.alert import Alert, Info, MsgType, Status
from satwarn.alert.element import Composite, Element
from satwarn.alert.finding import Finding
from satwarn.alert.purpose import FRAME_PARAMETER, PARAMETER, Purpose
from satwarn.alert.seal import Trust, Verdict
from satwarn.app.compose import LANGUAGES, Composed, Said, compose, form_of
from satwarn.app.realm import Realm
from satwarn.area import gazetteer
from satwarn.authority.hazard import hazard_of
from satwarn.errors import BadAlert, SatwarnError

MOST_SHOWN = 300
SIGNED: Mapping[Verdict, str] = {
    Verdict.TRUSTED: "Signed by a sender we know; the signature holds.",
    Verdict.EXPIRED: "The signature holds, but its certificate has expired.",
    Verdict.UNKNOWN_SIGNER: "Signed by somebody we do not know: nobody has checked who wrote it.",
    Verdict.BROKEN: "The signature is broken: it was changed after it was signed. Do not believe it unchecked.",
    Verdict.NONE: "Not signed: anybody may have written it.",
}
OURS = frozenset({"/alert/identifier", "/alert/sender", "/alert/sent", "/alert/status", "/alert/msgType"})
"""What every message says of itself; a draft of ours says its own, and the page shows theirs above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """One thing it says that the draft will not: the CAP element, and the value (cut to 300 characters)."""

    path: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message as it came, and the form a draft of ours would begin from.

    `form` has no purpose: whether it is real, whoever drafts it says. `why` tells more about a bad signature; `signed`
    keys a sentence.
    """

    alert: Alert
    verdict: Verdict
    signed: str
    why: str
    form: Composed
    lost: tuple[Lost, ...]
    odd: tuple[Finding, ...]

    @property
    def rehearses(self) -> bool:
        """Whether its sender says that it is not real."""
        return self.alert.status is not Status.ACTUAL


def look_at(realm: Realm, data: bytes) -> Incoming:
    """Read a CAP message without acting on it.

    BadMessage when the bytes hold none, BadAlert when it cannot begin a warning.
    """
    pairs = [(one.sender, one.certificate.encode()) for one in list(realm.views.partners.values())]
    trust = Trust.of([*pairs, (realm.settings.sender, realm.key.certificate_pem)])
    sealed = seal.verify(data, trust, at=realm.now())
    alert = sealed.received.alert
    if alert.msg_type is not MsgType.ALERT:
        raise BadAlert(f"{alert.msg_type} cannot begin a warning", where="msgType", fix="follow on one that is on air")
    form = _form(replace(alert, sent=realm.now().replace(microsecond=0)))
    return Incoming(
        alert=alert,
        verdict=sealed.verdict,
        signed=SIGNED[sealed.verdict],
        why="; ".join(filter(None, (one.why for one in sealed.signatures))),
        form=form,
        lost=_lost(realm, alert, form),
        odd=sealed.received.findings,
    )


def _form(alert: Alert) -> Composed:
    """Places by the codes we know, shapes where there are none; every language we speak; no purpose."""
    known = replace(alert, infos=tuple(_known(info) for info in alert.infos))
    form = form_of(known)
    said = {tag: words for tag, words in form.said.items() if tag in LANGUAGES}
    return replace(form, purpose="", hazard="" if form.hazard == "other" else form.hazard, said=said)


def _known(info: Info) -> Info:
    areas = (
        replace(
            area,
            geocodes=tuple(
                code for code in area.geocodes if code.value_name in gazetteer.SCHEMES and _is_place(code.value)
            ),
        )
        for area in info.areas
    )
    return replace(info, areas=tuple(areas), parameters=())


def _is_place(code: str) -> bool:
    try:
        gazetteer.place(code)
    except SatwarnError:
        return False
    return True


def _lost(realm: Realm, alert: Alert, form: Composed) -> tuple[Lost, ...]:
    """What the message says and a draft made of the form would not."""
    kept = set(_leaves(_drafted(realm, alert, form)))
    found = dict.fromkeys(leaf for leaf in _leaves(alert) if leaf not in kept)
    return tuple(Lost(path=path, value=text[:MOST_SHOWN]) for path, text in found)


def _drafted(realm: Realm, alert: Alert, form: Composed) -> Alert:
    """The draft the form would make, with whatever it lacks filled in so that it can be compared."""
    filled = replace(
        form,
        purpose=Purpose.REAL if alert.status is Status.ACTUAL else Purpose.EXERCISE,
        hazard=form.hazard or hazard_of(alert).key,
        minutes=form.minutes or 60,
        said=form.said or {"en": Said(headline="-")},
    )
    ours = compose(filled, sender=realm.settings.sender, now=realm.now())
    # When it ends is taken over to the minute; so nothing of it is lost.
    ends = {info.language.partition("-")[0]: info.expires for info in alert.infos} if form.minutes else {}
    infos = tuple(replace(info, expires=ends.get(info.language, info.expires)) for info in ours.infos)
    return replace(ours, infos=infos)


def _leaves(alert: Alert) -> Iterator[tuple[str, str]]:
    """Every value of an alert as (CAP path, text), languages by their first part; what is always ours left out."""
    for path, text in _of(table.ALERT, alert, "/alert"):
        if path in OURS or text.startswith((f"{FRAME_PARAMETER}=", f"{PARAMETER}=")) or path.endswith("/language"):
            continue
        yield path, text


def _of(kind: Composite, value: object, path: str) -> Iterator[tuple[str, str]]:
    for row in kind.rows:
        found = getattr(value, row.attribute, None) if row.attribute else None
        if found is None or found in ((), ""):
            continue
        whole = isinstance(row.kind, Composite) or not row.kind.whole
        for one in found if row.many and whole else (found,):
            yield from _one(row, one, path)


def _one(row: Element, value: object, path: str) -> Iterator[tuple[str, str]]:
    if row.kind is table.NAMED:
        yield f"{path}/{row.name}", f"{getattr(value, 'value_name', '')}={getattr(value, 'value', '')}"
    elif isinstance(row.kind, Composite):
        language = getattr(value, "language", "").partition("-")[0].lower()
        yield from _of(row.kind, value, f"{path}/{row.name}[{language}]" if language else f"{path}/{row.name}")
    else:
        yield f"{path}/{row.name}", row.kind.write(value)
