"""The code lists of the frames in the languages we speak: what `satwarn frame table` prints."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from satwarn.frame import codes
from satwarn.people.reports import Words, guidance_keys, instruction_japan, providers, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One code: its number, its name in the language asked for, and its status in the standard."""

    code: str
    name: str
    status: str = "valid"

    def as_text(self) -> str:
        """The row for a person."""
        return f"{self.code}\t{self.name}" + ("" if self.status == "valid" else f"\t({self.status})")

    def as_json(self) -> dict[str, str | int]:
        """The row for a program; codes that are numbers are numbers."""
        number = self.code.isdecimal() and (self.code == "0" or not self.code.startswith("0"))
        return {"code": int(self.code) if number else self.code, "name": self.name, "status": self.status}


_OWN: dict[str, Callable[[Words], dict[str, str]]] = {
    "hazard": lambda known: known.words["hazard"],
    "severity": lambda known: known.words["severity"],
    "duration": lambda known: known.words["duration"],
    "message_type": lambda known: known.words["report"]["message"],
    "report_classification": lambda known: known.words["report"]["classification"],
    "information_type": lambda known: known.words["report"]["information"],
    "notification_on_disaster_prevention": lambda known: known.words["notification"],
    "kind": lambda known: known.words["report"]["kind"],
    "instruction_a": lambda known: _guidance(known, "A"),
    "instruction_b": lambda known: _guidance(known, "B"),
    "instruction_c": lambda known: _guidance(known, "C"),
    "instruction_japan": lambda known: {
        entry.code: instruction_japan(known, int(entry.code)) for entry in codes.table("instruction_japan")
    },
}
"""Lists whose words are the language's own."""
_HIDDEN = ("quantity_layout",)


def _guidance(known: Words, name: str) -> dict[str, str]:
    return {str(code): known.words["guidance"][key] for code, key in guidance_keys()[name].items()}


def names() -> tuple[str, ...]:
    """The names of all code lists."""
    return tuple(sorted({*codes.tables(), *_OWN} - {*_HIDDEN}))


def listing(name: str, tag: str) -> Iterator[Row]:
    """A code list in a language; places and classes keep the names the lists have. Missing if there is no such list."""
    known = words(tag)
    if name in _OWN:
        status = {entry.code: entry.status for entry in codes.table(name)} if name in codes.tables() else {}
        for code, said in _OWN[name](known).items():
            yield Row(code=code, name=said, status=status.get(code, "valid"))
    elif name == "provider":
        for (country, number), said in providers().items():
            yield Row(code=f"{country}/{number}", name=said)
    elif name == "quantity":
        for entry in codes.table(name):
            yield Row(code=f"{entry.more['field']}/{entry.code}", name=f"{entry.more['quantity']}: {entry.en}")
    else:
        for entry in codes.table(name):
            yield Row(code=entry.code, name=known.listed(name, entry.code), status=entry.status)
