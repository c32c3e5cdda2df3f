"""Names in other languages: of Germany's well-known cities by hand, of Korea's si, gun and gu by the rules of 2000.

`world.py` uses it when the tables are built; alone it fills the names of the tables that are there:

    python tools/regions/names.py
"""

import csv
import re
from pathlib import Path

REGIONS = Path(__file__).parents[2] / "src/satwarn/area/regions"
KREISE = {
    row["code"]: row
    for row in csv.DictReader(Path(__file__).with_name("kreise_by_hand.csv").open(newline="", encoding="utf-8"))
}
BY_HAND, ROMANISED = "satwarn", "RR"

# Revised Romanization of Korean (Ministry of Culture and Tourism, notification 2000-8). A syllable is
# 0xAC00 + (initial * 21 + vowel) * 28 + final.
INITIALS = ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"]
VOWELS = [
    "a",
    "ae",
    "ya",
    "yae",
    "eo",
    "e",
    "yeo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "eu",
    "ui",
    "i",
]
# The final by its number, as it is said before a consonant or at the end.
FINALS = [
    "",
    "k",
    "k",
    "k",
    "n",
    "n",
    "n",
    "t",
    "l",
    "k",
    "m",
    "l",
    "l",
    "l",
    "p",
    "l",
    "m",
    "p",
    "p",
    "t",
    "t",
    "ng",
    "t",
    "t",
    "k",
    "t",
    "p",
    "t",
]
# ... and before a vowel, where it begins the next syllable.
CARRIED = [
    "",
    "g",
    "kk",
    "ks",
    "n",
    "nj",
    "n",
    "d",
    "r",
    "lg",
    "lm",
    "lb",
    "ls",
    "lt",
    "lp",
    "r",
    "m",
    "b",
    "ps",
    "s",
    "ss",
    "ng",
    "j",
    "ch",
    "k",
    "t",
    "p",
    "",
]
# Sounds that change each other where they meet (final, initial); the rest stand side by side.
MEETING = {
    ("k", "n"): "ngn", ("k", "m"): "ngm", ("k", "r"): "ngn",
    ("t", "n"): "nn", ("t", "m"): "nm", ("t", "r"): "nn",
    ("p", "n"): "mn", ("p", "m"): "mm", ("p", "r"): "mn",
    ("n", "r"): "ll", ("l", "n"): "ll", ("l", "r"): "ll",
    ("m", "r"): "mn", ("ng", "r"): "ngn",
}  # fmt: skip
UNITS = {"시": "si", "군": "gun", "구": "gu"}  # written after a hyphen, across which no sound changes


def letters(word: str) -> str:
    """A word of Hangul in Latin letters, as it is said."""
    said, final = "", 0
    for syllable in word:
        number = ord(syllable) - 0xAC00
        initial, vowel, after = INITIALS[number // 588], VOWELS[number % 588 // 28], number % 28
        if initial:
            said += MEETING.get((FINALS[final], initial), FINALS[final] + initial)
        else:
            said += CARRIED[final]
        said, final = said + vowel, after
    return said + FINALS[final]


def romanised(name: str) -> str:
    """Jongno-gu for 종로구, Suwon-si Jangan-gu for 수원시장안구."""
    parts = re.fullmatch(r"(.+시)(.+구)", name)
    words = parts.groups() if parts else (name,)
    return " ".join(f"{letters(word[:-1]).capitalize()}-{UNITS[word[-1]]}" for word in words)


def named(row: dict[str, str]) -> dict[str, str]:
    """A row of de_units.csv or kr_units.csv with the names known here."""
    origin = row["source"].split("+")[0]
    if row["scheme"] == "KR-SIGUNGU":
        return row | {"en": romanised(row["ko"]), "source": f"{origin}+{ROMANISED}"}
    if row["scheme"] == "AGS" and (known := KREISE.get(row["code"])):
        if known["de"] != row["de"]:
            raise SystemExit(f"{row['code']} is {row['de']}, and not {known['de']}")
        return row | {tag: known[tag] for tag in ("en", "ja", "ko")} | {"source": f"{origin}+{BY_HAND}"}
    return row


def main() -> None:
    for table in ("de_units.csv", "kr_units.csv"):
        with (REGIONS / table).open(newline="", encoding="utf-8") as file:
            rows = [named(row) for row in csv.DictReader(file)]
        with (REGIONS / table).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
