"""A secret in a file: made once, for its owner only, the same for everybody who begins at once."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.core.secret_files import kept_secret


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "key"
    made = kept_secret(path, lambda: b" first\n")
    assert made == b"first" == kept_secret(path, lambda: b"second")
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_all_who_begin_at_once_get_the_one_that_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "key"
    with ThreadPoolExecutor(16) as pool:
        seen = set(
            pool.map(lambda _: kept_secret(path, lambda: secrets.token_bytes(16).hex().encode()), range(64))
        )
    assert seen == {path.read_bytes()}


def test_a_secret_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        kept_secret(tmp_path / "key", lambda: bytes(1 // 0))
    assert list(tmp_path.iterdir()) == []
