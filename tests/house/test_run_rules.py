"""Checks the rules of a test run itself: what is left out is said, and in CI nothing may be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLANTED = """
import pytest

def test_plain(): pass

@pytest.mark.long
def test_long(): pass

@pytest.mark.samples
def test_real(samples): samples.require("tickets")

@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_on(database): pass

def test_page(browser): pass
"""
SKIPPING = "import pytest\n\ndef test_one(): pass\n\n@pytest.mark.skip\ndef test_two(): pass\n"


def run(folder: Path, text: str, *words: str, **given: str) -> tuple[int, list[str]]:
    """Runs pytest by this project's rules on a planted file; returns its exit code and last lines."""
    (folder / "test_planted.py").write_text(text)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "CI"))}
    rules = [
        "-p",
        "tests.running",
        "-c",
        "pyproject.toml",
        "--rootdir",
        str(folder),
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *rules, *words, str(folder / "test_planted.py")],
        cwd=ROOT,
        env=kept | given,
        capture_output=True,
        text=True,
    )
    return done.returncode, (done.stdout + done.stderr).strip().splitlines()


@pytest.mark.parametrize("parallel", [[], ["-n", "2"]], ids=["one process", "two processes"])
def test_what_is_left_out_is_said_in_one_line_each(tmp_path: Path, parallel: list[str]) -> None:
    nowhere = str(tmp_path / "nowhere")
    words = ["--no-browser", "--no-postgres", *parallel]
    code, lines = run(tmp_path, PLANTED, *words, TOUCHSTONE_SAMPLES=nowhere)
    assert code == 0, lines
    assert [line for line in lines if line.startswith("left out: ")] == [
        "left out: 1 tests: long, run with --long",
        "left out: 1 tests: need PostgreSQL or Redis (--no-postgres)",
        "left out: 1 tests: need a browser (--no-browser)",
        f"left out: 1 tests: need the real input in {nowhere} (TOUCHSTONE_SAMPLES)",
    ]
    assert lines[-1].startswith("2 passed")


def test_long_tests_run_when_asked_for(tmp_path: Path) -> None:
    code, lines = run(tmp_path, PLANTED, "--long", "-m", "long")
    assert code == 0
    assert lines[-1].startswith("1 passed")


@pytest.mark.parametrize(("surroundings", "expected"), [({}, 0), ({"CI": "true"}, 1)])
def test_skip_fails_a_run_in_ci_only(tmp_path: Path, surroundings: dict[str, str], expected: int) -> None:
    here = {"TOUCHSTONE_SAMPLES": str(tmp_path)}
    code, lines = run(tmp_path, SKIPPING, **here, **surroundings)
    assert code == expected, lines
    assert any(line.startswith("FAILED: with CI set nothing may be skipped") for line in lines) == bool(
        expected
    )
    assert lines[-1].startswith("1 passed, 1 skipped")


@pytest.mark.parametrize(
    ("words", "samples", "said"),
    [
        (["--no-browser"], ".", "with CI set nothing may be left out: --no-browser"),
        ([], "nowhere", "with CI set the real input has to be there"),
    ],
)
def test_ci_refuses_a_run_that_leaves_something_out(
    tmp_path: Path, words: list[str], samples: str, said: str
) -> None:
    code, lines = run(tmp_path, SKIPPING, *words, CI="true", TOUCHSTONE_SAMPLES=str(tmp_path / samples))
    assert code == pytest.ExitCode.USAGE_ERROR
    assert said in lines[-1]
