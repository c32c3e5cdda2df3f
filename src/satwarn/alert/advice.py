"""Advice from evidence: what makes a warning understood and acted on. It never makes a message invalid.

Sources: complete messages name source, hazard, place, action and time; action and place belong in the first 90
characters; acronyms are not understood; languages drift apart when one is changed and the others are not.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from satwarn.alert.alert import Alert, Area, Info, MsgType

FIRST = 90
"""What a phone shows, and what is read before anything else."""

_ACRONYM = re.compile(r"\b[A-Z]{2,6}\b(?!:)")
_KNOWN = {"TV", "FM", "AM", "SMS", "UTC", "GMT", "OK", "SOS", "II", "III", "IV", "USA", "US", "UK", "EU"}
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&(amp|lt|gt|quot|nbsp|#\d+);")
_WORD = re.compile(r"\w+")
_SCRIPTS = {
    "kana": re.compile(r"[\u3041-\u30ff]"),
    "hangul": re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]"),
    "han": re.compile(r"[\u4e00-\u9fff]"),
    "cyrillic": re.compile(r"[\u0400-\u04ff]"),
    "arabic": re.compile(r"[\u0600-\u06ff]"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f]"),
}
_SCRIPT_OF = {
    "ja": {"kana", "han"}, "ko": {"hangul", "han"}, "zh": {"han"}, "ru": {"cyrillic"}, "uk": {"cyrillic"},
    "bg": {"cyrillic"}, "ar": {"arabic"}, "fa": {"arabic"}, "en": {"latin"}, "de": {"latin"}, "fr": {"latin"},
    "es": {"latin"}, "it": {"latin"}, "pt": {"latin"}, "nl": {"latin"}, "sv": {"latin"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule on a whole alert says: the path inside the alert, what, and how to mend it."""

    path: str
    what: str
    fix: str = ""


def infos(alert: Alert) -> Iterator[tuple[str, Info]]:
    """Each info with its path."""
    for number, info in enumerate(alert.infos, 1):
        yield f"info[{number}]", info


def areas(alert: Alert) -> Iterator[tuple[str, Area]]:
    """Each area with its path."""
    for path, info in infos(alert):
        for number, area in enumerate(info.areas, 1):
            yield f"{path}/area[{number}]", area


def has_markup(text: str) -> bool:
    return bool(_MARKUP.search(text))


@cache
def _words(which: str) -> Mapping[str, frozenset[str]]:
    """Words by language from tables/words.csv: `action` words, and the `plain` ones that tell a language."""
    table = (files("satwarn.alert") / "tables" / "words.csv").read_text(encoding="utf-8")
    return {
        row["language"]: frozenset(row["words"].split())
        for row in csv.DictReader(table.splitlines())
        if row["kind"] == which
    }


def place_and_action_first(alert: Alert) -> Iterator[Said]:
    """The first 90 characters say where, and what to do."""
    for path, info in infos(alert):
        text = " ".join(filter(None, (info.headline, info.description, info.instruction)))
        start = text[:FIRST].lower()
        if not text or alert.msg_type not in (MsgType.ALERT, MsgType.UPDATE):
            continue
        if info.areas and not any(name in start for area in info.areas for name in _names(area.description)):
            yield Said(path, f"no place in the first {FIRST} characters", "name the area in the headline")
        action = _words("action").get(info.language[:2].lower())
        if action and not any(word in start for word in action):
            yield Said(path, f"nothing to do in the first {FIRST} characters", "begin with what people should do")


def _names(description: str) -> Iterable[str]:
    """What of an area's description would tell people where it is."""
    words = {word.lower() for word in _WORD.findall(description)}
    return {word for word in words if len(word) > 3 or not word.isascii()}


def acronyms(alert: Alert) -> Iterator[Said]:
    """Acronyms are written out: most people do not know them."""
    for path, info in infos(alert):
        for name in ("headline", "description", "instruction"):
            text = getattr(info, name)
            if not text or text.upper() == text:
                continue
            unknown = sorted(set(_ACRONYM.findall(text)) - _KNOWN)
            if unknown:
                yield Said(f"{path}/{name}", f"acronyms: {', '.join(unknown[:5])}", "write the words out")


