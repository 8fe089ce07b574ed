"""Guards' rosters: a month of a workroom, drafts and their solver, sick calls, covers, loans, days off."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Header, Path, Query

from hub.api import solving
from hub.api.guard import Guarded, Signed, Visitor
from hub.api.orders import matched
from hub.api.parts import Parts, PartsHere
from hub.api.shape.base import RowPath, SlugPath, UuidPath
from hub.api.shape.people import Day, Made
from hub.api.shape.roster import (
    CellEdit,
    CellEdited,
    Cover,
    CoverCandidates,
    Loan,
    MadeDraft,
    MonthName,
    NewCover,
    NewDraft,
    NewLoan,
    NewYearOff,
    Publishing,
    RosterJob,
    RosterMonth,
    RosterOverview,
    RosterSolving,
    Sick,
    SickShown,
    YearOff,
)
from hub.core import asks
from hub.core.refuse import Refused
from hub.ports import UnsolvedError
from hub.service import workday
from hub.service.roster import cover, covered, draw, loan, offer, page, publish, right, sick, solve, view
from hub.store.roster import Roster

router = Guarded(prefix="/api", tags=["rosters"], most=32 * 1024)

Seer = Annotated[Visitor, Depends(Signed("duty.see", shows=False))]
Changer = Annotated[Visitor, Depends(Signed("duty.change"))]
Approver = Annotated[Visitor, Depends(Signed("duty.approve"))]
Swapper = Annotated[Visitor, Depends(Signed("duty.swap", shows=False))]
IfMatch = Annotated[str | None, Header(max_length=40)]
Shift = Annotated[str, Query(pattern=r"^[a-z]{1,20}$")]
Slug = Annotated[str | None, Query(pattern=r"^[a-z0-9-]{1,64}$")]
Year = Annotated[int, Path(ge=2000, le=2199)]


@router.get("/rosters", response_model=list[RosterOverview])
def rosters(month: MonthName, visitor: Seer, parts: PartsHere) -> list[dict[str, Any]]:
    """Every workroom's month in a line."""
    with parts.readings() as session:
        return page.overview(session, visitor.actor, month, parts.workdays, parts.clock.now())


@router.get("/rosters/{grid}", response_model=RosterMonth)
def month(
    grid: SlugPath, month: MonthName, visitor: Seer, parts: PartsHere, *, draft: bool = False
) -> dict[str, Any]:
    """A workroom's month: what holds, or the draft of it."""
    with parts.readings() as session:
        now = parts.clock.now()
        return page.month(session, visitor.actor, grid, month, parts.workdays, now, draft=draft)


@router.post("/rosters/{grid}", status_code=201)
def begin(grid: SlugPath, given: NewDraft, visitor: Changer, parts: PartsHere) -> MadeDraft:
    """Begin a draft of a month, with the cells of what holds."""
    with parts.sessions.begin() as session:
        row = draw.begin(session, visitor.actor, grid, given.month, parts.clock.now())
        return MadeDraft(id=row.id, revision=row.revision)


@router.delete("/roster/{roster}", status_code=204)
def discard(roster: RowPath, visitor: Changer, parts: PartsHere) -> None:
    """Throw a draft away."""
    with parts.sessions.begin() as session:
        draw.discard(session, visitor.actor, roster, parts.clock.now())


@router.put("/roster/{roster}/cells", response_model=CellEdited)
def put_cell(
    roster: RowPath, given: CellEdit, visitor: Changer, parts: PartsHere, if_match: IfMatch = None
) -> dict[str, Any]:
    """Change a cell of a draft by hand; says at once which rules that breaks and which gaps it opens.

    409 somebody was faster, 428 If-Match is missing.
    """
    match, now, cell = matched(if_match), parts.clock.now(), (given.person, given.day, given.shift)
    with parts.sessions.begin() as session:
        row = right.draft(session, visitor.actor, roster, match)
        grid = right.seen_grid(session, visitor.actor, row.grid)
        before = page.look(session, grid, row, row.begins, parts.workdays, now)
        draw.put(session, visitor.actor, roster, match, cell, now)
        after = page.look(session, grid, row, row.begins, parts.workdays, now)
        shown = page.shown(session, visitor.actor, after)
        if not given.keep:
            session.rollback()
            shown |= {"revision": match}
    return view.compared(before, after) | {"kept": given.keep, "month": shown}


