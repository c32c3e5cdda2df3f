"""The state of a receiver as lines of text, in the site's first language, for a terminal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from satwarn.people.page_words import named, word
from satwarn.people.remark import remark

State = Mapping[str, Any]
MARKS = {True: "✓", False: "✗", None: "?"}


def lines(state: State, language: str) -> Iterator[str]:
    """The state: what is on first, what is wrong last."""
    title = _say("title", language, site=f"{state['site']} {state['name']}".strip())
    yield f"{title}  {state['now'][:19]}Z  {_say('clock', language)}: {remark(state['clock']['source'], language)}"
    if state["shadow"]:
        yield f"! {_say('shadow', language)}"
    if maintenance := state["maintenance"]:
        yield f"! {_say('maintenance', language, by=maintenance['by'], until=maintenance['until'])}"
    for heading, rows in PARTS.items():
        if found := rows(state, language):
            yield _say(heading, language)
            yield from (f"  {row}".rstrip() for row in found)
    faults = [f"✗ {named(code, language)}: {remark(what, language)}" for code, what in state["faults"].items()]
    yield from faults or [f"✓ {_say('well', language)}"]


def _say(key: str, language: str, **gaps: object) -> str:
    return word("status", key, language, **gaps)


def _on(state: State, language: str) -> list[str]:
    return [_warning(one, language) for one in state["live"]]


def _warning(one: State, language: str) -> str:
    name, why = remark(one["information"] or one["warning"], language), remark(one["why"], language)
    path = _say(f"path-{one['first_path']}", language)
    return f"! {name}: {_say('act-' + one['act'], language)}, {why}, {_say('first-by', language, path=path)}"


def _outputs(state: State, language: str) -> list[str]:
    return [f"{name}: {_say(f'proof-{proof}', language)}" for name, proof in state["outputs"].items()]


def _buttons(state: State, language: str) -> list[str]:
    return [f"{name}: {_say(f'input-{stand}', language)}" for name, stand in state["buttons"].items()]


def _air(state: State, language: str) -> list[str]:
    return [
        f"{one['source']}: {_say('frames', language, n=one['frames'])} {remark(one['fault'], language)}"
        for one in state["air"]
    ]


def _band(state: State, language: str) -> list[str]:
    if not (band := state["multicast"]):
        return []
    at = band["last_heartbeat"]
    heard = _say("heartbeat", language, at=f"{at[:19]}Z", n=band["datagrams"]) if at else _say("no-heartbeat", language)
    files = (f"{one['description']} ({one['identifier']}): {one['file']}" for one in band["files"])
    return [f"{band['address']}: {heard}", *files]


def _tests(state: State, language: str) -> list[str]:
    return [
        f"{MARKS[one['good']]} {named(one['name'], language)}: {remark(one['what'], language)}"
        for one in state["self_test"]
    ]


PARTS: Mapping[str, Callable[[State, str], Sequence[str]]] = {
    "on": _on,
    "outputs": _outputs,
    "inputs": _buttons,
    "air": _air,
    "band": _band,
    "test": _tests,
}
