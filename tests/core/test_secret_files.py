"""A secret in a file: made once, for its owner only, the same for everybody who begins at once."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.core.errors import Refused
from app.core.secret_files import SecretTable, kept_secret


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


def table(folder: Path) -> SecretTable:
    return SecretTable(folder / "tokens.json", frozenset({"token"}))


def test_a_table_keeps_replaces_and_forgets_by_name(tmp_path: Path) -> None:
    assert table(tmp_path).row("a") is None
    table(tmp_path).forget("a")
    table(tmp_path).keep("a", {"token": "1"})
    table(tmp_path).keep("b", {"token": "茶"})
    table(tmp_path).keep("a", {"token": "2"})
    assert [table(tmp_path).row(name) for name in "ab"] == [{"token": "2"}, {"token": "茶"}]
    table(tmp_path).forget("b")
    assert table(tmp_path).row("b") is None
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600 and "茶" not in path.read_text("utf-8")


def test_of_several_who_write_at_once_nobody_loses_a_row(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: table(tmp_path).keep(str(n), {"token": str(n)}), range(40)))
    assert [table(tmp_path).row(str(n)) for n in range(40)] == [{"token": str(n)} for n in range(40)]


@pytest.mark.parametrize(
    "broken", ["", "[]", '{"care": 1}', "{", '{"care": {"other": "x"}}', '{"care": {"token": 1}}']
)
def test_a_broken_table_is_said_and_never_written_over(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "tokens.json"
    path.write_text(broken)
    path.chmod(0o600)
    for act in (lambda: table(tmp_path).row("care"), lambda: table(tmp_path).keep("care", {"token": "x"})):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.reasons[0].key == "secrets.broken"
    assert path.read_text() == broken


def test_a_table_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    table(tmp_path).keep("a", {"token": "1"})
    (tmp_path / "tokens.json").chmod(0o640)
    with pytest.raises(Refused) as caught:
        table(tmp_path).row("a")
    assert caught.value.reasons[0].key == "secrets.open"