@router.post("/roster/{roster}/job", response_model=RosterJob, status_code=202)
def solve_draft(
    roster: RowPath, given: RosterSolving, visitor: Changer, parts: PartsHere
) -> dict[str, Any] | None:
    """Have the days of a draft that are to come solved; what was set there by hand is lost."""
    with parts.sessions.begin() as session:
        row = solve.again(session, visitor.actor, roster, given.seconds, parts.workdays, parts.clock.now())
        shown = row.job
    parts.planning.submit(solving.run, parts, Roster, roster, _solve)
    return shown


@router.get("/roster/{roster}/job", response_model=RosterJob | None)
def look(roster: RowPath, visitor: Seer, parts: PartsHere) -> dict[str, Any] | None:
    """How its solver stands; null where it has none."""
    with parts.readings() as session:
        return right.seen(session, visitor.actor, roster).job


@router.delete("/roster/{roster}/job", response_model=RosterJob | None)
def stop(roster: RowPath, visitor: Changer, parts: PartsHere) -> dict[str, Any] | None:
    """Stop its solver and keep the best that it has; it ends within moments."""
    with parts.sessions.begin() as session:
        return solve.stop(session, visitor.actor, roster).job


@router.post("/roster/{roster}/publish", response_model=RosterMonth)
def publish_draft(
    roster: RowPath, given: Publishing, visitor: Approver, parts: PartsHere, if_match: IfMatch = None
) -> dict[str, Any]:
    """Publish a draft: it holds from now on, and everybody who has other shifts is told."""
    match, now = matched(if_match), parts.clock.now()
    with parts.sessions.begin() as session:
        row = publish.publish(session, visitor.actor, roster, match, given.gaps, parts.workdays, now)
        shown = page.of(session, visitor.actor, row, parts.workdays, now)
    parts.feeds.wake()
    return shown


@router.post("/roster/{roster}/read", status_code=204)
def read(roster: RowPath, visitor: Seer, parts: PartsHere) -> None:
    """Somebody has read what they were told."""
    with parts.sessions.begin() as session:
        publish.read(session, visitor.actor, roster, parts.clock.now())


@router.post("/roster/{roster}/sick", response_model=SickShown)
def sick_call(roster: RowPath, given: Sick, visitor: Swapper, parts: PartsHere) -> dict[str, Any]:
    """Somebody cannot come: their shifts are gaps at once, with the least change that would fill them."""
    now, said = parts.clock.now(), (visitor.actor, roster, given.person, given.days, parts.workdays)
    with parts.readings() as session:
        asked = sick.question(session, *said, now)
    with parts.sessions.begin() as session:
        gaps = sick.call(session, *said, now)
    parts.feeds.wake()
    try:
        made = parts.solver.quick(asks.SICK, asked)
    except (Refused, UnsolvedError):
        nothing: dict[str, Any] = {"changes": [], "consents": [], "proved": False, "seconds": 0.0}
        return nothing | {"gaps": gaps, "left": gaps}
    with parts.readings() as session:
        row = right.seen(session, visitor.actor, roster)
        return sick.shown(session, asked, made, row, now) | {"gaps": gaps}


@router.get("/roster/{roster}/covers", response_model=CoverCandidates)
def candidates(
    roster: RowPath, day: Day, shift: Shift, visitor: Swapper, parts: PartsHere, absent: Slug = None
) -> dict[str, Any]:
    """Who could come in for a shift, the best first, and why others cannot."""
    with parts.readings() as session:
        now = parts.clock.now()
        return offer.candidates(session, visitor.actor, roster, (day, shift), absent, parts.workdays, now)


@router.post("/roster/{roster}/covers", response_model=Cover, status_code=201)
def ask(roster: RowPath, given: NewCover, visitor: Swapper, parts: PartsHere) -> dict[str, Any]:
    """Ask everybody whom a cover or swap concerns; it holds once they have agreed."""
    wanted = [(one.person, one.day, one.after) for one in given.changes]
    absent = (given.absent or given.changes[0].person, given.day)
    with parts.sessions.begin() as session:
        row = cover.ask(session, visitor.actor, roster, absent, wanted, parts.workdays, parts.clock.now())
        shown = covered.views(session, visitor.actor, [row])[0]
    parts.feeds.wake()
    return shown


