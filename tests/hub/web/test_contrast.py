"""Every pair of tokens that the pages lay on each other can be read, by day and by night (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[3] / "hub" / "web" / "src" / "tokens.css"
TEXT, SHAPE = 4.5, 3.0
"""Least contrast of words, and of signs and the focus ring."""
LEVELS, GRIDS = range(4), range(5)

TEXT_PAIRS = [
    *((ink, ground) for ink in ("text", "text-2", "text-3") for ground in ("bg", "surface", "sunk")),
    ("on-accent", "accent"),
    ("accent", "surface"),
    ("accent", "bg"),
    *((ink, "accent-soft") for ink in ("text", "text-2")),
    *((f"p{n}-on", f"p{n}-fill") for n in LEVELS),
    *((f"p{n}", ground) for n in LEVELS for ground in ("surface", "bg", "sunk", "accent-soft")),
    *((ink, "p0-soft") for ink in ("p0", "text", "text-2")),
    ("surface", "text"),
    *((ink, "plan-ground") for ink in ("text", "text-2")),
    *(("text", f"g{n}") for n in GRIDS),
    *(("text-2", f"g{n}") for n in GRIDS),
]
SHAPE_PAIRS = [
    ("line-strong", "surface"),
    ("focus", "bg"),
    ("focus", "surface"),
    ("p0-fill", "plan-ground"),
    ("p1-fill", "g1"),
    ("p2", "g1"),
    ("p3", "plan-ground"),
    ("plan-blind", "plan-ground"),
]


def tokens(theme: str) -> dict[str, str]:
    light, rest = CSS.read_text(encoding="utf-8").split("\n[data-theme=dark]{")
    dark = rest.split("/* ----", maxsplit=1)[0]
    blocks = (light,) if theme == "light" else (light, dark)
    return {
        name: value for block in blocks for name, value in re.findall(r"--([\w-]+):(#[0-9A-Fa-f]{6})", block)
    }


def luminance(colour: str) -> float:
    """Relative luminance 0..1 of `#rrggbb`, WCAG 2.2."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_and_signs_can_be_read(theme: str) -> None:
    colour = tokens(theme)
    weak = [
        f"{ink} on {ground}: {contrast(colour[ink], colour[ground]):.2f} < {least}"
        for pairs, least in ((TEXT_PAIRS, TEXT), (SHAPE_PAIRS, SHAPE))
        for ink, ground in pairs
        if contrast(colour[ink], colour[ground]) < least
    ]
    assert not weak


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_severity_keeps_its_order_without_colour(theme: str) -> None:
    """The graver the darker the fill, so that a greyscale print still ranks P0, P1 and P2."""
    colour = tokens(theme)
    fills = [luminance(colour[f"p{n}-fill"]) for n in (0, 1, 2)]
    assert fills == sorted(fills)


def test_styles_name_only_tokens_that_stand() -> None:
    known = set(re.findall(r"--([\w-]+):", CSS.read_text(encoding="utf-8")))
    source = CSS.parent
    own = {"cap", "gap", "ratio"}
    used = {
        name
        for path in [*source.rglob("*.svelte"), *source.rglob("*.css")]
        for name in re.findall(r"var\(--([\w-]+)\)", path.read_text(encoding="utf-8"))
    }
    assert used - known - own == set()


def test_no_page_brings_a_colour_of_its_own() -> None:
    """Black and white over pictures are the only colours outside the tokens."""
    allowed = {"#000", "#fff", "#c8ced2"}
    found = {
        f"{path.name} {colour}"
        for path in CSS.parent.rglob("*.svelte")
        for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;, ])", path.read_text(encoding="utf-8"))
        if colour.lower() not in allowed
    }
    assert found == set()
