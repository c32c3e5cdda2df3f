"""Writes docs/reference/site-toml.md from the settings and the tables themselves.

Run: python tools/site_toml.py
"""

from pathlib import Path

from satwarn.app.receiver_settings import KEYS, REPEATED
from satwarn.receiver.information import informations

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "site-toml.md"


def page() -> str:
    """The whole page."""
    lines = ["# site.toml", "", "The settings of a receiver. What is not listed here is refused by name.", ""]
    for table in dict.fromkeys(key.table for key in KEYS):
        lines += [f"## {'[[' if table in REPEATED else '['}{table}{']]' if table in REPEATED else ']'}", ""]
        lines += ["| key | default | what it is |", "|---|---|---|"]
        for key in (key for key in KEYS if key.table == table):
            default = "must be given" if key.default is None else f"`{shown(key.default)}`"
            lines.append(f"| `{key.name}` | {default} | {key.what} |")
        lines.append("")
    lines += ["Besides, `[rules]` takes any type of information and what to do with it:", ""]
    lines += ["| type | what it is | grade | default |", "|---|---|---|---|"]
    for name, known in informations().items():
        lines.append(f"| `{name}` | {known.names['en']} / {known.names['ja']} | {known.severity} | {known.wish} |")
    lines += ["", '`"sound"`, `"show"` or `"log"`; an extreme one is never less than shown.', ""]
    return "\n".join(lines)


def shown(value: object) -> str:
    """A default as it would stand in the file."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value).replace("'", '"')


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
