"""The one-time address: 32 random bytes, of which the folder keeps a hash that only its owner reads."""

import hashlib
import stat
from base64 import urlsafe_b64decode
from pathlib import Path

from concerns.founding.first import link


def test_the_folder_keeps_a_hash_that_nobody_else_reads(tmp_path: Path) -> None:
    token = link.renew(tmp_path)
    kept = (tmp_path / link.FILE).read_text()
    assert len(urlsafe_b64decode(token + "=")) == 32
    assert kept == hashlib.sha256(token.encode()).hexdigest() and token not in kept
    assert stat.S_IMODE((tmp_path / link.FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [link.FILE]


def test_only_the_newest_address_fits(tmp_path: Path) -> None:
    assert not link.fits(tmp_path, "")
    old, new = link.renew(tmp_path), link.renew(tmp_path)
    assert link.fits(tmp_path, new)
    for wrong in (old, new[:-1], new + "x", "", "é", "\ud800", (tmp_path / link.FILE).read_text()):
        assert not link.fits(tmp_path, wrong)
    link.forget(tmp_path)
    link.forget(tmp_path)
    assert not link.fits(tmp_path, new)
