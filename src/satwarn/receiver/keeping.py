"""A receiver's memory as JSON, and back: what must be readable after the power was gone, also by a person."""

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from satwarn.errors import BadAlert, BadMessage
from satwarn.receiver.memory import Memory
from satwarn.receiver.supplies import Kept


def to_json(memory: Memory | Kept) -> str:
    """The memory, or what is kept of supplies, as one JSON object."""
    return json.dumps(_plain(memory), ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Memory:
    """What `to_json` wrote; BadMessage when it is no memory."""
    made: Memory = _read(text, Memory)
    return made


def supplies_from_json(text: str) -> Kept:
    """What `to_json` wrote of supplies; BadMessage when it is none."""
    made: Kept = _read(text, Kept)
    return made


def _read(text: str, wanted: type) -> Any:
    try:
        return _typed(json.loads(text), wanted)
    except (ValueError, KeyError, TypeError, AttributeError, BadAlert) as error:
        raise BadMessage(f"not a receiver's memory: {error}", fix="start without it: silent, not deaf") from None


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(map(_plain, value))
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, Mapping):
        return {_plain(key): _plain(entry) for key, entry in value.items()}
    return value


def _typed(value: Any, wanted: Any) -> Any:
    origin, inside = get_origin(wanted), get_args(wanted)
    if origin in (types.UnionType, Union):
        return None if value is None else _typed(value, next(one for one in inside if one is not types.NoneType))
    if origin is frozenset:
        return frozenset(_typed(entry, inside[0]) for entry in value)
    if origin is tuple:
        return tuple(_typed(entry, inside[0]) for entry in value)
    if origin is not None and issubclass(origin, Mapping):
        return {_typed(key, inside[0]): _typed(entry, inside[1]) for key, entry in value.items()}
    if is_dataclass(wanted):
        return _made(value, wanted)
    if wanted is datetime:
        return datetime.fromisoformat(value)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return wanted(value)
    if not isinstance(value, wanted):
        raise TypeError(f"{value!r} is no {wanted.__name__}")
    return value


def _made(value: Any, wanted: Any) -> Any:
    """A value of ours; what a later version no longer wrote takes its default, what it wrote beyond is left out."""
    if not isinstance(value, Mapping):
        raise TypeError(f"{value!r} is no {wanted.__name__}")
    hints = get_type_hints(wanted)
    known = {}
    for field in fields(wanted):
        if field.name in value:
            known[field.name] = _typed(value[field.name], hints[field.name])
        elif field.default is MISSING and field.default_factory is MISSING:
            raise KeyError(field.name)
    return wanted(**known)
