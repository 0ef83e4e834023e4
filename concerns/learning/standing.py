"""Whether a stored text may be shown: two different guardians signed these very words, and what they stand on is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from concerns.areas.queries import organisation
from concerns.charter import service as charter
from concerns.disclosure.document import Stored
from concerns.learning.model import ReleasedText
from concerns.learning.rules import KINDS, Words, parts_in
from concerns.sealing.signing import verify
from concerns.themes.rules import OTHER


@dataclass(frozen=True)
class Authority:
    """Whose signatures count: each guardian's keys, those of former ones too, by person."""

    site_id: bytes
    keys: Mapping[bytes, tuple[bytes, ...]]

    def signed(self, person_id: bytes, message: bytes, signature: bytes) -> bool:
        return any(verify(key, message, signature) for key in self.keys.get(person_id, ()))


def authority(main: Session, directory: Path) -> Authority | None:
    """Who may release a text; None where there is no charter that the guardians signed, and then nothing is shown."""
    try:
        manifest = charter.current(main, directory).manifest
    except (charter.NotOpenYet, charter.CharterRefused):
        return None
    keys: dict[bytes, tuple[bytes, ...]] = {}
    for one in (*manifest.guardians, *(former.key for former in manifest.former)):
        keys[one.person_id] = (*keys.get(one.person_id, ()), one.sign)
    return Authority(organisation(main).site_id, keys)


def holds(row: ReleasedText, authority: Authority) -> bool:
    """Whether the stored words are those that two different guardians signed after they passed the check."""
    if row.kind not in KINDS or row.first_id == row.second_id:
        return False
    words = Words(row.kind, row.period, row.about, parts_in(row.kind, row.body), row.rules)
    if words.body != row.body or words.hash != row.hash:
        return False
    message = words.statement(authority.site_id)
    both = ((row.first_id, row.first_signature), (row.second_id, row.second_signature))
    return all(authority.signed(person, message, signature) for person, signature in both)


def shown_keys(stored: Stored) -> dict[str, str]:
    """The themes or groups of a release whose number is shown, with their names; nothing else may be told of."""
    names = {theme.code: theme.name for theme in stored.table.themes}
    keys = dict.fromkeys(node.group or node.theme or "" for node in stored.values)
    return {
        key: names.get(key, key)
        for key in keys
        if key not in ("", OTHER)
        and stored.sum_of([node for node in stored.values if key in (node.group, node.theme)], stored.table.staff).shown
    }
