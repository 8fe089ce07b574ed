"""Every word of the pages stands in both languages, and no page says a word that the table does not know."""

import re
from pathlib import Path
from typing import get_args

import pytest

from hub.core import appoint, component, election, glossary, health, severity, staff
from hub.core.case import Act, Stage
from hub.core.policy import Role
from hub.service import camera, letter
from wire.order import Op

SOURCE = Path(__file__).parents[3] / "hub" / "web" / "src"
TABLES = tuple(sorted(SOURCE.rglob("words.ts")))
ROW = re.compile(r'^  "([\w.-]+)": \["((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\],$', re.MULTILINE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN_IS_FINE = {"app.language"}
"""Words that are the same letters in both languages, or the other language's own name."""
FAMILIES = {
    "label": "a detector's labels",
    "level": "levels of detail",
    "zone": "rooms that no camera may look into",
    "fixture": "kinds of cameras on the filing sheet",
    "filing": "what the filing sheet says of a camera",
    "kind": "kinds of alerts",
    "camera": "states of cameras",
    "cause": "why a camera gives no picture",
    "state": "states of alerts",
    "stage": "stages of cases",
    "move": "acts on cases",
    "why": "what an act does",
    "role": "roles",
    "channel": "channels of a report",
    "clock": "clocks of a case",
    "board": "columns of the board",
    "trouble": "parts of the hub that do not work",
    "status": "standings of devices",
    "fault": "what is wrong with a device",
    "timekeeping": "what sets a device's clock",
    "op": "what a device can be told to do",
    "op.relay": "the same",
    "op.rules": "the same",
    "field": "fields of a rule",
    "choice": "what a field of a rule may be",
    "op.ptz": "operations that turn a camera",
    "order": "what became of it",
    "config": "what became of a configuration",
    "what": "kinds of messages",
    "letter": "what became of a dead letter",
    "lived": "kinds of sessions",
    "login.oidc": "why the organisation's log-in let nobody in",
    "reach": "how far a right goes",
    "standing": "whether a certificate holds",
    "post": "posts of the staff",
    "certificate": "kinds of certificates",
    "contact": "who answers for a shop",
    "access": "kinds of looks in the register",
    "band": "what is done with an armband",
    "component": "kinds of components",
    "owner": "who owns a component",
    "condition": "what a component is found to be",
    "way": "how is voted",
    "appointed": "offices to which somebody is appointed",
    "said": "kinds of what a phone says",
    "notify": "ways by which a notice reaches somebody",
    "sent": "what became of a notice on its way",
    "feed": "whose calendar it is",
    "column": "columns of a file that is imported",
}
"""Families whose words are asked for by a code that the hub sends."""


def rows() -> dict[str, tuple[str, str]]:
    return {
        key: (zh, en) for table in TABLES for key, zh, en in ROW.findall(table.read_text(encoding="utf-8"))
    }


def test_every_line_of_the_tables_is_a_word_in_both_languages() -> None:
    lines = sum(len(re.findall(r'^  "', table.read_text(encoding="utf-8"), re.MULTILINE)) for table in TABLES)
    assert len(rows()) == lines > 300


def test_a_word_is_chinese_in_chinese_and_not_in_english() -> None:
    for key, (zh, en) in rows().items():
        assert zh.strip(), key
        assert en.strip(), key
        if key not in LATIN_IS_FINE:
            assert not CHINESE.search(en), (key, en)
            latin = re.search(r"[a-z]{3}", re.sub(r"\{\w+\}|\\u2009", "", zh))
            assert CHINESE.search(zh) or not latin, (key, zh)


def test_both_languages_are_filled_in_with_the_same_things() -> None:
    for key, (zh, en) in rows().items():
        names = [set(re.findall(r"\{(\w+)\}", form)) for form in (zh, *en.split("|"))]
        assert all(each == names[0] for each in names), (key, names)


def test_no_word_is_left_over() -> None:
    said = "".join(
        path.read_text(encoding="utf-8")
        for path in [*SOURCE.rglob("*.svelte"), *SOURCE.rglob("*.ts")]
        if path not in TABLES and not path.name.endswith(".test.ts")
    )
    asked = {stem.rstrip(".") for stem in re.findall(r"[\"'`]([\w.]+\.)\$\{", said)} | set(FAMILIES)
    unused = [key for key in rows() if f'"{key}"' not in said and key.rsplit(".", 1)[0] not in asked]
    assert unused == []


def chinese(family: str) -> dict[str, str]:
    return {
        key.removeprefix(f"{family}."): zh for key, (zh, _) in rows().items() if key.startswith(f"{family}.")
    }


@pytest.mark.parametrize(
    ("family", "table"),
    [
        ("move", glossary.ACT),
        ("stage", glossary.STAGE),
        ("role", glossary.ROLE),
        ("clock", glossary.CLOCK),
        ("reason", glossary.DISMISSAL),
        ("post", staff.POST),
        ("certificate", staff.CERTIFICATE),
        ("contact", staff.CONTACT),
        ("access", staff.ACCESS),
        ("component", component.KIND),
        ("owner", component.OWNER),
        ("condition", component.CONDITION),
        ("way", election.WAY),
        ("appointed", appoint.OFFICE),
        ("sev", {str(n): pair for n, pair in enumerate(glossary.SEVERITY)}),
    ],
)
def test_pages_and_hub_call_one_thing_by_one_word(family: str, table: dict[str, glossary.Pair]) -> None:
    assert chinese(family) == {code: pair.zh for code, pair in table.items()}


def test_no_code_of_the_hub_is_shown_bare() -> None:
    assert set(severity.TABLE) <= set(chinese("kind"))
    assert set(Stage) <= set(chinese("stage"))
    assert set(Act) <= set(chinese("move"))
    assert set(Role) <= set(chinese("role"))
    assert set(glossary.CLOCK) <= set(chinese("clock"))
    assert set(health.WORDS) <= set(chinese("trouble"))
    assert set(get_args(Op)) <= set(chinese("op"))
    assert camera.SHOWN | {"opening"} <= set(chinese("camera"))
    assert set(letter.STATES) <= set(chinese("letter"))


def test_kinds_of_alerts_are_called_as_the_glossary_says() -> None:
    table = (SOURCE.parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
    said = {
        code: zh
        for codes, zhs in re.findall(r"^\| ([a-z, ]+) \| ([^|]+) \|", table, re.MULTILINE)
        for code, zh in zip(codes.split(", "), zhs.strip().split("、"), strict=True)
        if code in severity.TABLE
    }
    kinds = chinese("kind")
    assert said
    assert {code: kinds[code] for code in said} == said
