"""The staff register from and into a file; the people and columns that a file does not name stay as they are.

Whoever is new holds nothing; a role in the file is proposed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from hub.core import policy, staff
from hub.core.glossary import Pair
from hub.core.policy import Role, Target
from hub.service import evidence, grants, number, place
from hub.service import staff as register
from hub.service.evidence import Entry
from hub.service.imports import table
from hub.service.imports.cell import TAKEN, blame_place, day, one_of, slug
from hub.service.imports.table import Column, Row, Sheet
from hub.store.market import Grid, ShopGroup
from hub.store.people import Grant, Person
from hub.store.staff import Staff

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.service.imports.report import Report, Wish

ROLES = frozenset(str(role) for role in Role if role not in grants.NOT_GIVEN)


COLUMNS = (
    Column("id", Pair("编号", "Id"), must=True, check=slug),
    Column("name_zh", Pair("姓名", "Name"), must=True),
    Column("name_en", Pair("英文名", "English name")),
    Column("post", Pair("岗位", "Post"), must=True, check=one_of(staff.POST, Pair("岗位", "post"))),
    Column("employer", Pair("用人单位", "Employer")),
    Column("begins", Pair("入职日期", "First day"), must=True, check=day),
    Column("ends", Pair("离职日期", "Last day"), check=day),
    Column("role", Pair("角色", "Role"), check=one_of(ROLES, Pair("角色", "role"))),
    Column("grid", Pair("网格", "Grid")),
    Column("group", Pair("联防小组", "Group")),
)


NOT_YOURS = Pair("授权由系统管理员申请，请留空", "the administrator proposes rights: leave it empty")
OWN = ("name_zh", "name_en", "post", "employer", "begins", "ends")
"""Columns of the register itself; the others say what is held."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the database has already."""

    people: dict[str, Person]
    staff: dict[str, Staff]
    held: frozenset[tuple[str, str, str]]
    """Person, role, node."""
    grids: frozenset[str]
    groups: dict[str, str]
    """Group → its grid."""


@dataclass(slots=True)
class Plan:
    """What is to be done."""

    enter: list[Row] = field(default_factory=list)
    propose: list[tuple[str, str, str]] = field(default_factory=list)


def take(s: Session, actor: Actor, data: bytes, wish: Wish, now: datetime) -> Report:
    """Check a file, and enter of it what is wished for: all of it unless something is wrong, or what is good.

    Raises:
        Refused: the actor may not, it is no such file, or its report is not the one that was read.
    """
    role = policy.authorize(actor, "staff.change", Target(actor.market))
    sheet, known = _checked(s, actor, data)
    report, plan = sheet.report, _plan(actor.market, sheet, known)
    if wish.grants(report):
        _enter(s, actor.market, plan.enter, known)
        s.flush()
        register.bar(s, _concerned(plan.enter, known), number.day_of(s, actor.market, now))
        grants.propose_all(s, actor, plan.propose, now)
        public = [{"person": row["id"], "post": row["post"], "file": report.file} for row in plan.enter]
        entries = [Entry("staff.change", actor, role, public=one) for one in public]
        evidence.append_all(s, actor.market, entries, now)
        report.applied = True
    return report


def refused(s: Session, actor: Actor, data: bytes) -> bytes:
    """The rows of a file with which something is wrong, and what.

    Raises:
        Refused: the actor may not, or it is no such file.
    """
    policy.authorize(actor, "staff.change", Target(actor.market))
    return table.refused(_checked(s, actor, data)[0])


def give(s: Session, actor: Actor, now: datetime) -> bytes:
    """The register as a file that `take` reads; of several grants of a person, the first. Leaves a line.

    Raises:
        Refused: the actor may not.
    """
    role = policy.authorize(actor, "staff.change", Target(actor.market))
    held: dict[str, tuple[str, str]] = {}
    here = (Person.market == actor.market,)
    every = select(Grant.person, Grant.role, Grant.node).join(Person, Person.id == Grant.person)
    for row in s.execute(every.where(*here).order_by(Grant.id)):
        if row.node.split("/")[0] == actor.market:
            held.setdefault(row.person, (row.role, row.node))
    query = select(Staff, Person).join(Person, Person.id == Staff.person).where(*here).order_by(Person.id)
    lines = [_line(row.Staff, row.Person, held.get(row.Person.id)) for row in s.execute(query)]
    evidence.append(s, actor.market, Entry("staff.export", actor, role, public={"rows": len(lines)}), now)
    return table.write(COLUMNS, lines)


