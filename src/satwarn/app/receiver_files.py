"""Files that came by the wide band for a signed alert: kept, and a picture shown beside the words of its warning.

What is not a picture is kept and told of; no sound but the site's own is played (docs/explanation/wide-band.md: why).
"""

import hashlib
import mimetypes
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from satwarn.alert.alert import Alert, Resource
from satwarn.alert.naming import name_of, vouched_for
from satwarn.alert.seal import content as carried
from satwarn.errors import BadMessage
from satwarn.people.picture import Picture, picture_in
from satwarn.receiver import ground
from satwarn.receiver.memory import Warned

MOST_FILES, MOST_BYTES = 32, 32 << 20
MOST_ALERTS = 64
SHOWN = "shown beside the words of its warning"
NOT_USED = "not played or shown: this receiver uses its own signals and words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One file that is here; `name` is its digest in hex."""

    name: str
    identifier: str
    description: str
    mime_type: str
    size_bytes: int
    file: str
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class Named:
    """A file as an alert speaks of it, in one language."""

    uri: str
    language: str
    identifier: str
    resource: Resource


class ReceiverFiles:
    """Files that signed alerts name or carry, in a folder that is emptied at every start: they come round again."""

    def __init__(self, folder: Path, note: Callable[[str, str], object]) -> None:
        self._folder, self._note = folder, note
        self._named: OrderedDict[str, tuple[Named, ...]] = OrderedDict()  # by alert
        self._held: OrderedDict[str, Held] = OrderedDict()  # by `ni:` name
        for file in folder.glob("*") if folder.is_dir() else ():
            file.unlink(missing_ok=True)

    def expect(self, alert: Alert) -> None:
        """A signed alert: what it carries is kept at once, what it names when it comes."""
        key = ground.name_of(alert.key)
        if key in self._named:
            return
        self._named[key] = tuple(self._of(alert))
        while len(self._named) > MOST_ALERTS:
            self._named.popitem(last=False)

    def _of(self, alert: Alert) -> Iterator[Named]:
        names = vouched_for(alert)
        for info in alert.infos:
            for resource in info.resources:
                if resource.uri in names:
                    yield Named(resource.uri, info.language, alert.identifier, resource)
                elif resource.deref_uri and (content := self._carried(alert.identifier, resource)):
                    named = Named(name_of(content), info.language, alert.identifier, resource)
                    self._keep(named, content)
                    yield named

    def take(self, name: str, content: bytes) -> None:
        """A file whose digest a signed message named; what belongs to no alert is somebody else's."""
        named = next((one for of in reversed(self._named.values()) for one in of if one.uri == name), None)
        if named:
            self._keep(named, content)

    def picture_of(self, warned: Warned, languages: Sequence[str]) -> Held | None:
        """The picture that the newest signed alert of a warning brought, in the first of the languages that has one."""
        newest = f" {warned.identifier} {warned.sent.isoformat()}" if warned.sent else None
        named = [one for key in warned.keys if newest and key.endswith(newest) for one in self._named.get(key, ())]
        named.sort(key=lambda one: _rank(one.language, languages))
        held = (self._held.get(one.uri) for one in named)
        return next((one for one in held if one and one.picture), None)

    def picture(self, name: str) -> Held | None:
        """The picture of that digest."""
        return next((one for one in self._held.values() if one.name == name and one.picture), None)

    def state(self) -> list[dict[str, Any]]:
        """What is here, newest last."""
        return [
            {
                "identifier": one.identifier,
                "description": one.description,
                "mime_type": one.mime_type,
                "size_bytes": one.size_bytes,
                "file": one.file,
                "used": SHOWN if one.picture else NOT_USED,
            }
            for one in self._held.values()
        ]

    def _carried(self, identifier: str, resource: Resource) -> bytes:
        try:
            return carried(resource)
        except BadMessage as error:
            self._note("log", f"{identifier}: {resource.description}: {error.what}")
            return b""

    def _keep(self, named: Named, content: bytes) -> None:
        resource, identifier = named.resource, named.identifier
        if named.uri in self._held or len(content) > MOST_BYTES:
            return
        digest = hashlib.sha256(content).hexdigest()
        file = self._folder / (digest[:32] + (mimetypes.guess_extension(resource.mime_type) or ".bin"))
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        except OSError as error:
            self._note("log", f"{identifier}: {resource.description} cannot be kept: {error}")
            return
        self._held[named.uri] = Held(
            name=digest,
            identifier=identifier,
            description=resource.description,
            mime_type=resource.mime_type,
            size_bytes=len(content),
            file=str(file),
            picture=self._picture(named, content),
        )
        self._note("file", f"{resource.description} ({resource.mime_type}) of {identifier} is here")
        while len(self._held) > MOST_FILES or sum(one.size_bytes for one in self._held.values()) > MOST_BYTES:
            _, oldest = self._held.popitem(last=False)
            Path(oldest.file).unlink(missing_ok=True)

    def _picture(self, named: Named, content: bytes) -> Picture | None:
        if not named.resource.mime_type.startswith("image/"):
            return None
        try:
            return picture_in(content)
        except BadMessage as error:
            self._note("log", f"{named.identifier}: {named.resource.description} is not shown: {error.what}")
            return None


def _rank(language: str, languages: Sequence[str]) -> int:
    tag = language.partition("-")[0]
    return languages.index(tag) if tag in languages else len(languages)
