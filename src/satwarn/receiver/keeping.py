"""A receiver's memory as JSON, and back: what must be readable after the power was gone, also by a person."""

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from satwarn.errors import BadMessage
from satwarn.receiver.memory import Memory


def to_json(memory: Memory) -> str:
    """The memory as one JSON object."""
    return json.dumps(_plain(memory), ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Memory:
    """What `to_json` wrote; BadMessage when it is no memory."""
    try:
        made = _typed(json.loads(text), Memory)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadMessage(f"not a receiver's memory: {error}", fix="start without it: silent, not deaf") from None
    assert isinstance(made, Memory)
    return made


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
    hints = get_type_hints(wanted)
    known = {}
    for field in fields(wanted):
        if field.name in value:
            known[field.name] = _typed(value[field.name], hints[field.name])
        elif field.default is MISSING and field.default_factory is MISSING:
            raise KeyError(field.name)
    return wanted(**known)
