"""The page of rules in docs says what the tables say."""

from __future__ import annotations

from pathlib import Path

from hub.core.case import Act
from hub.core.policy import TABLE
from hub.core.printed import page

DOCS = Path(__file__).parents[3] / "docs" / "rules.md"


def test_the_page_of_rules_agrees_with_the_tables() -> None:
    assert DOCS.read_text(encoding="utf-8") == page(), "run: python -m hub.core.printed > docs/rules.md"


def test_the_page_names_every_action_and_every_act() -> None:
    text = page()
    assert all(f"`{name}`" in text for name in TABLE)
    moving = {act for act in Act if act not in (Act.NOTE, Act.CALL, Act.REMIND, Act.PRIORITY)}
    asking = {Act.RETURN_REQUEST, Act.SUSPEND_REQUEST, Act.EN_ROUTE, Act.ON_SCENE}
    assert all(f"`{act}`" in text for act in moving - asking)


def test_limits_read_as_people_say_them() -> None:
    text = page()
    for words in ("30 s", "60 s", "2 min", "48 h", "7 d", "end of the shift"):
        assert words in text
