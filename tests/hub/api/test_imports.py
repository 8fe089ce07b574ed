"""Staff and shops by file: every row is checked, and all of a file is taken or nothing of it."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from hub.service import placement, rebuild
from hub.service.imports import MOST_BYTES, MOST_ROWS
from hub.service.rebuild import Made
from hub.store.evidence import Line
from hub.store.market import Grid, Shop, ShopGroup
from hub.store.people import Grant, Person
from hub.store.staff import Proposal, Staff
from tests.hub.town import NOON, actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Someone

TODAY = NOON.date()
YESTERDAY = TODAY - timedelta(days=1)
STAFF = "id,name_zh,name_en,post,employer,begins,ends,role,grid,group\n"
SHOPS = "id,name_zh,name_en,grid,group,hall,x,y,open\n"
GOOD = (
    STAFF
    + "new-1,新保安,New One,guard,清河安保,2026-01-01,,,,\nqiu,邱止水,Qiu Zhishui,guard,,2025-03-01,,,,\n"
)


def send(who: Someone, what: str, text: str | bytes, apply: bool = False) -> Any:
    data = text.encode() if isinstance(text, str) else text
    own = {"X-CSRF": who.csrf, "Content-Type": "text/csv"}
    return who.request("POST", f"/api/imports/{what}?apply={apply}", headers=own, content=data)


def told(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def where(answer: Any) -> set[tuple[int, str]]:
    return {(one["row"], one["column"]) for one in told(answer)["problems"]}


def test_a_check_changes_nothing_and_the_same_file_is_then_taken_whole(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    zhou = as_("zhou")
    checked = told(send(zhou, "staff", GOOD))
    assert len(checked.pop("report")) == 64
    assert checked == {
        "rows": 2, "new": 2, "changed": 0, "same": 0,
        "refused": 0, "wrong": 0, "applied": False, "problems": [], "remarks": [], "streets": 0,
    }  # fmt: skip
    with store() as s:
        assert s.get(Person, "new-1") is None
    assert told(send(zhou, "staff", GOOD, apply=True))["applied"]
    with store() as s:
        person = s.get_one(Person, "new-1")
        assert (person.name_zh, person.login, person.active) == ("新保安", None, True)
        assert s.get_one(Staff, "qiu").begins == date(2025, 3, 1)
        assert s.scalars(select(Grant).where(Grant.person == "new-1")).all() == []
        acts = s.scalars(select(Line.act).where(Line.act == "staff.change")).all()
    assert len(acts) == 2
    assert told(send(zhou, "staff", GOOD, apply=True))["same"] == 2


def test_one_bad_row_and_nothing_of_the_file_is_taken(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    answer = told(send(as_("zhou"), "staff", GOOD + "new-2,坏行,,king,,2026-01-01,,,,\n", apply=True))
    assert (answer["applied"], answer["wrong"]) == (False, 1)
    assert answer["problems"] == [
        {"row": 4, "column": "post", "zh": "没有这个岗位", "en": "there is no such post"}
    ]
    with store() as s:
        assert s.get(Person, "new-1") is None


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("New One,新,,guard,,2026-01-01,,,,", "id"),
        (",新,,guard,,2026-01-01,,,,", "id"),
        ("new-1,别人,,guard,,2026-01-01,,,,", "id"),
        ("b,,,guard,,2026-01-01,,,,", "name_zh"),
        (f"b,{'长' * 65},,guard,,2026-01-01,,,,", "name_zh"),
        ("b,右\u202e左,,guard,,2026-01-01,,,,", "name_zh"),
        ('b,"两\n行",,guard,,2026-01-01,,,,', "name_zh"),
        ("b,新,,king,,2026-01-01,,,,", "post"),
        ("b,新,,guard,,01/02/2026,,,,", "begins"),
        ("b,新,,guard,,20260101,,,,", "begins"),
        ("b,新,,guard,,0001-01-01,,,,", "begins"),
        ("b,新,,guard,,2026-02-30,,,,", "begins"),
        ("b,新,,guard,,2026-02-03,2026-02-01,,,", "ends"),
        ("b,新,,guard,,2026-01-01,,king,,", "role"),
        ("b,新,,guard,,2026-01-01,,public,,", "role"),
        ("b,新,,guard,,2026-01-01,,,north,", "grid"),
        ("b,新,,guard,,2026-01-01,,,east,east-9", "group"),
        ("b,新,,guard,,2026-01-01,,,west,east-1", "group"),
        ("b,新,,guard,,2026-01-01,,,,east-1", "group"),
        ("b,新,,guard,,2026-01-01", ""),
        ("b,新,,guard,,2026-01-01,,,,,,", ""),
    ],
)
def test_what_is_wrong_is_said_by_row_and_column(
    as_: Callable[[str], Someone], line: str, column: str
) -> None:
    text = STAFF + "new-1,新保安,,guard,,2026-01-01,,,,\n" + line + "\n"
    assert where(send(as_("ji"), "staff", text)) == {(3, column)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_however_the_office_saved_it(
    as_: Callable[[str], Someone], store: sessionmaker[Session], encoding: str
) -> None:
    text = "编号,姓名,岗位,入职日期\r\nnew-1,龙㛃飞,guard,2026-01-01\r\n" if encoding != "gbk" else (
        "编号,姓名,岗位,入职日期\r\nnew-1,龙小飞,guard,2026-01-01\r\n"
    )  # fmt: skip
    assert told(send(as_("zhou"), "staff", text.encode(encoding), apply=True))["applied"]
    with store() as s:
        assert s.get_one(Person, "new-1").name_zh in text


def test_what_looks_alike_is_kept_alike(as_: Callable[[str], Someone], store: sessionmaker[Session]) -> None:
    text = STAFF + "new-1,新,Ame\u0301lie,guard,,2026-01-01,,,,\n"
    told(send(as_("zhou"), "staff", text, apply=True))
    with store() as s:
        assert s.get_one(Person, "new-1").name_en == "Am\u00e9lie"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "import.columns"),
        (b"id,name_zh\n", "import.columns"),
        (STAFF.replace("employer", "id").encode(), "import.columns"),
        (STAFF.replace("employer", "身份证号").encode(), "import.columns"),
        (STAFF.replace(",", ";").encode(), "import.columns"),
        (STAFF.encode("utf-16"), "import.text"),
        (b"\xff\xfe\xff\xff", "import.text"),
        (b"PK\x03\x04\x00\x00", "import.text"),
        ((STAFF + 'a,"open').encode(), "import.quotes"),
        (STAFF.encode() + b"\n" * (MOST_ROWS + 1), "import.rows"),
    ],
)
def test_what_is_no_such_file_is_refused(as_: Callable[[str], Someone], data: bytes, code: str) -> None:
    answer = send(as_("zhou"), "staff", data)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_file_that_is_too_large_is_refused(as_: Callable[[str], Someone]) -> None:
    assert send(as_("zhou"), "staff", b"x" * (MOST_BYTES + 1)).status_code == 413


def test_a_role_in_the_file_waits_for_approval_and_is_not_for_the_manager_to_give(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    text = STAFF + "new-1,新,,guard,,2026-01-01,,guard,east,\nqiu,邱止水,,guard,,2026-01-01,,guard,east,\n"
    assert where(send(as_("zhou"), "staff", text)) == {(2, "role")}
    assert told(send(as_("ji"), "staff", text, apply=True))["applied"]
    told(send(as_("ji"), "staff", text, apply=True))
    with store() as s:
        waits = s.scalars(select(Proposal)).all()
        assert [(one.person, one.role, one.node) for one in waits] == [("new-1", "guard", "yunda/east")]
        assert s.scalars(select(Grant).where(Grant.person == "new-1")).all() == []


def test_shops_come_in_move_and_stay(as_: Callable[[str], Someone], store: sessionmaker[Session]) -> None:
    text = SHOPS + "n-1,新店,,east,east-1,h1,10.5,20,\nc-10,顺发五金,Shunfa,east,east-2,h1,2.5,18,no\n"
    assert told(send(as_("zhou"), "shops", text, apply=True))["applied"]
    with store() as s:
        new, old = s.get_one(Shop, "n-1"), s.get_one(Shop, "c-10")
        assert (new.name_en, new.open, len(new.ring)) == ("新店", True, 8)
        assert (old.name_zh, old.group, old.open) == ("顺发五金", "east-2", False)
        assert old.ring == [0.0, 10, 5.0, 10, 5.0, 18, 0.0, 18]
        line = s.scalars(select(Line).where(Line.act == "market.change")).one()
    assert (line.public["new"], line.public["changed"]) == (1, 1)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("b,店,,north,,,1,1,", "grid"),
        ("b,店,,,,,1,1,", "grid"),
        ("b,店,,west,east-1,,1,1,", "group"),
        ("b,店,,west,,h9,1,1,", "hall"),
        ("b,店,,west,,,nan,1,", "x"),
        ("b,店,,west,,,1e999,1,", "x"),
        ("b,店,,west,,,1,41,", "y"),
        ("b,店,,west,,,1,-0.1,", "y"),
        ("b,店,,west,,,1,1,maybe", "open"),
    ],
)
def test_what_is_wrong_with_a_shop_is_said_by_column(
    as_: Callable[[str], Someone], line: str, column: str
) -> None:
    assert where(send(as_("zhou"), "shops", SHOPS + line + "\n")) == {(2, column)}


@pytest.mark.parametrize("what", ["staff", "shops"])
def test_what_goes_out_comes_in_again_unchanged(as_: Callable[[str], Someone], what: str) -> None:
    zhou = as_("zhou")
    told(send(zhou, "staff", GOOD, apply=True))
    file = zhou.get(f"/api/exports/{what}.csv")
    assert file.headers["content-disposition"] == f'attachment; filename="{what}.csv"'
    answer = told(send(zhou, what, file.content))
    assert answer["rows"] == answer["same"] > 0


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")'])
def test_no_cell_that_goes_out_is_a_formula(
    as_: Callable[[str], Someone], store: sessionmaker[Session], name: str
) -> None:
    zhou = as_("zhou")
    with store.begin() as s:
        s.get_one(Shop, "c-10").name_zh = name
    file = zhou.get("/api/exports/shops.csv").content
    cells = [cell for line in csv.reader(io.StringIO(file.decode("utf-8-sig"))) for cell in line]
    assert f"'{name}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    told(send(zhou, "shops", file, apply=True))
    with store() as s:
        assert s.get_one(Shop, "c-10").name_zh == name


def test_the_largest_file_is_taken(as_: Callable[[str], Someone], store: sessionmaker[Session]) -> None:
    lines = [f"p-{number},某人,,guard,,2026-01-01,,,,\n" for number in range(MOST_ROWS)]
    assert told(send(as_("zhou"), "staff", STAFF + "".join(lines), apply=True))["new"] == MOST_ROWS
    with store() as s:
        assert s.scalar(select(func.count()).select_from(Staff)) == MOST_ROWS


def test_whoever_may_not_is_refused_before_the_file_is_read(as_: Callable[[str], Someone]) -> None:
    assert send(as_("lin"), "staff", b"nothing").status_code == 403
    assert send(as_("lin"), "shops", b"nothing").status_code == 403
    assert as_("shen").get("/api/exports/staff.csv").status_code == 403


def test_a_shop_that_comes_in_later_stands_from_that_day_on(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    zhou = as_("zhou")
    with store.begin() as s:
        s.add(Grid(id="new", market="yunda", number=9, name_zh="新", name_en="New", tint=0, begins=TODAY))
    told(send(zhou, "shops", SHOPS + "n-1,新店,,new,,h1,10.5,20,\n", apply=True))
    seen = {day: zhou.get(f"/api/market?day={day}").json()["shops"]["id"] for day in (YESTERDAY, TODAY)}
    assert ("n-1" in seen[YESTERDAY], "n-1" in seen[TODAY]) == (False, True)


def test_premises_that_are_no_more_neither_go_out_nor_come_in(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    zhou = as_("zhou")
    with store.begin() as s:
        ring = ((0.0, 10.0), (2.0, 10.0), (2.0, 18.0), (0.0, 18.0))
        parts = [Made(f"c-10{one}", "x", "x", ring, (1.0, 18.0)) for one in ("a", "b")]
        rebuild.divide(s, actor(s, "zhou"), "c-10", parts, NOON)
    out = zhou.get("/api/exports/shops.csv").text
    assert ("c-10," in out, "c-10a," in out) == (False, True)
    assert where(send(zhou, "shops", SHOPS + "c-10,旧铺,,east,east-1,h1,2.5,18,\n")) == {(2, "id")}


def test_a_file_that_takes_the_centre_and_then_the_last_shop_of_a_group(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    def moved(*names: str) -> None:
        rows = [f"{name},店,,east,east-1,h1,{2.5 + 5 * int(name[-1])},18,\n" for name in names]
        assert told(send(as_("zhou"), "shops", SHOPS + "".join(rows), apply=True))["applied"]

    moved("c-20")
    with store() as s:
        assert s.get_one(ShopGroup, "east-2").centre is None
        assert "east-2" not in placement.centres(s, "yunda", TODAY)
    moved("c-21", "c-22")
    with store() as s:
        assert s.get_one(ShopGroup, "east-2").ends == TODAY
        assert placement.centres(s, "yunda", TODAY)["east-1"] == "c-10"
