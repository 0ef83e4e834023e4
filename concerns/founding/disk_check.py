"""What the self-check says of the room that is left on the disks. Nothing exact: a store’s growth is nobody’s business."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from concerns.founding.finding import Finding, asks
from concerns.store.house import House

GIGABYTE = 1_000_000_000
#: below either of them it should be seen to
FEW, SHARE = GIGABYTE, 0.10
#: below it the next collect may not get through
LEAST = GIGABYTE // 10


def problems(house: House) -> Iterator[Finding]:
    """One line for each disk on which something of the instance lies, as far as it can be seen from here."""
    disks: dict[int, tuple[str, Path]] = {}
    for words, folder in _folders(house):
        if folder.is_dir():
            disks.setdefault(folder.stat().st_dev, (words, folder))
    for words, folder in disks.values():
        yield _finding(words, folder, _needed(house, folder))
    if any(engine.dialect.name == "postgresql" for engine in (house.stores.main, house.stores.live)):
        yield Finding("disk", None, "The disk of the PostgreSQL server cannot be seen from here: look at it there.")


def _folders(house: House) -> Iterator[tuple[str, Path]]:
    yield "the instance’s folder", house.directory
    for name, file in _files(house):
        yield f"the {name} store", file.parent


def _files(house: House) -> Iterator[tuple[str, Path]]:
    for name, engine in (("main", house.stores.main), ("live", house.stores.live)):
        if engine.dialect.name == "sqlite" and engine.url.database:
            yield name, Path(engine.url.database)


def _needed(house: House, folder: Path) -> int:
    """Bytes that the daily rewrite needs beside the stores on the disk of this folder: it writes each of them anew."""
    here = folder.stat().st_dev
    sizes = [file.stat().st_size for _name, file in _files(house) if file.exists() and file.stat().st_dev == here]
    return 2 * max(sizes, default=0)


def _finding(where: str, folder: Path, needed: int) -> Finding:
    disk = shutil.disk_usage(folder)
    words = f"On the disk of {where} {_roughly(disk.free)} of {_roughly(disk.total)} are free."
    if disk.free < max(LEAST, needed):
        return Finding("disk", False, f"{words} That is not enough for the next collect: make room now.")
    if disk.free < max(FEW, SHARE * disk.total):
        return asks("disk", f"{words} Make room before it is full: then nobody can tell anything.")
    return Finding("disk", True, words)


def _roughly(size: int) -> str:
    return f"{size // GIGABYTE} GB" if size >= GIGABYTE else f"{size // (GIGABYTE // 10) * 100} MB"