def _line(entry: Staff, person: Person, grant: tuple[str, str] | None) -> dict[str, str]:
    role, node = grant or ("", "")
    _, grid, group, *_ = [*node.split("/"), "", ""]
    return {
        "id": person.id,
        "name_zh": person.name_zh,
        "name_en": person.name_en,
        "post": entry.post,
        "employer": entry.employer,
        "begins": entry.begins.isoformat(),
        "ends": entry.ends.isoformat() if entry.ends else "",
        "role": role,
        "grid": grid,
        "group": group,
    }


def _checked(s: Session, actor: Actor, data: bytes) -> tuple[Sheet, Known]:
    """The file with all that is wrong with it, and what is there already."""
    sheet = table.read(data, COLUMNS)
    known = _known(s, actor.market, sheet.rows)
    sheet = replace(sheet, rows=[row.over(_own(known, actor.market, row["id"])) for row in sheet.rows])
    grants_too = policy.allowed(actor, "person.change", Target(actor.market)).allowed
    report = sheet.report
    for row in sheet.rows:
        person = known.people.get(row["id"])
        if person is not None and person.market != actor.market:
            report.blame(row.number, "id", TAKEN)
        if row["ends"] and row["begins"] and row["ends"] < row["begins"]:
            report.blame(row.number, "ends", Pair("早于入职日期", "it lies before the first day"))
        blame_place(report, row, known.grids, known.groups)
        if row["role"] and not grants_too and _wanted(actor.market, row) not in known.held:
            report.blame(row.number, "role", NOT_YOURS)
    return sheet, known


def _own(known: Known, market: str, name: str) -> dict[str, str]:
    """What the register has of somebody, by column; nothing of whoever is new or another market's."""
    person, entry = known.people.get(name), known.staff.get(name)
    if person is None or entry is None or person.market != market:
        return {}
    line = _line(entry, person, None)
    return {column: line[column] for column in OWN}


def _known(s: Session, market: str, rows: list[Row]) -> Known:
    ids = [row["id"] for row in rows]
    held = s.execute(select(Grant.person, Grant.role, Grant.node).where(Grant.person.in_(ids)))
    return Known(
        {one.id: one for one in s.scalars(select(Person).where(Person.id.in_(ids)))},
        {one.person: one for one in s.scalars(select(Staff).where(Staff.person.in_(ids)))},
        frozenset((one.person, one.role, one.node) for one in held) | grants.waiting(s, market),
        frozenset(s.scalars(select(Grid.id).where(Grid.market == market))),
        {one.id: one.grid for one in s.scalars(select(ShopGroup).where(ShopGroup.market == market))},
    )


def _plan(market: str, sheet: Sheet, known: Known) -> Plan:
    plan, report = Plan(), sheet.report
    for row in sheet.good:
        wanted = _wanted(market, row)
        if row["role"] and wanted not in known.held:
            plan.propose.append(wanted)
        if _same(row, known.people.get(row["id"]), known.staff.get(row["id"])):
            report.same += 1
        else:
            plan.enter.append(row)
            report.new += row["id"] not in known.staff
            report.changed += row["id"] in known.staff
    return plan


def _wanted(market: str, row: Row) -> tuple[str, str, str]:
    """Person, role and node of the grant that the row asks for."""
    return row["id"], row["role"], place.node(market, row["grid"], row["group"])


def _same(row: Row, person: Person | None, entry: Staff | None) -> bool:
    if person is None or entry is None:
        return False
    line = _line(entry, person, None)
    wanted = {**row.cells, "name_en": row["name_en"] or person.name_en}
    return all(wanted[column] == line[column] for column in OWN)


def _concerned(rows: list[Row], known: Known) -> list[str]:
    """Whose right to pictures may change; whoever is new at another post has no certificate to lapse."""
    return [row["id"] for row in rows if row["id"] in known.people or row["post"] in staff.NEEDS_CCTV]


def _enter(s: Session, market: str, rows: list[Row], known: Known) -> None:
    """New rows go in by one statement: alarms wait while the file is written."""
    people, entries = [], []
    for row in rows:
        person, entry = known.people.get(row["id"]), known.staff.get(row["id"])
        if person is None:
            english = row["name_en"] or row["name_zh"]
            names = {"name_zh": row["name_zh"], "name_en": english}
            people.append({"id": row["id"], "market": market, **names})
        else:
            person.name_zh, person.name_en = row["name_zh"], row["name_en"] or person.name_en
        said = _said(row)
        if entry is None:
            entries.append({"person": row["id"], **said})
        for name, value in said.items() if entry else ():
            setattr(entry, name, value)
    for model, new in ((Person, people), (Staff, entries)):
        if new:
            s.execute(insert(model), new)


def _said(row: Row) -> dict[str, Any]:
    return {
        "post": row["post"],
        "employer": row["employer"],
        "begins": date.fromisoformat(row["begins"]),
        "ends": date.fromisoformat(row["ends"]) if row["ends"] else None,
    }
