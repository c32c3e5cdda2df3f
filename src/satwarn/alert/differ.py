"""What differs in meaning between two alerts: path, what it was, what it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from satwarn.alert import element as table
from satwarn.alert.alert import Alert
from satwarn.alert.element import Composite, Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that differs; empty on the side where it is not."""

    path: str
    before: str
    after: str


def differences(before: Alert, after: Alert) -> tuple[Difference, ...]:
    """Everything that differs, in schema order. Infos are matched by language, other lists by their place."""
    return tuple(_of(table.ALERT, before, after, "/alert"))


def _of(kind: Composite, before: object, after: object, path: str) -> Iterator[Difference]:
    for row in kind.rows:
        if not row.attribute:
            continue
        was, now = getattr(before, row.attribute, None), getattr(after, row.attribute, None)
        if was != now:
            yield from _differing(row, was, now, f"{path}/{row.name}")


def _differing(row: Element, was: object, now: object, path: str) -> Iterator[Difference]:
    if not row.many:
        yield Difference(path=path, before=_text(row, was), after=_text(row, now))
        return
    for step, one, other in _pairs(row, was or (), now or ()):  # type: ignore[arg-type]  # a row of many is a tuple
        if one == other:
            continue
        if isinstance(row.kind, Composite) and row.kind is not table.NAMED and one is not None and other is not None:
            yield from _of(row.kind, one, other, path + step)
        else:
            yield Difference(path=path + step, before=_text(row, one), after=_text(row, other))


def _pairs(row: Element, was: tuple[object, ...], now: tuple[object, ...]) -> Iterator[tuple[str, object, object]]:
    """Pairs of what belongs together, with the step that names them."""
    if row.kind is table.INFO:
        old, new = ({getattr(info, "language"): info for info in side} for side in (was, now))  # noqa: B009 - any value
        for language in dict.fromkeys((*old, *new)):
            yield f"[{language}]", old.get(language), new.get(language)
        return
    for at in range(max(len(was), len(now))):
        yield f"[{at + 1}]", was[at] if at < len(was) else None, now[at] if at < len(now) else None


def _text(row: Element, value: object) -> str:
    if value is None or value == () or value == "":
        return ""
    if not isinstance(row.kind, Composite):
        return row.kind.write(value)
    if row.kind is table.NAMED:
        return f"{getattr(value, 'value_name', '')}={getattr(value, 'value', '')}"
    return str(getattr(value, "language", "") or getattr(value, "description", ""))
