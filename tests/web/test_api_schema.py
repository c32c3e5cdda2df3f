"""The API does what its own description says: every check of schemathesis, with a key that may do everything."""

import os
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from satwarn.app import sign_in
from satwarn.authority.rights import Role, deeds
from satwarn.web.description import BODIES
from web.hub import Hub

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
ENDLESS = ["/events", "/api/events"]
OWN_FORM = [path for path, _ in BODIES]
OWN_KEY = "/api/keys/rotate"
"""Whoever calls it as it is described has no key any more for what comes after."""
REFUSED_WELL = ["2xx", "401", "403", "404", "409", "422"]
"""What fits the description may still not be done: a word for a place that does not exist is a word."""
EXAMPLES = 2


@pytest.fixture(scope="module")
def described(hub: Hub) -> Iterator[Any]:
    """The description, and how its calls are judged."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sign_in, "TRIES", 10**9)  # that guesses are stopped is tested elsewhere; here all come at once
        hub.appoint("Everybody", set(Role))
        own_form = {"expected-statuses": [*REFUSED_WELL, "400"]}  # CAP and launch reports are described by themselves
        config = schemathesis.Config.from_dict(
            {
                "headers": {"Authorization": f"Bearer {hub.api_key('Everybody', *deeds())}"},
                "checks": {"positive_data_acceptance": {"expected-statuses": REFUSED_WELL}},
                "operations": [
                    {"include-path": path, "checks": {"positive_data_acceptance": own_form}} for path in OWN_FORM
                ],
                "phases": {"fuzzing": {"enabled": True}},
                "generation": {"max-examples": 50},
            }
        )
        yield schemathesis.openapi.from_url(f"{hub.url}/openapi.json", config=config).exclude(path=[*ENDLESS, OWN_KEY])


def can_be_wrong(operation: Any) -> bool:
    """Whether something that is sent can fail to fit the description: any text is a text."""
    return operation.path == "/api/ledger" or bool(operation.body and operation.path not in OWN_FORM)


@pytest.mark.parametrize("mode", GenerationMode)
def test_the_api_keeps_to_its_description(described: Any, mode: GenerationMode) -> None:
    load_all_checks()
    checks = CHECKS.get_all()
    assert len(checks) >= 14
    asked = 0
    for operation in (found.ok() for found in described.get_all_operations()):
        if mode is GenerationMode.NEGATIVE and not can_be_wrong(operation):
            continue

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],
            database=None,
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=checks)

        ask()
        asked += 1
    assert asked > (40 if mode is GenerationMode.POSITIVE else 20)


@pytest.mark.skipif(not NIGHTLY, reason="every corner of every call takes minutes: HYPOTHESIS_PROFILE=nightly")
def test_every_corner_of_every_call_and_calls_one_after_the_other(described: Any) -> None:
    from schemathesis.engine import events, from_schema  # seconds to import, for which only this one waits

    failed, judged = set(), 0
    for event in from_schema(described).execute():
        assert not isinstance(event, events.NonFatalError | events.FatalError), event
        if isinstance(event, events.ScenarioFinished):
            for asked, checks in event.recorder.checks.items():
                judged += len(checks)
                case = event.recorder.cases[asked].value
                failed |= {
                    f"{case.operation.label}: {check.failure_info.failure.message}"
                    for check in checks
                    if check.failure_info
                }
    assert not failed
    assert judged > 20_000


def test_no_address_takes_what_is_not_described(hub: Hub) -> None:
    with httpx.Client(base_url=hub.url, timeout=30) as http:
        for path, operations in http.get("/openapi.json").json()["paths"].items():
            answer = http.request("PATCH", re.sub("{.*?}", "x", path))
            assert answer.status_code == 405, path
            allowed = {one.strip() for one in answer.headers["allow"].split(",")}
            assert allowed == {one.upper() for one in operations} | {"OPTIONS"}, path


def test_every_call_says_how_it_may_be_refused(hub: Hub) -> None:
    with httpx.Client(base_url=hub.url, timeout=30) as http:
        described = http.get("/openapi.json").json()
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            answers = operation["responses"]
            assert "default" not in answers, "what may come is said"
            assert {"400", "421"} <= answers.keys()
            assert ("security" in operation) <= ({"401", "403", "429"} <= answers.keys()), path
            assert ("requestBody" in operation) <= ({"408", "413", "415"} <= answers.keys()), path
            assert (method != "get") <= ({"409", "422", "503"} <= answers.keys()), path
            refusals = [one for status, one in answers.items() if status >= "400"]
            assert all("application/problem+json" in one["content"] for one in refusals), path
