"""Every vector, both ways, by two readers, in the published form."""

from datetime import datetime

import jsonschema
import pytest

from satwarn.frame import BadFrame, decode, encode, fields, l1s
from satwarn.frame.notation import from_json, schema, to_json
from tests.frame.oracle import DIFFERENCES, ours, reconcile, theirs
from tests.frame.vectors import everything, load

FORM = jsonschema.Draft202012Validator(schema())


def named(vectors):
    return pytest.mark.parametrize("vector", vectors, ids=lambda vector: vector["name"])


def frame_of(vector):
    return l1s.sound(l1s.from_hexadecimal(vector["hex"])), datetime.fromisoformat(vector["received"])


@named(everything())
def test_both_ways_to_the_last_bit(vector):
    frame, at = frame_of(vector)
    for received in (None, at):
        report = decode(frame, received=received)
        assert encode(report, preamble=frame[0], counter=l1s.counter(frame)) == frame
        written = to_json(frame, received=received)
        assert from_json(written) == frame
        FORM.validate(written)
    assert fields(frame) == vector["fields"]
    assert to_json(frame, received=at) == vector["meaning"]


@named(
    [
        vector
        for vector in everything()
        if "kind" in vector["meaning"] and vector["meaning"]["kind"] != "unknown_category"
    ]
)
def test_azarashi_reads_the_same(vector):
    them, us = theirs(vector), ours(vector["meaning"])
    reconcile(them, us)
    assert us == them


def test_every_difference_on_purpose_is_needed():
    found = set()
    for vector in everything():
        if vector["meaning"].get("kind") not in (None, "unknown_category"):
            found |= reconcile(theirs(vector), ours(vector["meaning"]))
    assert found == set(DIFFERENCES)


def test_the_suite_reaches_everything():
    made = {vector["name"] for vector in load("made")}
    assert sum(name.startswith("made/j-alert/prefecture-") for name in made) == 47
    assert sum(name.startswith("made/hazard/") for name in made) == 116
    assert sum(name.startswith("made/b4/") for name in made) == 90
    assert sum(name.startswith("made/instruction/japan-") for name in made) == 38
    kinds = {vector["meaning"]["kind"] for vector in load("made")}
    assert len(kinds) == 19
    assert len({vector["name"] for vector in everything()}) == len(everything())


@named(everything()[::29])
def test_no_flipped_bit_is_read(vector):
    frame, _ = frame_of(vector)
    for bit in range(250):
        with pytest.raises(BadFrame):
            decode((int.from_bytes(frame) ^ 1 << 255 - bit).to_bytes(32))
