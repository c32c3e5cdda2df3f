"""Files named by their digest (RFC 6920, `ni:///sha-256;...`): how a signed alert vouches for what comes with it."""

import base64
import hashlib

from satwarn.alert.alert import Alert, Resource

_PREFIX = "ni:///sha-256;"


def name_of(content: bytes) -> str:
    """The `ni:` name of a file's content."""
    return _PREFIX + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")


def resource_of(content: bytes, *, description: str, mime_type: str) -> Resource:
    """A CAP resource that names a file by its content (the CAP `digest` beside it is SHA-1, as CAP 1.2 wants it)."""
    return Resource(
        description=description,
        mime_type=mime_type,
        size_bytes=len(content),
        uri=name_of(content),
        digest=hashlib.sha1(content, usedforsecurity=False).hexdigest(),
    )


def vouched_for(alert: Alert) -> frozenset[str]:
    """The `ni:` names of every file the alert speaks of."""
    return frozenset(
        resource.uri for info in alert.infos for resource in info.resources if resource.uri.startswith(_PREFIX)
    )
