"""What the instance's folder remembers of the manifest, out of the database's reach: the first one, and the newest seen."""

import secrets
from pathlib import Path

from concerns.charter.walking import CharterRefused, Place

PIN = "manifest.pin"
NEWEST = "manifest.newest"


def read_pin(directory: Path) -> str | None:
    """The pinned hash of manifest version 1, or None before the service is open."""
    return _read(directory / PIN)


def write_pin(directory: Path, pinned: str) -> None:
    """Pin manifest version 1 by its hash."""
    _write(directory / PIN, pinned)


def read_newest(directory: Path) -> Place | None:
    """The newest manifest that was seen; None while there is only the first. Raises CharterRefused."""
    text = _read(directory / NEWEST)
    if text is None:
        return None
    version, _, pinned = text.partition(" ")
    if not version.isdecimal() or not pinned:
        raise CharterRefused(f"the file {NEWEST} cannot be read")
    return Place(int(version), pinned)


def remember(directory: Path, place: Place) -> None:
    """Remember a manifest as the newest seen, unless a newer one is remembered already. Raises CharterRefused."""
    known = read_newest(directory)
    if known is None or known.version < place.version:
        pin(directory, place)


def pin(directory: Path, place: Place) -> None:
    """Demand this very version from now on, whatever was remembered."""
    _write(directory / NEWEST, f"{place.version} {place.hash}")


def _read(path: Path) -> str | None:
    try:
        return path.read_text().strip() or None
    except FileNotFoundError:
        return None


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    temporary.write_text(text + "\n")
    temporary.replace(path)
