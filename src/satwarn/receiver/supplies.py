"""What a receiver keeps of supplies: whom it believes beside its settings, whom no longer, and newer texts. No I/O.

Only a supply signed by a certificate that holds is heard; its serial only rises, so none ever comes back. A sender may
renew and revoke its own certificates; those of others only where the site's settings say that it appoints. A supply
counts whole, when every file it names is here; a revocation that leaves somebody to believe counts at once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from satwarn.alert.alert import Alert
from satwarn.alert.naming import name_of
from satwarn.alert.seal import Pinned, Trust
from satwarn.alert.supply import Supply, SupplyKind, supply_of
from satwarn.errors import BadAlert, BadSetting, BadSignature
from satwarn.receiver.effects import Fault, Log

ANYBODY = "*"
MOST_FILES = 16
MOST_BYTES = {SupplyKind.TRUST: 16 << 10, SupplyKind.LANGUAGE: 256 << 10}
"""Of one file."""

CheckTexts = Callable[[str, bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The newest supply of one sender and kind, and whether all of it is in force."""

    serial: int
    supply: Supply
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What outlasts a restart. `heard` is by "<sender> <kind>"; `revoked` are "<sender or *> <fingerprint>"; `texts`
    are whole packs by language."""

    heard: Mapping[str, Heard] = field(default_factory=dict)
    anchors: tuple[tuple[str, str], ...] = ()
    revoked: frozenset[str] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)

    def believes(self, pin: Pinned) -> bool:
        """Whether nobody who may has revoked it."""
        return not {f"{who} {pin.fingerprint}" for who in (pin.sender, ANYBODY)} & self.revoked

    def trust(self, first: Trust) -> Trust:
        """Whom to believe: by the settings and by supplies, without the revoked."""
        later = Trust.of((sender, pem.encode()) for sender, pem in self.anchors)
        pins = dict.fromkeys((*first.pins, *later.pins))
        return Trust(pins=tuple(pin for pin in pins if self.believes(pin)))


class Supplies:
    """One receiver's supplies. `first` is the trust of its settings, `appoints` who may appoint and revoke others;
    `check_texts` raises BadSetting for a language's texts that may not be used."""

    def __init__(
        self, first: Trust, *, appoints: Iterable[str] = (), check_texts: CheckTexts, kept: Kept | None = None
    ) -> None:
        self._first, self._appoints, self._check_texts = first, frozenset(appoints), check_texts
        self.kept = kept or Kept()
        self._files: dict[str, bytes] = {}
        self._waiting: dict[str, tuple[str, Supply]] = {}

    @property
    def trust(self) -> Trust:
        """Whom to believe now."""
        return self.kept.trust(self._first)

    def hear(self, alert: Alert, *, valid: bool) -> list[Fault | Log]:
        """A signed alert that may be a supply; `valid` when the certificate that signed it has not expired."""
        supply = supply_of(alert)
        if supply is None:
            return []
        if not valid:
            return [_refused(alert, "its certificate has expired")]
        try:
            return self._take(alert, supply)
        except (BadAlert, BadSetting, BadSignature) as error:
            return [_refused(alert, str(error).splitlines()[0])]

    def file(self, content: bytes) -> list[Fault | Log]:
        """A file that a signed message named by its digest."""
        name = name_of(content)
        said: list[Fault | Log] = []
        for key, (sender, supply) in list(self._waiting.items()):
            if name in supply.files.values():
                self._files[name] = content
                said += self._finish(key, sender, supply)
        self._files = {name: file for name, file in self._files.items() if name in self._wanted()}
        return said

    # ── a supply ─────────────────────────────────────────────────────────────────────────────────

    def _take(self, alert: Alert, supply: Supply) -> list[Fault | Log]:
        key, sender = f"{alert.sender} {supply.kind}", alert.sender
        known = self.kept.heard.get(key)
        if known and supply.serial < known.serial:
            return [Log(what=f"supply {key} {supply.serial} is older than {known.serial}: nothing was done with it")]
        if known and supply.serial == known.serial:
            if supply != known.supply:
                raise BadAlert(f"serial {supply.serial} was used before for something else", where="supply")
            if known.whole:
                return []
        self._check(supply, sender)
        revoked = self._revoking(supply, sender)
        if self._leaves_somebody(replace(self.kept, revoked=revoked), sender):
            self.kept = replace(self.kept, revoked=revoked)
        heard = {**self.kept.heard, key: Heard(serial=supply.serial, supply=supply, whole=False)}
        self.kept = replace(self.kept, heard=heard)
        self._waiting[key] = sender, supply
        return self._finish(key, sender, supply)

    def _check(self, supply: Supply, sender: str) -> None:
        if len(supply.files) > MOST_FILES:
            raise BadAlert(f"{len(supply.files)} files, at most {MOST_FILES}", where="supply")
        if supply.kind is SupplyKind.TRUST and sender not in self._appoints:
            if strangers := supply.files.keys() - {sender}:
                raise BadAlert(f"{sender} may not appoint {', '.join(sorted(strangers))} here", where="supply")
            others = {pin.fingerprint for pin in self.trust.pins if pin.sender != sender}
            if others & set(supply.revoked):
                raise BadAlert(f"{sender} may not revoke another's certificate here", where="supply")

    def _revoking(self, supply: Supply, sender: str) -> frozenset[str]:
        who = ANYBODY if sender in self._appoints else sender
        return self.kept.revoked | {f"{who} {fingerprint}" for fingerprint in supply.revoked}

    def _leaves_somebody(self, kept: Kept, sender: str) -> bool:
        """Whether somebody is still believed who speaks for the sender: the last one cannot be revoked alone."""
        return bool(kept.trust(self._first).of_sender(sender))

    def _finish(self, key: str, sender: str, supply: Supply) -> list[Fault | Log]:
        """Put it in force if every file is here."""
        here = self._here()
        missing = [name for name, digest in supply.files.items() if digest not in here]
        if missing:
            return [Log(what=f"supply {key} {supply.serial}: waiting for {', '.join(sorted(missing))}")]
        del self._waiting[key]
        files = {name: here[digest] for name, digest in supply.files.items()}
        try:
            kept = self._with(supply, sender, files)
        except (BadAlert, BadSetting, BadSignature) as error:
            return [Fault(code="supply", what=f"supply {key} {supply.serial}: {str(error).splitlines()[0]}")]
        heard = {**self.kept.heard, key: Heard(serial=supply.serial, supply=supply, whole=True)}
        self.kept = replace(kept, heard=heard)
        return [Log(what=f"supply {key} {supply.serial} is in force")]

    def _with(self, supply: Supply, sender: str, files: Mapping[str, bytes]) -> Kept:
        for name, content in files.items():
            if len(content) > MOST_BYTES[supply.kind]:
                raise BadAlert(f"{name} has {len(content)} bytes, at most {MOST_BYTES[supply.kind]}", where="supply")
        if supply.kind is SupplyKind.LANGUAGE:
            for tag, content in files.items():
                self._check_texts(tag, content)
            return replace(self.kept, texts={**self.kept.texts, **{tag: text.decode() for tag, text in files.items()}})
        return self._with_anchors(replace(self.kept, revoked=self._revoking(supply, sender)), sender, files)

    def _with_anchors(self, kept: Kept, sender: str, files: Mapping[str, bytes]) -> Kept:
        pins = [Pinned.of(name, content) for name, content in files.items()]
        if revoked := [pin.sender for pin in pins if not kept.believes(pin)]:
            raise BadAlert(f"a certificate of {revoked[0]} was revoked and cannot come back", where="supply")
        anchors = dict.fromkeys((*kept.anchors, *((pin.sender, pin.certificate_pem.decode()) for pin in pins)))
        whole = replace(kept, anchors=tuple(anchors))
        if not self._leaves_somebody(whole, sender):
            raise BadAlert(f"it would leave nobody who speaks for {sender}", where="supply")
        believed = {(pin.sender, pin.certificate_pem.decode()) for pin in whole.trust(Trust()).pins}
        return replace(whole, anchors=tuple(one for one in anchors if one in believed))

    def _here(self) -> Mapping[str, bytes]:
        """Every file there is, by its name: the band brings none a second time that an earlier supply named."""
        known = (*(pem for _, pem in self.kept.anchors), *self.kept.texts.values())
        return {name_of(text.encode()): text.encode() for text in known} | self._files

    def _wanted(self) -> set[str]:
        return {digest for _, supply in self._waiting.values() for digest in supply.files.values()}


def _refused(alert: Alert, why: str) -> Fault:
    return Fault(code="supply", what=f"{alert.identifier}: {why}")
