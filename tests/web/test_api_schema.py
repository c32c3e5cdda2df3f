"""The API does what its own description says: schemathesis, with a key that may do everything."""

import os

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from satwarn.authority.rights import Role, deeds
from web.hub import Hub

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
STREAMS = frozenset({"/events", "/api/events"})  # they never end
CHECKS = (not_a_server_error, status_code_conformance, response_schema_conformance, content_type_conformance)


def test_the_api_keeps_to_its_description(hub: Hub) -> None:
    hub.appoint("Everybody", set(Role))
    headers = {"authorization": f"Bearer {hub.api_key('Everybody', *deeds())}"}
    described = schemathesis.openapi.from_url(f"{hub.url}/openapi.json")
    operations = [found.ok() for found in described.get_all_operations()]
    asked = 0
    for operation in operations:
        if operation.path in STREAMS:
            continue

        @settings(
            max_examples=200 if NIGHTLY else 5,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],
            database=None,
        )
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        ask()
        asked += 1
    assert asked > 35
