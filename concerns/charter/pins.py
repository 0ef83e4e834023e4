"""What the instance's folder remembers, out of the database's reach: the first manifest, and the newest one and policy seen."""

import secrets
from pathlib import Path

from concerns.charter.walking import CharterRefused, Place

PIN = "manifest.pin"
NEWEST = "manifest.newest"
NEWEST_POLICY = "policy.newest"
SHUT = "restored.pin"


def read_pin(directory: Path) -> str | None:
    """The pinned hash of manifest version 1, or None before the service is open."""
    return _read(directory / PIN)


def write_pin(directory: Path, pinned: str) -> None:
    """Pin manifest version 1 by its hash."""
    _write(directory / PIN, pinned)


def read_newest(directory: Path, name: str = NEWEST) -> Place | None:
    """The newest manifest or policy that was seen; None while there is only the first. Raises CharterRefused."""
    text = _read(directory / name)
    if text is None:
        return None
    version, _, pinned = text.partition(" ")
    if not version.isdecimal() or not pinned:
        raise CharterRefused(f"the file {name} cannot be read")
    return Place(int(version), pinned)


def remember(directory: Path, place: Place, name: str = NEWEST) -> None:
    """Remember a version as the newest seen, unless a newer one is remembered already. Raises CharterRefused."""
    known = read_newest(directory, name)
    if known is None or known.version < place.version:
        pin(directory, place, name)


def pin(directory: Path, place: Place, name: str = NEWEST) -> None:
    """Demand this very version from now on, whatever was remembered."""
    _write(directory / name, f"{place.version} {place.hash}")


def read_shut(directory: Path) -> str | None:
    """The hash of what two guardians have to sign after a restore; None where nothing was put back here."""
    return _read(directory / SHUT)


def write_shut(directory: Path, document: str) -> None:
    """Shut the service until two guardians have signed this document."""
    _write(directory / SHUT, document)


def _read(path: Path) -> str | None:
    try:
        return path.read_text().strip() or None
    except FileNotFoundError:
        return None


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    temporary.write_text(text + "\n")
    temporary.replace(path)
