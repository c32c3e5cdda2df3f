#!/usr/bin/env python3
"""Cut the fonts of the kiosk out of Noto Sans CJK: `src/satwarn/people/fonts/{ja,ko}.woff2`.

A box on a wall has no network and may have no font for Japanese or Korean. It gets every character of our own texts and
place names, and, for what an officer types, the kanji of level 1 of JIS X 0208 and the Hangul of KS X 1001.

    apt-get install fonts-noto-cjk
    .venv/bin/python tools/kiosk_fonts.py
"""

import argparse
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

PACKAGE = Path(__file__).parents[1] / "src" / "satwarn"
OUT = PACKAGE / "people" / "fonts"
NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
# The package's data in which words that people see stand.
WORDS = (
    "people/look.toml",
    "people/languages/*.toml",
    "people/tables/*.csv",
    "area/regions/*.csv",
    "frame/tables/*.csv",
    "receiver/tables/*.csv",
    "authority/**/*.csv",
    "authority/**/*.toml",
    "drill/**/*.toml",
)
LATIN = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100))} - {"\xad"} | set("ĀāĒēĪīŌōŪūŒœ")
SIGNS = set("\ufe0e–—‘’“”„…‰€←↑→↓⚠△●◐✕○★、。「」『』（）〈〉【】：；！？・〜～－／％＆＋")
FACES = {"ja": (0, "satwarn Japanese"), "ko": (1, "satwarn Korean")}  # their number in the collection, their new name
UPRIGHT = ["BASE", "VORG", "vhea", "vmtx"]  # tables for vertical text, which the kiosk has none of
NAME_IDS = {1: "{0}", 3: "{0}", 4: "{0}", 6: "{1}", 16: "{0}"}


def hangul(character: str) -> bool:
    """Whether it is a Korean letter."""
    return "\u1100" <= character <= "\u11ff" or "\u3130" <= character <= "\u318f" or "\uac00" <= character <= "\ud7a3"


def level_1() -> set[str]:
    """The 2,965 kanji of level 1 of JIS X 0208 (rows 16 to 47)."""
    pairs = (bytes((0xA0 + row, 0xA0 + cell)) for row in range(16, 48) for cell in range(1, 95))
    return set("".join(pair.decode("euc_jp", "ignore") for pair in pairs))


def ks_x_1001() -> set[str]:
    """The 2,350 Hangul of KS X 1001 (rows 16 to 40)."""
    return set(
        "".join(bytes((0xA0 + row, 0xA0 + cell)).decode("euc_kr") for row in range(16, 41) for cell in range(1, 95))
    )


def ours() -> set[str]:
    """Every character of the package's words."""
    text = (file.read_text(encoding="utf-8") for pattern in WORDS for file in sorted(PACKAGE.glob(pattern)))
    return {character for part in text for character in part if character.isprintable()}


def wanted() -> dict[str, set[str]]:
    """The characters of each font: kanji and kana stand in the Japanese one, and the Korean one falls back on it."""
    korean = {character for character in ours() if hangul(character)}
    kana = {chr(code) for code in range(0x3041, 0x3100)} - {"\u3097", "\u3098"}
    return {
        "ja": (ours() - korean) | level_1() | kana | LATIN | SIGNS,
        "ko": korean | ks_x_1001() | LATIN | SIGNS,
    }


def cut(source: Path, tag: str, characters: set[str]) -> Path:
    """One subset, under a name of its own: a changed font may not bear the reserved one (OFL 1.1, 3)."""
    number, name = FACES[tag]
    options = subset.Options(
        flavor="woff2",
        hinting=False,
        desubroutinize=True,
        notdef_outline=True,
        layout_features=["kern", "ccmp", "locl"],
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
        name_languages=[0x409],
        recalc_timestamp=False,
        drop_tables=[*subset.Options().drop_tables, *UPRIGHT],
    )
    font: TTFont = subset.load_font(str(source), subset.Options(font_number=number, recalc_timestamp=False))
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(character) for character in characters])
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in NAME_IDS:
            record.string = NAME_IDS[record.nameID].format(name, name.replace(" ", ""))
    font["CFF "].cff.fontNames = [name.replace(" ", "")]
    file = OUT / f"{tag}.woff2"
    subset.save_font(font, str(file), options)
    return file


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--font", type=Path, default=NOTO, help="the collection of Noto Sans CJK")
    source = arguments.parse_args().font
    for tag, characters in wanted().items():
        file = cut(source, tag, characters)
        found = set(TTFont(file).getBestCmap())
        missing = sorted(character for character in characters if ord(character) not in found)
        print(f"{file.name}: {len(found)} characters, {file.stat().st_size:,} bytes; not in the source: {missing}")


if __name__ == "__main__":
    main()
