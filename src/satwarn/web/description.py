"""The description of the API (OpenAPI 3.1): what the framework sees of the handlers, and what it cannot see."""

from collections.abc import Iterable, Mapping
from typing import Any

from litestar import get
from litestar.handlers import HTTPRouteHandler

from satwarn.alert.alert import Certainty, Severity, Urgency
from satwarn.alert.purpose import Purpose
from satwarn.app.deeds import DEEDS
from satwarn.app.once import LONGEST
from satwarn.authority.hazard import hazards
from satwarn.authority.rights import Role, deeds
from satwarn.ledger.receipt import Path
from satwarn.web.answers import MUST_SAY, titles
from satwarn.web.here import Req
from satwarn.web.public_pages import CAP_TYPE

PROBLEM = ("title", "status", "detail", "where", "fix")

BODIES: Mapping[tuple[str, str], str] = {
    ("/api/alerts", "post"): CAP_TYPE,
    ("/api/cap", "post"): CAP_TYPE,
    ("/api/warnings/cap", "post"): CAP_TYPE,
    ("/api/launch-reports", "post"): "text/plain",
}
"""Calls that take their body as it comes, and what it is."""

WORDS: Mapping[tuple[str, str], Iterable[str]] = {
    ("Draft", "hazard"): hazards(),
    ("Draft", "purpose"): Purpose,
    ("Draft", "severity"): Severity,
    ("Draft", "urgency"): Urgency,
    ("Draft", "certainty"): Certainty,
    ("Follow", "does"): ("update", "clear"),
    ("AppointmentBody", "roles"): Role,
    ("FirstBody", "roles"): Role,
    ("Held", "purposes"): Purpose,
    ("Held", "paths"): Path,
    ("MarkBody", "state"): ("down", "up"),
    ("KeyWish", "scopes"): deeds(),
    ("CodeBody", "scopes"): deeds(),
}
"""Which words a field takes, where our own refusal says more than the framework's would."""

IDEMPOTENCY_KEY: Mapping[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": (
        "A name of your own for this request. The same request under the same key is carried out once and answered "
        "again as it was (`Idempotency-Replayed: true`); another one under it is 409. Secrets are shown again for ten "
        "minutes."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
}
BY_SECRET = frozenset({"/api/alerts", "/api/enrolments", "/api/enrolments/renew", "/api/first", "/api/sign-in"})
"""Calls without a key that may be refused for what they show instead: a signature, a code, a link."""
CHANGES_NOTHING = frozenset({"/api/cap"})
"""Calls that are POST only for their body."""

PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "deed": {"enum": list(DEEDS)},
    "sort": {"enum": ["templates", "orders", "supplies"]},
    "before": {"minimum": 0, "maximum": 2**62 - 1},
    "limit": {"minimum": 1, "maximum": 1000},
}


@get("/openapi.json", include_in_schema=False)
async def openapi(request: Req) -> dict[str, Any]:
    """The description of the API (OpenAPI 3.1)."""
    return whole(request.app.openapi_schema.to_schema())


def whole(described: dict[str, Any]) -> dict[str, Any]:
    """The framework's description with our form of problem, bodies that are no JSON, and the words fields take."""
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            if kind := BODIES.get((path, method)):
                operation["requestBody"] = {"required": True, "content": {kind: {"schema": {"type": "string"}}}}
            # The framework describes its own form of a bad request, which ours replaces.
            operation["responses"] = {
                **{status: one for status, one in operation["responses"].items() if status != "400"},
                **{str(status): _problem(status) for status in sorted(_refusals(path, method, operation))},
            }
            if method == "post" and path not in CHANGES_NOTHING:
                operation.setdefault("parameters", []).append(dict(IDEMPOTENCY_KEY))
            for parameter in operation.get("parameters", ()):
                parameter["schema"] |= PARAMETERS.get(parameter["name"], {})
    schemas: dict[str, Any] = described["components"]["schemas"]
    schemas["Problem"] = {
        "type": "object",
        "description": "A problem (RFC 9457)",
        "required": list(PROBLEM),
        "properties": {name: {"type": "integer" if name == "status" else "string"} for name in PROBLEM},
    }
    asked_for = {one for operations in described["paths"].values() for one in _bodies(operations.values())}
    for name in _with_parts(asked_for, schemas):
        schemas[name]["additionalProperties"] = False  # a word that is misspelt is refused, not passed over
    for (name, field), words in WORDS.items():
        schema = schemas[name]["properties"][field]
        schema.get("items", schema)["enum"] = [str(word) for word in words]
    return described


def _refusals(path: str, method: str, operation: Mapping[str, Any]) -> set[int]:
    """How a call may be refused, by what it takes: the same rule for all of them."""
    found = {400, 421, 500}
    if method != "get":
        found |= {409, 422, 503}
    if "security" in operation or path in BY_SECRET:
        found |= {401, 403, 429}
    if "requestBody" in operation:
        found |= {408, 413, 415}
    if operation.get("parameters"):
        found |= {404, 422}
    return found | ({503} if path == "/events" else set())


def _problem(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    described: dict[str, Any] = {"description": titles()[status], "content": content}
    for about, name, _ in MUST_SAY:
        if about == status:
            described.setdefault("headers", {})[name.title()] = {"required": True, "schema": {"type": "string"}}
    return described


def _bodies(operations: Iterable[dict[str, Any]]) -> Iterable[str]:
    return (one for operation in operations for one in _references(operation.get("requestBody", {})))


def _with_parts(names: set[str], schemas: dict[str, Any]) -> set[str]:
    """Schemas and all they are made of."""
    found = set(names)
    while more := {part for name in found for part in _references(schemas[name])} - found:
        found |= more
    return {name for name in found if "properties" in schemas[name]}


def _references(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield str(value["$ref"]).rpartition("/")[2]
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


HANDLERS: tuple[HTTPRouteHandler, ...] = (openapi,)
