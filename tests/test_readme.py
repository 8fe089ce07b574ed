"""What the README says, a test holds."""

from __future__ import annotations

import csv
import re
from math import prod
from pathlib import Path

import pytest

from tests.hub.gear import test_hearing
from tests.hub.gear.stands import STANDS

ROOT = Path(__file__).parents[1]
READMES = ["README.md", "README.zh-CN.md"]
PAGES = [*READMES, "CONTRIBUTING.md", "docs/operate.md", "docs/models.md", "docs/terminal.md"]
LINK = re.compile(r"\[[^\]]*\]\(([^)#:]+)\)")


@pytest.mark.parametrize("page", PAGES)
def test_a_link_leads_somewhere(page: str) -> None:
    file = ROOT / page
    missing = {link for link in LINK.findall(file.read_text()) if not (file.parent / link).exists()}
    assert missing == set()


@pytest.mark.parametrize("page", READMES)
def test_every_log_in_that_is_named_is_one_of_the_demo_market(page: str) -> None:
    with (ROOT / "hub" / "demo" / "people.csv").open(encoding="utf-8") as file:
        people = {row["login"] for row in csv.DictReader(file)} - {""}
    table = re.findall(r"^\|[^|]+\|((?: ?`[a-z]+`[、, ]*)+)\|", (ROOT / page).read_text(), re.MULTILINE)
    named = {login for cell in table for login in re.findall(r"`([a-z]+)`", cell)}
    assert len(named) >= 10
    assert named <= people


def test_every_promise_names_a_test_or_a_measurement_that_is_there() -> None:
    rows = re.findall(r"^\| (P\d+) \|.*\|([^|]+)\|$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert [name for name, _ in rows] == [f"P{number}" for number in range(1, 13)]
    for name, command in rows:
        files = re.findall(r"tests/[\w/.]+", command)
        files += [f"{one.replace('.', '/')}.py" for one in re.findall(r"-m (tests[\w.]+)", command)]
        assert files, name
        assert [one for one in files if not (ROOT / one).is_file()] == [], name


def test_every_gear_holds_as_many_sentences_as_are_told() -> None:
    suite = "tests/hub/gear/test_hearing.py"
    told = re.findall(rf"\| (\d+) \| `pytest {suite} -k (\S+) --co` \|", (ROOT / "README.md").read_text())
    tests = [each for name, each in vars(test_hearing).items() if name.startswith("test_")]
    cases = [prod(len(mark.args[1]) for mark in getattr(each, "pytestmark", ())) for each in tests]
    assert {gear: int(number) for number, gear in told} == dict.fromkeys(STANDS, sum(cases))


@pytest.mark.parametrize("page", READMES)
def test_every_command_of_make_that_is_named_is_there(page: str) -> None:
    named = set(re.findall(r"make ([a-z][a-z-]+)", (ROOT / page).read_text()))
    goals = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"run", "clean-data", "help"} <= named <= goals


def test_both_languages_give_the_same_commands() -> None:
    commands = [
        re.findall(r"^make .*|^git clone", (ROOT / page).read_text(), re.MULTILINE) for page in READMES
    ]
    plain = [[re.sub(r"//.*@|\s+#.*", "", line) for line in lines] for lines in commands]
    assert plain[0] == plain[1]
