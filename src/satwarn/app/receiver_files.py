"""Audio and images of alerts at a receiver: kept and told, never played or shown.

A receiver speaks with its own signals and reviewed words, in its own languages; a file that came with an alert is true
(its digest is signed), but nobody has checked that it carries the drill's label, or what it says to whom. So it lies
here for people to open, and the status says so.
"""

import hashlib
import mimetypes
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from satwarn.alert.alert import Alert, Resource
from satwarn.alert.naming import vouched_for
from satwarn.alert.seal import content as carried
from satwarn.errors import BadMessage

MOST_FILES, MOST_BYTES = 32, 32 << 20
NOT_USED = "not played or shown: this receiver uses its own signals and words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One file that is here."""

    identifier: str
    description: str
    mime_type: str
    size_bytes: int
    file: str


class ReceiverFiles:
    """Files that signed alerts name or carry, in a folder that is emptied at every start: they come round again."""

    def __init__(self, folder: Path, note: Callable[[str, str], object]) -> None:
        self._folder, self._note = folder, note
        self._expected: OrderedDict[str, tuple[str, Resource]] = OrderedDict()
        self._held: OrderedDict[str, Held] = OrderedDict()
        for file in folder.glob("*") if folder.is_dir() else ():
            file.unlink(missing_ok=True)

    def expect(self, alert: Alert) -> None:
        """A signed alert: what it carries is kept at once, what it names when it comes."""
        names = vouched_for(alert)
        for info in alert.infos:
            for resource in info.resources:
                if resource.uri in names:
                    self._expected[resource.uri] = alert.identifier, resource
                elif resource.deref_uri:
                    self._carried(alert.identifier, resource)
        while len(self._expected) > 4 * MOST_FILES:
            self._expected.popitem(last=False)

    def take(self, name: str, content: bytes) -> None:
        """A file whose digest a signed message named; what belongs to no alert is somebody else's."""
        if name in self._expected:
            identifier, resource = self._expected.pop(name)
            self._keep(identifier, resource, content)

    def state(self) -> list[dict[str, Any]]:
        """What is here, newest last."""
        return [
            {
                "identifier": one.identifier,
                "description": one.description,
                "mime_type": one.mime_type,
                "size_bytes": one.size_bytes,
                "file": one.file,
                "used": NOT_USED,
            }
            for one in self._held.values()
        ]

    def _carried(self, identifier: str, resource: Resource) -> None:
        try:
            self._keep(identifier, resource, carried(resource))
        except BadMessage as error:
            self._note("log", f"{identifier}: {resource.description}: {error.what}")

    def _keep(self, identifier: str, resource: Resource, content: bytes) -> None:
        digest = hashlib.sha256(content).hexdigest()
        if digest in self._held or len(content) > MOST_BYTES:
            return
        file = self._folder / (digest[:32] + (mimetypes.guess_extension(resource.mime_type) or ".bin"))
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        except OSError as error:
            self._note("log", f"{identifier}: {resource.description} cannot be kept: {error}")
            return
        self._held[digest] = Held(
            identifier=identifier,
            description=resource.description,
            mime_type=resource.mime_type,
            size_bytes=len(content),
            file=str(file),
        )
        self._note("file", f"{resource.description} ({resource.mime_type}) of {identifier} is here")
        while len(self._held) > MOST_FILES or sum(one.size_bytes for one in self._held.values()) > MOST_BYTES:
            _, oldest = self._held.popitem(last=False)
            Path(oldest.file).unlink(missing_ok=True)
