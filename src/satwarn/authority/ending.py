"""How a warning ends: "sent in error" lies ready from the moment of issue; "the danger is over" is drafted from it."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from functools import cache
from importlib.resources import files

from satwarn.alert.alert import (
    Alert,
    Certainty,
    Info,
    MsgType,
    Named,
    Reference,
    ResponseType,
    Urgency,
)
from satwarn.alert.chain import ENDING, Ending
from satwarn.alert.purpose import PARAMETER


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads((files("satwarn.authority") / "tables" / "endings.toml").read_text(encoding="utf-8"))


def ending_of(alert: Alert, ending: Ending, chain: tuple[Reference, ...], *, zone: tzinfo) -> Alert:
    """The message that ends `alert`: same people, same purpose, every language it was said in.

    Identifier and time are those of the alert until it is sent. A language we have no words in is told in English; the
    time of the warning is told as clocks in `zone` showed it.
    """
    return replace(
        alert,
        identifier=f"{alert.identifier}-end",
        msg_type=MsgType.CANCEL,
        note="Sent in error." if ending is Ending.RETRACTION else "The danger is over.",
        references=chain,
        infos=tuple(_info(alert, info, ending, zone) for info in alert.infos),
    )


def _info(alert: Alert, info: Info, ending: Ending, zone: tzinfo) -> Info:
    words = _words()[ending]
    said = words.get(info.language.partition("-")[0].lower(), words["en"])
    time = f"{alert.sent.astimezone(zone):%H:%M}"
    filled = {name: text.format(event=info.event, time=time) for name, text in said.items()}
    kept = tuple(named for named in info.parameters if named.value_name == PARAMETER)
    return replace(
        info,
        response_types=(ResponseType.ALL_CLEAR if ending is Ending.ALL_CLEAR else ResponseType.NONE,),
        urgency=Urgency.PAST,
        certainty=Certainty.OBSERVED if ending is Ending.ALL_CLEAR else Certainty.UNLIKELY,
        effective=None,
        onset=None,
        expires=None,
        web="",
        resources=(),
        parameters=(*kept, Named(value_name=ENDING, value=ending)),
        headline=filled["headline"],
        description=filled["description"],
        instruction=filled["instruction"],
    )


def update_of(alert: Alert, chain: tuple[Reference, ...]) -> Alert:
    """The same warning again, as the draft of an update; its frames are left out, for they follow from what changes."""
    infos = tuple(
        replace(info, parameters=tuple(named for named in info.parameters if named.value_name == PARAMETER))
        for info in alert.infos
    )
    return replace(
        alert, identifier=f"{alert.identifier}-update", msg_type=MsgType.UPDATE, references=chain, infos=infos
    )
