"""Find a place by its name, in any language and spelling."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache

from satwarn.area.gazetteer import places
from satwarn.area.place import Place

_SCHEMES = ("ISO3166-1", "JISX0401", "AGS", "KR-SIDO", "JISX0402", "KR-SIGUNGU")
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_ENDINGS = re.compile(
    r"[ -](shi|ken|fu|to|gun|cho|machi|mura|son|ku|city|town|village|ward|prefecture|metropolis"
    r"|province|land|kreis|stadt|do|si|gu)$"
)
_SORT = re.compile(r"(?<=.)(都|道|府|県|市|区|町|村|し|く|ちょう|まち|むら|そん|けん|ふ|と|州|시|군|구|도|현|부|주)$")
_LONG = (("ou", "o"), ("oo", "o"), ("oh", "o"), ("uu", "u"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ss", "s"))


def plain(text: str) -> str:
    """The spelling all spellings share: width, case, accents, kana and long vowels evened out."""
    text = unicodedata.normalize("NFKC", text).casefold().strip().translate(_KATAKANA)
    if any("가" <= letter <= "힣" for letter in text):
        return re.sub(r"[\s]", "", text)
    kept = "".join(letter for letter in unicodedata.normalize("NFD", text) if not "̀" <= letter <= "ͯ")
    kept = unicodedata.normalize("NFC", re.sub(r"[’'`]", "", kept))
    return re.sub(r"\s+", " ", kept)


def _even(text: str) -> str:
    for long, short in _LONG:
        text = text.replace(long, short)
    return text


def _keys(name: str) -> Iterator[str]:
    spelled = plain(name)
    for one in {spelled, _ENDINGS.sub("", spelled), _SORT.sub("", spelled)}:
        yield one
        yield _even(one)


@cache
def _index() -> Mapping[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for scheme in _SCHEMES:
        for one in places(scheme):
            keys = {key for name in one.names.values() for key in _keys(name)} | {one.code.casefold()}
            keys |= {other.partition(":")[2].casefold() for other in one.also}
            for key in keys:
                found.setdefault(key, []).append(one)
    return {key: tuple(some) for key, some in found.items()}


def find(name: str) -> tuple[Place, ...]:
    """Places of that name or code in any language, larger ones first; else those whose name holds it.

    `Yonago`, `yonago-shi`, 米子, よなご, ヨナゴ, `Muenchen`, `MÜNCHEN`, 서울 are all understood.
    """
    if not plain(name):
        return ()
    found: dict[tuple[str, str], Place] = {}
    for key in _keys(name):
        found |= {(one.scheme, one.code): one for one in _index().get(key, ())}
    if not found:
        wanted = _even(plain(name))
        found = {(o.scheme, o.code): o for key, some in _index().items() if wanted in key for o in some}
    return tuple(sorted(found.values(), key=lambda one: (_SCHEMES.index(one.scheme), one.until or "", one.code)))


def in_language(name: str, language: str) -> str:
    """The name in that language of the country, or the only place, that bears this one; else the name as it is."""
    wanted = plain(name)
    bearers = [one for one in find(name) if wanted in {plain(other) for other in one.names.values()}]
    if not bearers or (len(bearers) > 1 and bearers[0].kind != "country"):
        return name
    return bearers[0].names.get(language, name)


def like(name: str) -> tuple[str, ...]:
    """Up to five names spelled much like it, to suggest."""
    close = get_close_matches(_even(plain(name)), _index(), n=8, cutoff=0.7)
    return tuple(dict.fromkeys(_index()[key][0].name() for key in close))[:5]
