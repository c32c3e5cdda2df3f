"""How satwarn shows itself: colours, marks, worlds and type as data (`look.toml`), and as CSS for pages."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """One meaning's colour (#rrggbb) on light and on dark paper; `text` says that words may be set in it."""

    light: str
    dark: str
    text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What came of a thing: the symbol for terminals and text, and the word by language."""

    symbol: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Live, exercise or sandbox: the pattern that shows it and the word by language."""

    pattern: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All tokens. Colours, marks and worlds are keyed by meaning; `type` is in the units its keys name."""

    colours: Mapping[str, Colour]
    marks: Mapping[str, Mark]
    worlds: Mapping[str, World]
    type: Mapping[str, Any]
    fonts: Mapping[str, str]

    def css(self) -> str:
        """The tokens as CSS custom properties: light by default and in print, dark where the screen asks for it."""
        light = [f"--{name}:{colour.light}" for name, colour in self.colours.items()]
        dark = [f"--{name}:{colour.dark}" for name, colour in self.colours.items()]
        size = [f"--size-{number}:{px}px" for number, px in enumerate(self.type["sizes_px"], start=1)]
        font = [f"--font-{name}:{families}" for name, families in self.fonts.items()]
        rest = [
            f"--line-height:{self.type['line_height']}",
            f"--measure:{self.type['measure_ch']}ch",
            f"--grid:{self.type['grid_px']}px",
        ]
        return (
            f":root{{color-scheme:light dark;{';'.join(light + size + font + rest)}}}\n"
            f"@media screen and (prefers-color-scheme:dark){{:root{{{';'.join(dark)}}}}}\n"
        )


@cache
def look() -> Look:
    """The house's look."""
    raw = tomllib.loads((files("satwarn.people") / "look.toml").read_text(encoding="utf-8"))
    return Look(
        colours={name: Colour(**values) for name, values in raw["colours"].items()},
        marks={name: Mark(symbol=values.pop("symbol"), words=values) for name, values in raw["marks"].items()},
        worlds={name: World(pattern=values.pop("pattern"), words=values) for name, values in raw["worlds"].items()},
        type=raw["type"],
        fonts=raw["fonts"],
    )
