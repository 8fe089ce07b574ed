"""Of a file with bad rows the good ones can be taken, once the bad ones were shown; no row is lost by it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.store.evidence import Line
from hub.store.market import Grid, Market, Shop
from hub.store.people import Person
from hub.store.staff import Proposal, Staff
from tests.hub.town import MARKET

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Someone

STAFF = "id,name_zh,post,begins,ends,employer\n"
MIXED = (
    STAFF
    + "good-1,好一,guard,2026-01-01,,清河安保\n"
    + "bad-1,坏一,king,01/02/2026,,清河安保\n"
    + "\n"
    + "good-2,好二,guard,2026-01-01,,\n"
    + "bad-2,坏二,guard\n"
    + "bad-3,坏三,guard,2026-01-01,,甲,乙\n"
    + "good-1,又一,guard,2026-01-01,,\n"
)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", " =1+1", "'=1+1", '=HYPERLINK("http://x","y")')


def ask(who: Someone, way: str, text: str | bytes) -> Any:
    data = text.encode() if isinstance(text, str) else text
    own = {"X-CSRF": who.csrf, "Content-Type": "text/csv"}
    return who.request("POST", f"/api/imports/{way}", headers=own, content=data)


def told(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert found["rows"] == sum(found[one] for one in ("new", "changed", "same", "refused"))
    return found


def cells(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_the_good_rows_are_taken_and_the_others_wait_corrected_for_the_next_file(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    zhou = as_("zhou")
    report = told(ask(zhou, "staff?apply=true", MIXED))
    assert (report["applied"], report["rows"], report["new"], report["refused"]) == (False, 6, 2, 4)
    taken = told(ask(zhou, f"staff?apply=true&good={report['report']}", MIXED))
    assert (taken["applied"], taken["new"], taken["refused"]) == (True, 2, 4)
    with store() as s:
        here = s.scalars(select(Person.id).where(Person.id.like("%-_"))).all()
        assert sorted(one for one in here if one.startswith(("good", "bad"))) == ["good-1", "good-2"]
        assert s.get_one(Person, "good-1").name_zh == "好一"
        lines = s.scalars(select(Line.public).where(Line.act == "staff.change")).all()
    assert sorted(line["person"] for line in lines) == ["good-1", "good-2"]

    head, *rows = cells(ask(zhou, "staff/refused", MIXED))
    assert head == ["row", "why", "id", "name_zh", "post", "begins", "ends", "employer"]
    assert [(row[0], row[2:]) for row in rows] == [
        ("3", ["bad-1", "坏一", "king", "01/02/2026", "", "清河安保"]),
        ("6", ["bad-2", "坏二", "guard"]),
        ("7", ["bad-3", "坏三", "guard", "2026-01-01", "", "甲", "乙"]),
        ("8", ["good-1", "又一", "guard", "2026-01-01", "", ""]),
    ]
    assert "there is no such post" in rows[0][1]
    assert "没有这个岗位" in rows[0][1]
    assert "2026-11-22" in rows[0][1]
    assert "row 2 has it already" in rows[3][1]

    rows[0][4:6] = ["guard", "2026-02-01"]
    rows[1] += ["2026-01-01", "", ""]
    rows[2].pop()
    rows[3][2] = "good-3"
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    again = told(ask(zhou, "staff?apply=true", out.getvalue()))
    assert (again["applied"], again["new"], again["wrong"]) == (True, 4, 0)


def test_nobody_takes_good_rows_without_having_seen_the_bad_ones(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    zhou = as_("zhou")
    seen = told(ask(zhou, "staff", MIXED))["report"]
    other = MIXED + "good-4,好四,guard,2026-01-01,,\n"
    for text, good in ((other, seen), (MIXED, "yes"), (MIXED, "0" * 64)):
        answer = ask(zhou, f"staff?apply=true&good={good}", text)
        assert (answer.status_code, answer.json()["code"]) == (409, "import.changed")
    with store() as s:
        assert s.get(Person, "good-1") is None
        assert s.scalars(select(Line).where(Line.act == "staff.change")).all() == []


def test_what_became_wrong_after_the_report_is_shown_first(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    text = "id,name_zh,grid,x,y\nn-1,新店,east,1,1\nn-2,新店,north,1,1\n"
    zhou = as_("zhou")
    seen = told(ask(zhou, "shops", text))["report"]
    with store.begin() as s:
        s.add(Market(id="xinda", name_zh="甲", name_en="A", x0=0, y0=0, x1=1, y1=1, zone="UTC"))
        s.flush()
        s.add(Grid(id="north", market=MARKET, number=9, name_zh="北", name_en="North", tint=0))
        s.add(Grid(id="far", market="xinda", number=1, name_zh="远", name_en="Far", tint=0))
        s.flush()
        door = {"door_x": 0, "door_y": 0, "ring": [0, 0, 1, 0, 1, 1]}
        s.add(Shop(id="n-1", market="xinda", name_zh="别处", name_en="Elsewhere", grid="far", **door))
    assert ask(zhou, f"shops?apply=true&good={seen}", text).json()["code"] == "import.changed"


def test_a_file_without_a_good_row_is_refused(as_: Callable[[str], Someone]) -> None:
    zhou, text = as_("zhou"), STAFF + "bad-1,坏一,king,2026-01-01,,\n"
    seen = told(ask(zhou, "staff", text))["report"]
    answer = ask(zhou, f"staff?apply=true&good={seen}", text)
    assert (answer.status_code, answer.json()["code"]) == (422, "import.good")


def test_the_good_shops_are_taken_and_their_line_says_how_many_were_not(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    zhou = as_("zhou")
    text = "编号,商铺名称,网格,门口横坐标,门口纵坐标\nn-1,新店,east,1,1\n"
    text += "n-2,新店,north,1,1\nn-3,新店,west,nan,1\n"
    seen = told(ask(zhou, "shops", text))["report"]
    assert told(ask(zhou, f"shops?apply=true&good={seen}", text))["new"] == 1
    with store() as s:
        assert [s.get(Shop, one) is not None for one in ("n-1", "n-2", "n-3")] == [True, False, False]
        line = s.scalars(select(Line).where(Line.act == "market.change")).one()
    assert (line.public["new"], line.public["refused"]) == (1, 2)
    assert [row[0] for row in cells(ask(zhou, "shops/refused", text))[1:]] == ["3", "4"]


def test_no_role_is_proposed_for_a_refused_row(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    text = "id,name_zh,post,begins,role,grid\na-1,甲,guard,2026-01-01,guard,east\n"
    text += "a-2,乙,king,2026-01-01,guard,east\n"
    ji = as_("ji")
    seen = told(ask(ji, "staff", text))["report"]
    told(ask(ji, f"staff?apply=true&good={seen}", text))
    with store() as s:
        assert [one.person for one in s.scalars(select(Proposal))] == ["a-1"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_of_the_refused_rows_is_a_formula(as_: Callable[[str], Someone], cell: str) -> None:
    zhou, out = as_("zhou"), io.StringIO()
    csv.writer(out).writerows([["id", "name_zh", "post", "begins"], ["x", cell, cell, cell, cell]])
    answer = ask(zhou, "staff/refused", out.getvalue())
    assert answer.headers["content-disposition"] == 'attachment; filename="staff-refused.csv"'
    _, row = cells(answer)
    assert row[3:] == [f"'{cell.strip().removeprefix(chr(39))}"] * 4
    again = cells(ask(zhou, "staff/refused", answer.content))
    assert (again[0], again[1][2:]) == (["row", "why", "id", "name_zh", "post", "begins"], row[2:])


def test_a_column_that_the_file_lacks_stays_as_it_is_and_an_empty_cell_empties(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    zhou = as_("zhou")
    told(ask(zhou, "staff?apply=true", STAFF + "a-1,甲,guard,2026-01-01,2026-12-31,清河安保\n"))
    told(ask(zhou, "staff?apply=true", "id,name_zh,post,begins\na-1,乙,guard,2026-02-01\n"))
    with store() as s:
        entry = s.get_one(Staff, "a-1")
        assert (str(entry.begins), str(entry.ends), entry.employer) == (
            "2026-02-01",
            "2026-12-31",
            "清河安保",
        )
    assert told(ask(zhou, "staff", "id,name_zh,post,begins\na-1,乙,guard,2026-02-01\n"))["same"] == 1
    told(ask(zhou, "staff?apply=true", STAFF + "a-1,乙,guard,2026-02-01,,\n"))
    with store() as s:
        entry = s.get_one(Staff, "a-1")
        assert (entry.ends, entry.employer) == (None, "")


def test_a_shop_that_moves_to_another_grid_does_not_keep_its_group_unsaid(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    zhou, head = as_("zhou"), "id,name_zh,grid,x,y"
    with store() as s:
        before = s.get_one(Shop, "c-10").group
        assert before
    told(ask(zhou, "shops?apply=true", f"{head}\nc-10,顺发五金,east,2.5,18\n"))
    with store() as s:
        assert s.get_one(Shop, "c-10").group == before
    moved = told(ask(zhou, "shops?apply=true", f"{head}\nc-10,顺发五金,west,2.5,18\n"))
    assert [(one["row"], one["column"]) for one in moved["problems"]] == [(2, "group")]
    assert told(ask(zhou, "shops?apply=true", f"{head},group\nc-10,顺发五金,west,2.5,18,\n"))["applied"]


def test_a_file_with_nothing_wrong_has_no_refused_rows(as_: Callable[[str], Someone]) -> None:
    text = "id,name_zh,post,begins\ngood-1,好一,guard,2026-01-01\n"
    assert cells(ask(as_("zhou"), "staff/refused", text)) == [
        ["row", "why", "id", "name_zh", "post", "begins"]
    ]


def test_whoever_may_not_gets_no_rows_back(as_: Callable[[str], Someone]) -> None:
    assert ask(as_("lin"), "staff/refused", "nothing").status_code == 403
    assert ask(as_("lin"), "shops/refused", "nothing").status_code == 403