@router.get("/covers", response_model=list[Cover])
def covers(visitor: Swapper, parts: PartsHere) -> list[dict[str, Any]]:
    """What the visitor is asked, or asked others, and is not decided."""
    with parts.readings() as session:
        return covered.views(session, visitor.actor, covered.asked_of(session, visitor.actor))


@router.post("/covers/{cover_id}/agree", response_model=Cover)
def agree(cover_id: UuidPath, visitor: Swapper, parts: PartsHere) -> dict[str, Any]:
    """The visitor agrees; it holds once everybody has."""
    return _answer(parts, visitor, cover_id, agrees=True)


@router.post("/covers/{cover_id}/decline", response_model=Cover)
def decline(cover_id: UuidPath, visitor: Swapper, parts: PartsHere) -> dict[str, Any]:
    """The visitor does not agree, and it does not hold."""
    return _answer(parts, visitor, cover_id, agrees=False)


@router.delete("/covers/{cover_id}", status_code=204)
def withdraw(cover_id: UuidPath, visitor: Swapper, parts: PartsHere) -> None:
    """Take a question back."""
    with parts.sessions.begin() as session:
        cover.withdraw(session, visitor.actor, cover_id, parts.clock.now())


@router.get("/loans", response_model=list[Loan])
def loans(visitor: Seer, parts: PartsHere) -> list[dict[str, Any]]:
    """Who is lent to which workroom, and what waits for consent."""
    with parts.readings() as session:
        return loan.listing(session, visitor.actor, parts.clock.now())


@router.post("/loans", status_code=201)
def borrow(given: NewLoan, visitor: Changer, parts: PartsHere) -> Made:
    """Ask another workroom for somebody."""
    with parts.sessions.begin() as session:
        days = (given.begins, given.ends)
        row = loan.ask(session, visitor.actor, given.person, given.grid, days, parts.clock.now())
        return Made(id=row.id)


@router.post("/loans/{loan_id}/agree", status_code=204)
def lend(loan_id: UuidPath, visitor: Swapper, parts: PartsHere) -> None:
    """The person agrees, or the workroom that lends."""
    with parts.sessions.begin() as session:
        loan.answer(session, visitor.actor, loan_id, parts.clock.now(), agrees=True)
    parts.feeds.wake()


@router.post("/loans/{loan_id}/decline", status_code=204)
def refuse(loan_id: UuidPath, visitor: Swapper, parts: PartsHere) -> None:
    """One of them does not."""
    with parts.sessions.begin() as session:
        loan.answer(session, visitor.actor, loan_id, parts.clock.now(), agrees=False)


@router.delete("/loans/{loan_id}", status_code=204)
def end(loan_id: UuidPath, visitor: Changer, parts: PartsHere) -> None:
    """A loan ends, or is not asked for any more."""
    with parts.sessions.begin() as session:
        loan.end(session, visitor.actor, loan_id, parts.clock.now())
    parts.feeds.wake()


@router.get("/workdays/{year}", response_model=YearOff)
def year_off(year: Year, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """Days off work of a year; one that is not known is a question."""
    with parts.readings() as session:
        return workday.year(session, visitor.actor, year, parts.workdays)


@router.put("/workdays/{year}", status_code=204)
def put_year_off(year: Year, given: NewYearOff, visitor: Changer, parts: PartsHere) -> None:
    """The question is answered with every day off of the year."""
    with parts.sessions.begin() as session:
        workday.put(session, visitor.actor, year, given.days, parts.clock.now())


def _answer(parts: Parts, visitor: Visitor, cover_id: str, *, agrees: bool) -> dict[str, Any]:
    with parts.sessions.begin() as session:
        now = parts.clock.now()
        row = cover.answer(session, visitor.actor, cover_id, parts.workdays, now, agrees=agrees)
        shown = covered.views(session, visitor.actor, [row])[0]
    parts.feeds.wake()
    return shown


def _solve(parts: Parts, roster: str) -> None:
    """Ask the solver and write down what it made."""
    with parts.sessions.begin() as session:
        question = solve.begin(session, roster, parts.workdays, parts.clock.now())
    if question is None:
        return
    heard = solving.listener(parts, Roster, roster, question.job)
    made = parts.solver.work(asks.GUARDS, question.asked, heard)
    with parts.sessions.begin() as session:
        solve.take(session, question, made, parts.clock.now())