def missing_instruction(alert: Alert) -> Iterator[Said]:
    """People are told what to do, and what if that is impossible."""
    for path, info in infos(alert):
        if not info.instruction and alert.msg_type in (MsgType.ALERT, MsgType.UPDATE):
            yield Said(
                path, "no instruction: people are not told what to do", "say what to do, and what if that is impossible"
            )


def markup(alert: Alert) -> Iterator[Said]:
    """Text is plain: HTML is shown to people as it stands."""
    for path, info in infos(alert):
        for name in ("headline", "description", "instruction"):
            if has_markup(getattr(info, name)):
                yield Said(f"{path}/{name}", "holds HTML, which people will see as it stands", "plain text only")


def wrong_language(alert: Alert) -> Iterator[Said]:
    """Letters and commonest words are those of the language that the info names, and of one language only."""
    for path, info in infos(alert):
        text = " ".join((info.headline, info.description, info.instruction))
        declared = info.language[:2].lower()
        if odd := _foreign_script(text, declared):
            yield Said(f"{path}/language", f"says {info.language}, but {odd}", "give each language an info of its own")
        elif other := _other_language(text, declared):
            yield Said(
                f"{path}/language", f"says {info.language}, but reads like {other}", "set the language of the text"
            )


def _foreign_script(text: str, declared: str) -> str:
    own = _SCRIPT_OF.get(declared)
    counts = {name: len(script.findall(text)) for name, script in _SCRIPTS.items()}
    total = sum(counts.values())
    if own is None or total < 20:
        return ""
    inside = sum(counts[name] for name in own)
    if declared == "ja" and counts["han"] and not counts["kana"]:
        return "has no kana"
    foreign = max((name for name in counts if name not in own), key=lambda name: counts[name])
    if inside < total / 2:
        return f"is mostly in {foreign} letters"
    return f"is mixed with {foreign} letters" if foreign != "latin" and counts[foreign] > total / 4 else ""


def _other_language(text: str, declared: str) -> str:
    plain = _words("plain")
    if declared not in plain:
        return ""
    words = Counter(word.lower() for word in _WORD.findall(text))
    scores = {language: sum(words[word] for word in known) for language, known in plain.items()}
    best = max(scores, key=lambda language: scores[language])
    return best if scores[best] >= 5 and scores[best] > 3 * scores[declared] else ""


def same_text_twice(alert: Alert) -> Iterator[Said]:
    """Two languages have two texts."""
    seen: dict[str, str] = {}
    for path, info in infos(alert):
        text = info.description or info.headline
        first = seen.setdefault(text, info.language) if len(text) > 20 else info.language
        if first != info.language:
            yield Said(f"{path}/description", f"the same text in {first} and {info.language}", "translate it")


def no_end(alert: Alert) -> Iterator[Said]:
    """A warning says when it is over."""
    for path, info in infos(alert):
        if info.expires is None and alert.msg_type in (MsgType.ALERT, MsgType.UPDATE):
            yield Said(path, "no expires: nobody knows when it is over", "add expires")


ADVICE: Mapping[str, Callable[[Alert], Iterator[Said]]] = {
    "advice-first-90": place_and_action_first,
    "advice-acronyms": acronyms,
    "advice-instruction": missing_instruction,
    "advice-markup": markup,
    "advice-language": wrong_language,
    "advice-translation": same_text_twice,
    "advice-expires": no_end,
}
"""Every piece of advice, by its rule id."""


def left_behind(before: Alert, after: Alert) -> Iterator[Said]:
    """Languages that still say the old text though another one was changed ("satellite" became "missile" that way)."""
    old = {info.language: _said(info) for info in before.infos}
    both = [(path, info) for path, info in infos(after) if info.language in old]
    changed = [info.language for _, info in both if _said(info) != old[info.language]]
    for path, info in both if changed else []:
        if info.language not in changed:
            yield Said(
                path,
                f"{info.language} was not changed, but {', '.join(changed)} was",
                "bring every language up to date",
            )


def _said(info: Info) -> tuple[str, ...]:
    return info.event, info.headline, info.description, info.instruction
