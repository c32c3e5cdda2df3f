"""The kiosk: a page on this machine, full screen, without a network; its browser reads back what it shows."""

import hashlib
import html
import json
from dataclasses import dataclass
from importlib.resources import files

from satwarn.adapters import clock
from satwarn.app.receiver_files import Held
from satwarn.ledger.receipt import OutputResult, Proof
from satwarn.people.ports import Done, Performance, Tried, failed
from satwarn.people.screen import judge_screen, screen

SHOWS_WITHIN_S = 15.0
PICTURES, APART = "/picture/", " "
FONTS = ("ja", "ko")  # those of people/fonts; the Japanese one has all Latin letters too
FACES = "".join(
    f"@font-face{{font-family:satwarn-{tag};src:url(/screen/{tag}.woff2) format('woff2');font-display:swap}}"
    for tag in FONTS
)
WATCH = """<script>
const showing = %s;
function lines() {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode()) {
    const node = walk.currentNode, text = node.data.trim();
    if (text && node.parentElement.tagName !== "SCRIPT") found.push(text);
  }
  return found;
}
async function look() {
  try {
    const answer = await fetch("/screen/now", {cache: "no-store"});
    if (await answer.text() !== showing) location.reload();
  } catch (error) { document.title = "no receiver"; }
}
// All fonts, and before there is anything to show: a warning waits for nothing.
Promise.allSettled([...document.fonts].map(face => face.load())).then(() =>
  fetch("/screen/shown", {method: "POST", body: JSON.stringify({showing: showing, lines: lines()})})).catch(() => {});
setInterval(look, 1000);
</script></body>"""
IDLE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>satwarn</title>
<style>body{font:4vmin/1.4 satwarn-ja,satwarn-ko,sans-serif;background:#14171b;color:#a3abb8;display:grid;
place-content:center;min-height:100vh;text-align:center;margin:0;padding:0 8vmin}
h1{font-size:8vmin;font-weight:400;color:#eceef1;margin:0}</style></head><body><h1>%s</h1>%s</body></html>"""


def name_of(performance: Performance | None) -> str:
    """What is on the screen, in a word."""
    if performance is None:
        return "nothing"
    return hashlib.sha256(
        f"{performance.warning} {performance.at.isoformat()} {performance.announcements}".encode()
    ).hexdigest()[:16]


def now_on(performance: Performance | None, picture: Held | None) -> str:
    """What is on the screen, and the picture beside it: another word than the page's means that it is an old one."""
    return f"{name_of(performance)}{APART}{picture.name if picture else ''}".rstrip(APART)


def page(performance: Performance | None, *, site: str, note: str, picture: Held | None = None) -> str:
    """The page as it is now, with the script that reloads it and reads it back."""
    beside = {"picture": PICTURES + picture.name, "about": picture.description} if picture else {}
    shown = screen(performance, **beside).page() if performance else IDLE % (html.escape(site), _paragraph(note))
    head, body, tail = shown.replace("</head>", f"<style>{FACES}</style></head>", 1).rpartition("</body>")
    assert body
    return head + WATCH % json.dumps(now_on(performance, picture)) + tail


def _paragraph(note: str) -> str:
    return f"<p>{html.escape(note)}</p>" if note else ""


def font(tag: str) -> bytes:
    """The kiosk's own font for a language of `FONTS`, as WOFF2."""
    return (files("satwarn.people") / "fonts" / f"{tag}.woff2").read_bytes()


@dataclass(slots=True, kw_only=True)
class Kiosk:
    """An Output: proven when the browser sends back the lines it shows."""

    name: str
    showing: Performance | None = None
    _done: Done | None = None
    _asked_s: float | None = None

    def asked(self) -> None:
        """A browser has asked what is to be shown."""
        self._asked_s = clock.stopwatch()

    def probe(self) -> str:
        """Why it would fail now, "" when a browser asks for its page, as it does each second."""
        if self._asked_s is None:
            return "no browser shows its page yet: open /screen in full screen"
        still_s = clock.stopwatch() - self._asked_s
        return f"no browser has asked for its page for {still_s:.0f} s" if still_s > SHOWS_WITHIN_S else ""

    def try_silently(self) -> Tried:
        """A page makes no sound: what is proven is that somebody shows it."""
        why = self.probe()
        return Tried(good=not why, what=why or "a browser shows its page")

    def allowed_s(self, performance: Performance) -> float:
        """The browser asks once a second."""
        return SHOWS_WITHIN_S

    def begin(self, performance: Performance, *, done: Done) -> None:
        """Show it; the browser's answer is the proof."""
        self.showing, self._done = performance, done

    def end(self, warning: str, *, how: str, last: bool) -> None:
        """What is shown is the box's to say: a page makes no sound."""

    def refine(self, performance: Performance) -> None:
        """The same warning, said better: what the browser shows from now on is that."""
        if self.showing and self.showing.warning == performance.warning:
            self.showing = performance

    def read_back(self, showing: str, lines: tuple[str, ...]) -> None:
        """What the browser says that it shows."""
        if self._done is None or self.showing is None or showing.partition(APART)[0] != name_of(self.showing):
            return
        done, self._done = self._done, None
        trouble = judge_screen(screen(self.showing), lines)
        done(OutputResult(output=self.name, proof=Proof.PROVEN) if trouble is None else failed(self.name, trouble))
