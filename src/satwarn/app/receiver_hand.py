"""What people do to a running receiver by hand: local stop, audible test, maintenance; by command line or form.

Everything but the local stop wants the secret of a key holder. The stop wants one where the site says so; it is never
slowed by tries at other things.
"""

import html
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from satwarn.adapters import clock
from satwarn.adapters.holder_file import read as read_holders
from satwarn.adapters.secret import token
from satwarn.app.receiver_door import is_loopback, unproven
from satwarn.errors import BadSetting, NotAllowed, SatwarnError
from satwarn.people.page_words import word
from satwarn.people.remark import remark
from satwarn.receiver.holders import Holders

PAGE = """<!doctype html><html lang="%(language)s"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>%(title)s</title><style>
:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem}
form{border-top:1px solid #8888;padding:1rem 0}label{display:block;margin:.25rem 0}input{font:inherit;width:100%%;
box-sizing:border-box;padding:.35rem}button{font:inherit;font-weight:600;padding:.6rem 1rem;margin-top:.5rem;
width:100%%}h1{font-size:1.4rem}</style></head><body><h1>%(title)s</h1><p role="status">%(told)s</p>%(forms)s
<p><a href="/">%(back)s</a></p></body></html>"""

Said = Mapping[str, str]
MOST_MINUTES = 720


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing done by hand: what its form asks for, and what does it (a word key comes back)."""

    word: str
    fields: tuple[str, ...]
    do: Callable[[Any, Said], str]


def _stop(running: Any, said: Said) -> str:
    running.box.stop(said["by"])
    return "stopped"


def _test(running: Any, said: Said) -> str:
    return str(running.box.audible_test(said["by"]))


def _maintain(running: Any, said: Said) -> str:
    minutes = said.get("minutes", "")
    if not (minutes.isascii() and minutes.isdecimal()) or not 0 < int(minutes[:4]) <= MOST_MINUTES:
        raise BadSetting(f"minutes are a whole number from 1 to {MOST_MINUTES}")
    running.box.begin_maintenance(said["by"], int(minutes))
    return "isolated"


def _leave(running: Any, said: Said) -> str:
    if not running.box.leave_maintenance(said["by"]):
        return "second"
    running.left_maintenance()
    return "joined"


DEEDS: Mapping[str, Deed] = {
    "/stop": Deed(word="stop", fields=("by",), do=_stop),
    "/test": Deed(word="test", fields=("by", "secret"), do=_test),
    "/maintenance": Deed(word="maintain", fields=("by", "secret", "minutes"), do=_maintain),
    "/maintenance/leave": Deed(word="leave", fields=("by", "secret"), do=_leave),
}
KINDS = {
    "secret": 'type="password" autocomplete="off"',
    "minutes": f'type="number" min="1" max="{MOST_MINUTES}" value="60"',
}
NAMES = {"by": "who", "secret": "secret", "minutes": "minutes"}


class Hand:
    """Takes what people do, checks who they are, and keeps what its forms need. `check` may be called in any thread."""

    def __init__(self, running: Any) -> None:
        self._running, self._settings = running, running.settings
        self._file = self._settings.beside(self._settings.by_hand["holders"])
        self._read_at, self._holders = 0.0, Holders()
        self._lock = threading.Lock()
        self.token = token()

    def check(self, path: str, headers: Mapping[str, str], body: bytes, peer: str) -> Said:
        """What is asked, once it is known who asks; NotAllowed else."""
        said = _said(headers, body)
        if why := unproven(headers, said=said.get("token", ""), token=self.token):
            raise NotAllowed(why)
        by = said.get("by", "").strip()[:64]
        if not by:
            raise NotAllowed("say who you are")
        if path != "/stop" or self._stop_wants_secret(peer):
            by = self._known(by, said.get("secret", ""))
        return {**said, "by": by}

    def _stop_wants_secret(self, peer: str) -> bool:
        return {"open": False, "secret": True}.get(self._settings.by_hand["stop"], not is_loopback(peer))

    def _known(self, by: str, secret: str) -> str:
        """The key holder; one try at a time, so that a flood of them costs no more than one."""
        with self._lock:
            try:
                return self._now().check(by, secret, at_s=clock.stopwatch())
            except NotAllowed:
                wrong = self._holders.wrong
                self._running.later(lambda: self._running.box.fault("keys", f"{wrong} wrong tries of a key, last {by}"))
                raise

    def _now(self) -> Holders:
        """The holders as they stand in the file; read again when it has changed, the wrong tries kept."""
        at = self._file.stat().st_mtime if self._file.exists() else 0.0
        if at != self._read_at:
            self._read_at, wrong = at, self._holders
            self._holders = Holders(read_holders(self._file)).after(wrong)
        return self._holders

    def page(self, told: str = "") -> str:
        """The forms; they work without a script."""
        tag = self._settings.languages[0]
        live = self._running.box.machine.memory.live()
        on = ", ".join(remark(one.information or one.name, tag) for one in live)
        state = word("hand", "on", tag, what=on) if on else word("hand", "nothing", tag)
        return PAGE % {
            "language": html.escape(tag),
            "title": html.escape(f"{self._settings.name or self._settings.site.code}: {word('hand', 'title', tag)}"),
            "told": html.escape(told or state),
            "forms": "".join(self._form(path, deed, tag) for path, deed in DEEDS.items()),
            "back": html.escape(word("hand", "back", tag)),
        }

    def _form(self, path: str, deed: Deed, tag: str) -> str:
        fields = [*deed.fields]
        if path == "/stop" and self._settings.by_hand["stop"] == "secret":
            fields.append("secret")
        said = {"by": "kiosk"} if path == "/stop" else {}  # whoever must stop a siren need not type first
        inputs = "".join(_input(name, word("hand", NAMES[name], tag), said.get(name, "")) for name in fields)
        return (
            f'<form method="post" action="{path}"><input type="hidden" name="token" value="{self.token}">'
            f"<p>{html.escape(word('hand', f'{deed.word}-what', tag))}</p>{inputs}"
            f"<button>{html.escape(word('hand', deed.word, tag))}</button></form>"
        )

    def told(self, key: str, *, form: bool) -> str:
        """What came of it: a page for a form, a sentence in English for a program."""
        return self.page(word("hand", key, self._settings.languages[0])) if form else word("hand", key, "en")

    def refused(self, error: SatwarnError | ValueError | KeyError, *, form: bool) -> str:
        """Why it was not done."""
        if not form:
            return str(error)
        what = error.what if isinstance(error, SatwarnError) else str(error)
        return self.page(f"✗ {remark(what, self._settings.languages[0])}")


def _input(name: str, label: str, value: str) -> str:
    kind = {
        "secret": 'type="password" autocomplete="off"',
        "minutes": f'type="number" min="1" max="{MOST_MINUTES}" value="60"',
    }
    attributes = kind.get(name, 'type="text" autocomplete="off" maxlength="64"')
    given = f' value="{value}"' if value else ""
    return f'<label>{html.escape(label)}<input name="{name}" {attributes}{given} required></label>'


def _said(headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    """The fields of a form or of a JSON object, all as text."""
    if "json" in headers.get("Content-Type", ""):
        said = json.loads(body)
        if not isinstance(said, dict):
            raise NotAllowed("not a JSON object")
        return {str(name): str(value) for name, value in said.items()}
    return {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}
