"""The status page of a receiver, in the site's first language: what is wrong, where its cause lies, what to do.

Its words stand in people/tables/status.csv, faults.csv and remarks.csv. What a device, a message or another program
said of itself is kept as it was said, and is marked as English.
"""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from satwarn.app.receiver_screen import PICTURES
from satwarn.people.danger import keys, sentence
from satwarn.people.page_words import kind_of, named, sides, word
from satwarn.people.remark import remark

State = Mapping[str, Any]
Row = tuple[str, ...]  # cells, already HTML

PAGE = """<!doctype html><html lang="%(language)s"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5"><title>%(title)s</title>
<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;
padding:0 1rem}table{border-collapse:collapse;width:100%%}
td{text-align:left;padding:.35rem .75rem .35rem 0;vertical-align:top;
border-bottom:1px solid #8884;overflow-wrap:anywhere}td:first-child{width:34%%}small{display:block;opacity:.75}
h1{font-size:1.4rem;margin-bottom:.25rem}
h2{font-size:1.1rem;margin:2rem 0 .25rem}.state{font-size:1.2rem;margin:.25rem 0}
.note{opacity:.75;margin:.25rem 0}.bad::before{content:"✗ "}.good::before{content:"✓ "}.mark::before{content:"! "}
img{display:block;max-width:min(100%%,30rem);max-height:20rem;margin:.5rem 0 0}
dl{margin:.5rem 0;border-left:.25rem solid #c33;padding-left:.75rem}dt{font-weight:600}dd{margin:0}</style></head><body>
<h1>%(title)s</h1><p class="state %(class)s">%(state)s</p>%(notes)s
<p><a href="/hand">%(hand)s</a></p>%(body)s</body></html>
"""
MARKS = {True: "✓", False: "✗", None: "?"}


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one language, as HTML."""

    language: str

    def __call__(self, key: str, **gaps: object) -> str:
        """The words of that key in people/tables/status.csv."""
        return html.escape(word("status", key, self.language, **gaps))


def render(state: State, language: str = "en") -> str:
    """The state as a page; everything in it is escaped."""
    say = Words(language)
    faults = state["faults"]
    tables = ((name, rows(state, say)) for name, rows in TABLES.items())
    return PAGE % {
        "language": html.escape(language),
        "title": say("title", site=f"{state['site']} {state['name']}".strip()),
        "class": "bad" if faults else "good",
        "state": say("faults", n=len(faults)) if faults else say("well"),
        "notes": "".join(f'<p class="mark">{note}</p>' for note in _notes(state, say)),
        "hand": html.escape(word("hand", "title", language)),
        "body": _faults(faults, say)
        + "".join(_table(say(name), rows) for name, rows in tables if rows)
        + f'<p class="note">{say("as-said")}</p>',
    }


def _said(text: str, say: Words) -> str:
    """A remark in the page's language; what nobody has words for is marked as English."""
    told = remark(text, say.language)
    return html.escape(told) if told != text else f'<span lang="en">{html.escape(text)}</span>'


def _notes(state: State, say: Words) -> list[str]:
    found = [say("shadow")] if state.get("shadow") else []
    if maintenance := state.get("maintenance"):
        found.append(say("maintenance", by=maintenance["by"], until=f"{maintenance['until'][:16]}Z"))
    return found


def _faults(faults: Mapping[str, str], say: Words) -> str:
    """Each with what is wrong, where its cause lies, what to do, and how it was met with."""
    if not faults:
        return ""
    found = []
    for code, what in faults.items():
        kind = kind_of(code)
        told, do, side = (html.escape(word("faults", key, say.language)) for key in (kind, f"{kind}-do", sides()[kind]))
        found.append(
            f"<dl><dt>{told}</dt><dd>{say('whose')}: {side}</dd><dd>{say('do')}: {do}</dd>"
            f"<dd><small>{html.escape(named(code, say.language))}: {_said(what, say)}</small></dd></dl>"
        )
    return f"<h2>{say('wrong')}</h2>{''.join(found)}"


def what_is_wrong(faults: Mapping[str, str], language: str) -> tuple[str, ...]:
    """One sentence for each kind of fault there is: enough for people before a screen."""
    return tuple(dict.fromkeys(word("faults", kind_of(code), language) for code in faults))


def _on(state: State, say: Words) -> list[Row]:
    rows: list[Row] = []
    for one in state["live"]:
        path = word("status", f"path-{one['first_path']}", say.language)
        told = f"{say('act-' + one['act'])}; {say('first-by', path=path)}<small>{_said(one['why'], say)}</small>"
        told += _picture(one.get("picture"))
        rows.append((html.escape(_name(one["information"], say.language) or one["warning"]), told))
    return rows


def _picture(picture: Mapping[str, str] | None) -> str:
    if not picture:
        return ""
    about = html.escape(picture["description"])
    return f'<img src="{PICTURES}{picture["name"]}" alt="{about}"><small>{about}</small>'


def _name(information: str, language: str) -> str:
    return sentence(information, language).headline if information in keys() else information


def _outputs(state: State, say: Words) -> list[Row]:
    return [(html.escape(name), say(f"proof-{proof}")) for name, proof in state["outputs"].items()]


def _buttons(state: State, say: Words) -> list[Row]:
    return [(html.escape(name), say(f"input-{stand}")) for name, stand in state.get("buttons", {}).items()]


def _air(state: State, say: Words) -> list[Row]:
    return [
        (html.escape(one["source"]), f"{say('frames', n=one['frames'])} {_said(one['fault'], say)}")
        for one in state.get("air", ())
    ]


def _band(state: State, say: Words) -> list[Row]:
    band = state.get("multicast")
    if not band:
        return []
    at = band["last_heartbeat"]
    told = say("heartbeat", at=f"{at[:19]}Z", n=band["datagrams"]) if at else say("no-heartbeat")
    return [(html.escape(band["address"]), _said(band["fault"], say) if band["fault"] else told)]


def _believed(state: State, say: Words) -> list[Row]:
    return [(_said(one["sender"], say), say("days-left", n=one["days_left"])) for one in state.get("certificates", ())]


def _test(state: State, say: Words) -> list[Row]:
    tests = state.get("self_test", ())
    return [
        (html.escape(named(one["name"], say.language)), f"{MARKS[one['good']]} {_said(one['what'], say)}")
        for one in tests
    ]


def _happened(state: State, say: Words) -> list[Row]:
    events = state.get("events", ())
    return [(f"{html.escape(one['at'][:19])}Z {say('kind-' + one['kind'])}", _said(one["what"], say)) for one in events]


TABLES: Mapping[str, Callable[[State, Words], Sequence[Row]]] = {
    "on": _on,
    "outputs": _outputs,
    "inputs": _buttons,
    "air": _air,
    "band": _band,
    "believed": _believed,
    "test": _test,
    "happened": _happened,
}


def _table(name: str, rows: Sequence[Row]) -> str:
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<h2>{name}</h2><table>{cells}</table>"
