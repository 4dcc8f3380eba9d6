"""The style sheet: weight, tokens in both themes, contrast recomputed from the file itself."""

import re
from pathlib import Path

import pytest

ROOM = Path(__file__).resolve().parents[2] / "app" / "web"
STYLES = (ROOM / "static" / "web" / "app.css").read_text(encoding="utf-8")
LIMIT_BYTES = 30_000
TEXT, EDGE = 4.5, 3.0
# (ink, ground, least contrast) of experience 8.3 and 8.4
PAIRS = [
    ("text", "surface", TEXT), ("text", "bg", TEXT), ("text", "sunk", TEXT), ("text-2", "surface", TEXT),
    ("text-2", "bg", TEXT), ("text-2", "sunk", TEXT), ("text-3", "surface", TEXT), ("text-3", "bg", TEXT),
    ("text-3", "sunk", TEXT), ("text-3", "info-bg", TEXT), ("accent", "surface", TEXT), ("accent", "bg", TEXT),
    ("accent", "sunk", TEXT), ("accent", "info-bg", TEXT), ("accent-strong", "surface", TEXT),
    ("accent-strong", "info-bg", TEXT), ("on-accent", "accent", TEXT), ("on-accent", "accent-strong", TEXT),
    ("surface", "bad", TEXT), ("ok", "ok-bg", TEXT), ("warn", "warn-bg", TEXT), ("warn", "bg", TEXT),
    ("bad", "bad-bg", TEXT), ("bad", "surface", TEXT), ("bad", "bg", TEXT), ("info", "info-bg", TEXT),
    ("neu", "neu-bg", TEXT), ("ins", "ins-bg", TEXT), ("del", "del-bg", TEXT), ("text", "info-bg", TEXT),
    ("text", "ok-bg", TEXT), ("text", "warn-bg", TEXT), ("text", "bad-bg", TEXT),
    ("focus", "surface", EDGE), ("focus", "bg", EDGE), ("border-strong", "surface", EDGE),
    ("border-strong", "bg", EDGE), ("border-strong", "sunk", EDGE),
    *((f"ph-{phase}", "surface", TEXT) for phase in ("listen", "shape", "try", "live", "closed")),
]  # fmt: skip


def themes() -> dict[str, dict[str, str]]:
    """Returns the colour tokens of each block of the style sheet that sets them."""
    blocks = re.findall(r"color-scheme: (light|dark);([^}]*)}", STYLES)
    found = [
        (scheme, dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6})", body))) for scheme, body in blocks
    ]
    return {f"{scheme} {number}": tokens for number, (scheme, tokens) in enumerate(found)}


def contrast(first: str, second: str) -> float:
    """Returns the WCAG 2 contrast of two colours such as #1A222C."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(first), light(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_formula_knows_black_on_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_both_dark_blocks_say_the_same_and_no_token_is_forgotten() -> None:
    light, dark, forced = themes().values()
    assert dark == forced
    assert light.keys() == dark.keys()


@pytest.mark.parametrize("theme", sorted(themes()))
def test_every_pair_of_ink_and_ground_can_be_read(theme: str) -> None:
    tokens = themes()[theme]
    poor = [
        f"--{ink} on --{ground}: {contrast(tokens[ink], tokens[ground]):.2f}, needs {least}"
        for ink, ground, least in PAIRS
        if contrast(tokens[ink], tokens[ground]) < least
    ]
    assert poor == [], "change the token, not the limit"


def test_colours_stand_in_the_token_blocks_only() -> None:
    rules = re.sub(r"--[a-z0-9-]+:\s*#[0-9A-Fa-f]{6};?", "", STYLES)
    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b(?=[;, )])", rules) == [], "use a token"


def test_every_token_that_is_used_is_set() -> None:
    used = set(re.findall(r"var\(--([a-z0-9-]+)", STYLES))
    made = set(re.findall(r"--([a-z0-9-]+):", STYLES))
    assert used - made == set()


def test_the_style_sheet_fetches_nothing_and_stays_light() -> None:
    assert len(STYLES.encode()) <= LIMIT_BYTES
    assert "url(" not in STYLES and "@import" not in STYLES


def test_flexible_tracks_cannot_burst_a_narrow_window() -> None:
    tracks = re.findall(r"grid-template(?:-columns)?:([^;]+);", STYLES)
    assert tracks
    bare = [track for track in tracks if re.search(r"(?<![\d, ]\s)(?<!, )\b\dfr", track.split("/")[-1])]
    assert bare == [], "write minmax(0, 1fr)"


def test_scripts_stay_light_and_name_their_contract() -> None:
    scripts = sorted((ROOM / "static" / "web" / "js").glob("*.js"))
    assert {"page.js", "autosave.js", "preview.js", "poll.js", "copy.js", "keys.js", "confirm-leave.js"} <= {
        script.name for script in scripts
    }
    assert sum(len(script.read_bytes()) for script in scripts) <= 30 * 1024
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        assert text.startswith("/*"), f"{script.name} begins by saying what it binds to"
        assert not re.search(r"\beval\(|new Function|\.style\b|document\.write", text), script.name
