"""Numbers of things in a sentence."""


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 site", "2 sites": the number with the word for one thing, or for many (one with an s unless given)."""
    return f"{number} {one if number == 1 else many or one + 's'}"
