"""Supplies of a running receiver: kept on disk, then put to use: whom it believes, and newer texts."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from satwarn.adapters.memory import MemoryFile
from satwarn.alert import seal
from satwarn.alert.alert import Alert
from satwarn.alert.chain import has_expired
from satwarn.alert.seal import Trust, Verdict
from satwarn.app.receiver_settings import ReceiverSettings
from satwarn.errors import BadMessage, BadSetting, Missing, SatwarnError
from satwarn.people import danger, newer
from satwarn.people.language import language
from satwarn.receiver import keeping
from satwarn.receiver.effects import Fault, Log
from satwarn.receiver.supplies import Kept, Supplies


class ReceiverSupplies:
    """What supplies brought to one receiver. `note` is told what happened: a kind and a sentence; `believe` whom to
    believe from now on, whenever that changes."""

    def __init__(self, settings: ReceiverSettings) -> None:
        self._file = MemoryFile(settings.folder / "supplies.json")
        self.early: list[tuple[str, str]] = []
        self.note: Callable[[str, str], object] = lambda kind, what: self.early.append((kind, what))
        self.believe: Callable[[Trust], object] = lambda trust: None
        self._machine = Supplies(
            settings.trust, appoints=settings.appoints, check_texts=check_texts, kept=self._recall()
        )
        self._use_texts(self._machine.kept.texts)

    @property
    def trust(self) -> Trust:
        """Whom to believe now."""
        return self._machine.trust

    def hear(self, alert: Alert, *, valid: bool) -> None:
        """A signed supply."""
        self._after(lambda: self._machine.hear(alert, valid=valid))

    def file(self, content: bytes) -> None:
        """A file that a signed message named."""
        self._after(lambda: self._machine.file(content))

    def take(self, signed: bytes, files: Iterable[bytes], *, now: datetime) -> None:
        """A supply and its files as the ground brings them: believed by its signature alone, like any other way."""
        try:
            sealed = seal.verify(signed, self.trust, at=now)
            if has_expired(sealed.alert, now=now):
                self.note("log", f"a supply came over the ground that has expired: {sealed.alert.identifier}")
                return
            self.hear(sealed.alert, valid=sealed.verdict is Verdict.TRUSTED)
        except SatwarnError as error:
            self.note("fault", f"what came over the ground is no supply of anybody believed: {error.what}")
            return
        for content in files:
            self.file(content)

    def state(self) -> list[dict[str, Any]]:
        """What was taken, for the status and the hub."""
        return [
            {"supply": key, "serial": heard.serial, "whole": heard.whole}
            for key, heard in sorted(self._machine.kept.heard.items())
        ]

    def _after(self, hear: Callable[[], list[Fault | Log]]) -> None:
        before = self._machine.kept
        said = hear()
        kept = self._machine.kept
        if kept != before:
            self._keep(kept)
            if kept.texts != before.texts:
                self._use_texts(kept.texts)
            self.believe(self.trust)
        for effect in said:
            self.note("fault" if isinstance(effect, Fault) else "log", effect.what)

    def _keep(self, kept: Kept) -> None:
        try:
            self._file.keep(keeping.to_json(kept))
        except OSError as error:  # a full disk must not keep a stolen key believed
            self.note("fault", f"a supply cannot be kept and counts only until the power goes: {error}")

    def _recall(self) -> Kept:
        try:
            text = self._file.read()
            return keeping.supplies_from_json(text) if text else Kept()
        except BadMessage as error:
            self._file.set_aside()
            self.note("fault", f"what supplies brought is damaged, and was set aside: {error.what}")
            return Kept()

    def _use_texts(self, texts: Mapping[str, str]) -> None:
        for tag, text in texts.items():
            try:
                check_texts(tag, text.encode())
                newer.put(tag, newer.read(text.encode()))
            except SatwarnError as error:  # a newer program may have other keys: then its own texts count
                newer.put(tag, {})
                self.note("fault", f"texts in {tag} from a supply are not used: {error.what}")
        language.cache_clear()


def check_texts(tag: str, content: bytes) -> None:
    """BadSetting for texts that may not take the place of the package's."""
    texts = newer.read(content)
    before = newer.newer(tag)
    try:
        newer.put(tag, {})
        language.cache_clear()
        known = language(tag).words
    except Missing as error:
        raise BadSetting(error.what, where="language supply", fix=error.fix) from None
    finally:
        newer.put(tag, before)
        language.cache_clear()
    newer.check(texts, {**known, "danger": danger.texts(tag)})
