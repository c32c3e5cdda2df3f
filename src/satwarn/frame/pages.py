"""Texts that come in pages (Nankai Trough): 18 bytes each, in any order, again and again."""

from dataclasses import dataclass

from satwarn.frame.dcr import NankaiTrough

_PAD = b"\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class PagedText:
    """A text as far as it is known. `sound` is false if it is no UTF-8 (replacement characters)."""

    text: str
    pages: int
    missing: tuple[int, ...]
    sound: bool

    @property
    def complete(self) -> bool:
        """Whether all pages are here."""
        return not self.missing


class Pages:
    """Pages go in, texts come out; pages of one announcement share its time, kind, serial code and number of pages."""

    def __init__(self, keep: int = 16) -> None:
        """At most `keep` announcements are remembered, those heard last."""
        self._books: dict[tuple[object, ...], dict[int, bytes]] = {}
        self._keep = keep

    def hear(self, page: NankaiTrough) -> PagedText:
        """The announcement of this page, as far as it is known now."""
        key = _announcement(page)
        book = self._books.pop(key, {})
        self._books[key] = book  # the one heard last stands last
        book[page.page] = page.text
        while len(self._books) > self._keep:
            del self._books[next(iter(self._books))]
        return _read(book, page.pages)


def _announcement(page: NankaiTrough) -> tuple[object, ...]:
    time = page.reported or dict(page.codes).get("At")
    return page.classification, page.information_type, time, page.serial, page.pages


def _read(pages: dict[int, bytes], count: int) -> PagedText:
    missing = tuple(number for number in range(1, count + 1) if number not in pages)
    runs = [b""]  # a run of pages without a gap is one text: a character may be cut by the end of a page
    for number in range(1, count + 1):
        if number in pages:
            runs[-1] += pages[number]
        elif runs[-1]:
            runs.append(b"")
    said = [run.rstrip(_PAD) for run in runs]
    text = " … ".join(run.decode("utf-8", "replace") for run in said if run)
    return PagedText(text=text, pages=count, missing=missing, sound=bool(missing) or _is_utf8(said[0]))


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
