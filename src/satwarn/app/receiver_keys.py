"""Who holds a key to a receiver: given, taken back, listed, in the file that its site.toml names."""

from pathlib import Path

from satwarn.adapters import holder_file
from satwarn.app.receiver_settings import read


def file_of(config: Path) -> Path:
    """The file of key holders."""
    settings = read(config)
    return settings.beside(settings.by_hand["holders"])


def add(config: Path, name: str) -> str:
    """Give a person a key, in place of the one they had; the secret comes back, and is kept nowhere."""
    return holder_file.add(file_of(config), name)


def remove(config: Path, name: str) -> None:
    """Take a person's key back."""
    holder_file.remove(file_of(config), name)


def names(config: Path) -> tuple[str, ...]:
    """Who holds a key."""
    return tuple(one.name for one in holder_file.read(file_of(config)))
