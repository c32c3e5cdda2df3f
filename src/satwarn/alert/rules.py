"""What CAP demands and advises, rule by rule: those on one text are in `scalar`, those on several elements are here.

A rule of an element is a function of what was read in it (attribute -> value, before the value is made) and says what
is wrong, or nothing. So it speaks even where no alert can be made of the message.
"""

import re
from binascii import a2b_base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from satwarn.alert.alert import MsgType, Reference, Scope, Status
from satwarn.alert.finding import Grade, Odd

_MIME = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
Given = dict[str, object]
Rule = Callable[[Given], Odd | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule as people see it: how grave, where the standard says it, and what it says."""

    grade: Grade
    clause: str
    says: str


_E, _W, _N = Grade.ERROR, Grade.WARNING, Grade.NOTE
REGISTER: Mapping[str, Entry] = {
    "schema": Entry(_E, "CAP 1.2, 3.4", "the message is valid by the XML schema of its own version"),
    "doctype": Entry(_E, "CAP 1.2, 3.3.1", "a message brings no document type declaration and no entities"),
    "name-characters": Entry(_E, "CAP 1.2, 3.2.1", "identifier and sender are one word without comma, < and &"),
    "cap-datetime": Entry(_E, "CAP 1.2, 3.3.2", "times have whole seconds and an offset, and no Z"),
    "restriction-missing": Entry(_E, "CAP 1.2, 3.2.1", "scope Restricted says its restriction"),
    "addresses-missing": Entry(_E, "CAP 1.2, 3.2.1", "scope Private says its addresses"),
    "references-missing": Entry(_E, "CAP 1.2, 3.2.1", "Update, Cancel, Ack and Error name the messages they are about"),
    "references-triplet": Entry(_E, "CAP 1.2, 3.2.1", "a reference is sender,identifier,sent"),
    "references-self": Entry(_E, "CAP 1.2, 3.2.1", "a message does not refer to itself"),
    "polygon-numeric": Entry(_E, "CAP 1.2, 3.2.4", "a polygon is numeric pairs lat,lon"),
    "polygon-pairs": Entry(_E, "CAP 1.2, 3.2.4", "a polygon has four pairs or more"),
    "polygon-closed": Entry(_E, "CAP 1.2, 3.2.4", "the last pair of a polygon is its first"),
    "polygon-range": Entry(_E, "CAP 1.2, 3.2.4", "every pair of a polygon is on Earth"),
    "polygon-size": Entry(_E, "ours", "a polygon has a bearable number of pairs"),
    "circle-form": Entry(_E, "CAP 1.2, 3.2.4", "a circle is lat,lon and a radius in km"),
    "ceiling-alone": Entry(_E, "CAP 1.2, 3.2.4", "a ceiling stands beside an altitude"),
    "mime-type": Entry(_E, "CAP 1.2, 3.2.3", "a resource says its media type"),
    "utc-sign": Entry(_W, "CAP 1.2, 3.3.2", "UTC is written -00:00"),
    "empty-text": Entry(_W, "CAP 1.2, 3.3", "an element that says nothing is left out"),
    "exercise-note": Entry(_W, "CAP 1.2, 3.2.1", "an Exercise says in its note which one it is"),
    "error-note": Entry(_W, "CAP 1.2, 3.2.1", "an Error says in its note why"),
    "restriction-idle": Entry(_W, "CAP 1.2, 3.2.1", "a restriction belongs to scope Restricted"),
    "references-sent": Entry(_W, "CAP 1.2, 3.3.2", "the time in a reference is written like any other"),
    "references-later": Entry(_W, "CAP 1.2, 3.2.1", "a message refers to earlier ones"),
    "ceiling-low": Entry(_W, "CAP 1.2, 3.2.4", "a ceiling is above its altitude"),
    "base64": Entry(_W, "CAP 1.2, 3.2.3", "derefUri is base64"),
    "resource-size": Entry(_W, "CAP 1.2, 3.2.3", "size is the size of the file"),
    "uri-relative": Entry(_W, "CAP 1.2, 3.2.3", "a relative uri names what derefUri carries"),
    "expires-early": Entry(_W, "CAP 1.2, 3.2.2", "what is said expires after it begins"),
    "polygon-flat": Entry(_W, "CAP 1.2, 3.2.4", "a polygon encloses something"),
}
"""Every rule with a grade; what is not here is a note of the reader."""


def grade_of(rule: str) -> Grade:
    entry = REGISTER.get(rule)
    return entry.grade if entry else _N


def restriction_of_restricted(given: Given) -> Odd | None:
    if given.get("scope") is Scope.RESTRICTED and not given.get("restriction"):
        return Odd("restriction-missing", "scope Restricted without restriction", fix="say who may see it")
    return None


def restriction_only_of_restricted(given: Given) -> Odd | None:
    if given.get("restriction") and given.get("scope") not in (Scope.RESTRICTED, None):
        return Odd("restriction-idle", f"a restriction has no effect in scope {given['scope']}")
    return None


def addresses_of_private(given: Given) -> Odd | None:
    if given.get("scope") is Scope.PRIVATE and not given.get("addresses"):
        return Odd("addresses-missing", "scope Private without addresses", fix="say to whom it goes")
    return None


def references_of_later_messages(given: Given) -> Odd | None:
    kind = given.get("msg_type")
    if kind in (None, MsgType.ALERT) or given.get("references") is not None:
        return None
    return Odd("references-missing", f"msgType {kind} without references", fix="sender,identifier,sent of each message")


def no_reference_to_itself(given: Given) -> Odd | None:
    own = (given.get("sender"), given.get("identifier"), given.get("sent"))
    if any(reference.key == own for reference in _references(given)):
        return Odd("references-self", "it refers to itself", fix="name the earlier messages only")
    return None


def references_are_earlier(given: Given) -> Odd | None:
    sent = given.get("sent")
    later = [r for r in _references(given) if sent is not None and r.sent > sent]  # type: ignore[operator]
    if later:
        return Odd("references-later", f"{later[0].identifier} was sent later than this message")
    return None


def _references(given: Given) -> tuple[Reference, ...]:
    references = given.get("references")
    return references if isinstance(references, tuple) else ()


def note_of_exercise(given: Given) -> Odd | None:
    if given.get("status") is Status.EXERCISE and not given.get("note"):
        return Odd("exercise-note", "an Exercise without note", fix="say in the note which exercise it is")
    return None


def note_of_error(given: Given) -> Odd | None:
    if given.get("msg_type") is MsgType.ERROR and not given.get("note"):
        return Odd("error-note", "an Error without note", fix="say in the note what was wrong")
    return None


def altitude_below_ceiling(given: Given) -> Odd | None:
    altitude, ceiling = given.get("altitude_ft"), given.get("ceiling_ft")
    if ceiling is not None and altitude is None:
        return Odd("ceiling-alone", "a ceiling without altitude", fix="give the altitude in feet too")
    if isinstance(altitude, float) and isinstance(ceiling, float) and ceiling <= altitude:
        return Odd("ceiling-low", f"the ceiling {ceiling:g} ft is not above the altitude {altitude:g} ft")
    return None


def base64_of_resource(given: Given) -> Odd | None:
    carried = given.get("deref_uri")
    if isinstance(carried, str) and carried:
        try:
            a2b_base64("".join(carried.split()), strict_mode=True)
        except ValueError:
            return Odd("base64", "derefUri is no base64", fix="encode the file again")
    return None


def uri_of_resource(given: Given) -> Odd | None:
    uri = given.get("uri")
    if isinstance(uri, str) and uri and not given.get("deref_uri") and not _SCHEME.match(uri):
        return Odd("uri-relative", f"{uri!r} is relative, and no derefUri carries the file", fix="an absolute uri")
    return None


def size_of_resource(given: Given) -> Odd | None:
    carried, size = given.get("deref_uri"), given.get("size_bytes")
    if not isinstance(carried, str) or not carried or not isinstance(size, int):
        return None
    text = "".join(carried.split())
    real = len(text) * 3 // 4 - text[-2:].count("=")
    return (
        None if abs(real - size) <= real // 100 else Odd("resource-size", f"size {size}, but {real} bytes are carried")
    )


def media_type_of_resource(given: Given) -> Odd | None:
    said = given.get("mime_type")
    if isinstance(said, str) and not _MIME.match(said):
        return Odd("mime-type", f"mimeType {said!r} is no type/subtype", fix="for example image/png")
    return None


RULES: Mapping[str, tuple[Rule, ...]] = {
    "alert": (
        restriction_of_restricted,
        restriction_only_of_restricted,
        addresses_of_private,
        references_of_later_messages,
        no_reference_to_itself,
        references_are_earlier,
        note_of_exercise,
        note_of_error,
    ),
    "area": (altitude_below_ceiling,),
    "resource": (media_type_of_resource, base64_of_resource, uri_of_resource, size_of_resource),
}
"""The rules of each element, asked in this order."""
