"""The staff register from and into a file. Whoever is new holds nothing; a role in the file is proposed."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
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
from hub.service.imports.table import Column, Report, Row, one_of
from hub.store.market import Grid, ShopGroup
from hub.store.people import Grant, Person
from hub.store.staff import Staff

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

SLUG = re.compile(r"[a-z0-9-]{1,64}")
YEARS = range(2000, 2200)
ROLES = frozenset(str(role) for role in Role if role not in grants.NOT_GIVEN)


def slug(cell: str) -> Pair | None:
    """A check that a cell can be an id."""
    if SLUG.fullmatch(cell):
        return None
    return Pair("编号只能用小写字母、数字和连字符", "an id has small letters, digits and hyphens")


def day(cell: str) -> Pair | None:
    """A check that a cell is a day."""
    try:
        known = date.fromisoformat(cell).year in YEARS and cell[4:5] == "-"
    except ValueError:
        known = False
    return None if known else Pair("日期应写成 2026-11-22", "write a day as 2026-11-22")


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


def take(s: Session, actor: Actor, data: bytes, *, apply: bool, now: datetime) -> Report:
    """Check a file and, if nothing is wrong with it and `apply`, enter all of it.

    Raises:
        Refused: the actor may not, or it is no such file.
    """
    role = policy.authorize(actor, "staff.change", Target(actor.market))
    rows, report = table.read(data, COLUMNS)
    known = _known(s, actor.market, rows)
    plan = _plan(actor, rows, known, report)
    if apply and not report.problems:
        _enter(s, actor.market, plan.enter, known)
        s.flush()
        register.bar(s, _concerned(plan.enter, known), number.day_of(s, actor.market, now))
        grants.propose_all(s, actor, plan.propose, now)
        file = hashlib.sha256(data).hexdigest()
        entries = [
            Entry(
                "staff.change", actor, role, public={"person": row["id"], "post": row["post"], "file": file}
            )
            for row in plan.enter
        ]
        evidence.append_all(s, actor.market, entries, now)
        report.applied = True
    return report


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


def _plan(actor: Actor, rows: list[Row], known: Known, report: Report) -> Plan:
    plan, market = Plan(), actor.market
    grants_too = policy.allowed(actor, "person.change", Target(market)).allowed
    for row in rows:
        person, at = known.people.get(row["id"]), place.node(market, row["grid"], row["group"])
        if person is not None and person.market != market:
            report.blame(row.number, "id", Pair("此编号已被使用", "this id is taken"))
        if row["ends"] and row["begins"] and row["ends"] < row["begins"]:
            report.blame(row.number, "ends", Pair("早于入职日期", "it lies before the first day"))
        blame_place(report, row, known.grids, known.groups)
        wanted = (row["id"], row["role"], at)
        if row["role"] and wanted not in known.held:
            if not grants_too:
                report.blame(row.number, "role", NOT_YOURS)
            plan.propose.append(wanted)
        if not _same(row, person, known.staff.get(row["id"])):
            plan.enter.append(row)
            report.new += row["id"] not in known.staff
            report.changed += row["id"] in known.staff
        else:
            report.same += 1
    return plan


def blame_place(report: Report, row: Row, grids: frozenset[str], groups: dict[str, str]) -> None:
    """Note a grid or group that is none, or that do not belong together."""
    if row["grid"] and row["grid"] not in grids:
        report.blame(row.number, "grid", Pair("没有这个网格", "there is no such grid"))
    if row["group"] and row["group"] not in groups:
        report.blame(row.number, "group", Pair("没有这个联防小组", "there is no such group"))
    elif row["group"] and groups[row["group"]] != row["grid"]:
        report.blame(row.number, "group", Pair("不属于该网格", "it belongs to another grid"))


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
