"""Heartbeats and supplies as CAP, there and back, and what only claims to be one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alert_making import SENDER, make_alert
from satwarn.alert import cap
from satwarn.alert.alert import Named, Status
from satwarn.alert.heartbeat import CODE, LASTS, Heartbeat, heartbeat_alert, heartbeat_of
from satwarn.alert.naming import name_of, resource_of, vouched_for
from satwarn.alert.supply import CODE as SUPPLY
from satwarn.alert.supply import SupplyKind, supply_alert, supply_of
from satwarn.errors import BadAlert

NOON = datetime(2017, 8, 18, 2, 0, tzinfo=UTC)
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(st.integers(0, 1 << 40), st.lists(DIGESTS, max_size=20))
def test_a_heartbeat_comes_back_from_cap(position, aboard):
    heartbeat = Heartbeat(sent=NOON, position=position, aboard=tuple(aboard))
    written = cap.write(heartbeat_alert(heartbeat, sender=SENDER))
    assert heartbeat_of(cap.read(written).alert) == heartbeat
    assert cap.check_schema(written) == []


def test_any_other_alert_is_no_heartbeat_and_no_supply():
    assert heartbeat_of(make_alert()) is None
    assert supply_of(make_alert()) is None


@pytest.mark.parametrize("position", [-1])
def test_a_ledger_before_its_beginning_is_refused(position):
    with pytest.raises(BadAlert):
        Heartbeat(sent=NOON, position=position, aboard=())


def heartbeat_with(**changed):
    alert = heartbeat_alert(Heartbeat(sent=NOON, position=5, aboard=("00" * 32,)), sender=SENDER)
    info = replace(alert.infos[0], **changed)
    return replace(alert, infos=(info,))


@pytest.mark.parametrize(
    "alert",
    [
        replace(make_alert(), codes=(CODE,)),
        replace(heartbeat_with(), status=Status.ACTUAL),
        heartbeat_with(parameters=()),
        heartbeat_with(parameters=(Named(value_name="satwarn:position", value="-3"),)),
        heartbeat_with(parameters=(Named(value_name="satwarn:position", value="five"),)),
        heartbeat_with(
            parameters=(
                Named(value_name="satwarn:position", value="5"),
                Named(value_name="satwarn:aboard", value="x"),
            )
        ),
    ],
)
def test_what_only_claims_to_be_a_heartbeat_is_refused(alert):
    with pytest.raises(BadAlert):
        heartbeat_of(alert)


def test_a_heartbeat_is_over_when_two_more_are_missing():
    assert heartbeat_with().infos[0].expires == NOON + LASTS


def test_a_supply_names_its_files_by_their_content():
    files = {"ja.toml": b"a = 1", "ko.toml": b"b = 2"}
    alert = supply_alert(
        SupplyKind.LANGUAGE, files, serial=7, mime_type="application/toml", identifier="s1", sender=SENDER, sent=NOON,
        expires=NOON + LASTS,
    )  # fmt: skip
    back = cap.read(cap.write(alert)).alert
    supply = supply_of(back)
    assert supply
    assert (supply.kind, supply.serial) == (SupplyKind.LANGUAGE, 7)
    assert supply.files == {name: name_of(content) for name, content in files.items()}
    assert vouched_for(back) == set(supply.files.values())


def test_a_supply_of_an_unknown_kind_is_refused():
    with pytest.raises(BadAlert):
        supply_of(replace(make_alert(), codes=(SUPPLY,), status=Status.SYSTEM))


def test_a_resource_says_its_size_and_the_digest_cap_wants():
    resource = resource_of(b"", description="nothing", mime_type="text/plain")
    assert resource.size_bytes == 0
    assert resource.digest == "da39a3ee5e6b4b0d3255bfef95601890afd80709"
    assert resource.uri == "ni:///sha-256;47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
