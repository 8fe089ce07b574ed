"""How what was asked of people comes out: whose consent it takes, when it holds, and who hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.consent import COVER
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.core.roster_row import dated
from hub.service import notice, people
from hub.service.roster import change, covered, right
from hub.service.roster.draw import KINDS
from hub.service.shape import iso
from hub.store.market import Grid
from hub.store.roster import Roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.core.roster import RosterChecked
    from hub.service.roster.change import Step
    from hub.service.roster.view import Seen
    from hub.store.roster import Cover

NOTHING = Pair("", "")
HEADLESS = Pair("当夜没有负责人。", " The night is left without a leader.")


def headless(seen: Seen, after: RosterChecked) -> bool:
    """Whether a night would have nobody to lead it that has somebody now."""
    known = {(gap.day, gap.shift) for gap in seen.checked.gaps if gap.leader}
    return any(gap.leader and (gap.day, gap.shift) not in known for gap in after.gaps)


def consents(
    s: Session,
    actor: Actor,
    seen: Seen,
    absent: str,
    changes: Sequence[Step],
    after: RosterChecked,
    now: datetime,
) -> dict[str, str | None]:
    """Everybody whose days change, and the leader where hours or a night's lead suffer or only one's own do.

    Person → the moment of their consent; the actor has given theirs, the others not yet.
    """
    own = [one for one in changes if one.person == absent]
    only_away = all(one.after is None for one in own) and actor.person != absent
    asked = {one.person for one in changes if one.person != absent or not only_away}
    graver = _over(seen, after) or headless(seen, after) or asked == {actor.person}
    if graver and not right.may(actor, "duty.approve", seen.grid.id):
        asked |= set(_leader(s, seen.grid, actor))
    return {person: iso(now) if person == actor.person else None for person in sorted(asked)}


def settle(s: Session, row: Roster, cover: Cover, seen: Seen, now: datetime) -> None:
    """Everybody has agreed: it holds unless it is over or fits no more; what else was asked for it lapses."""
    changes = change.steps(cover.changes)
    try:
        if row.state != right.PUBLISHED or not change.fits(s, row, changes):
            decide(s, cover, "lapsed", now)
            return
        if change.any_over(seen.zone, changes, now):
            decide(s, cover, "lapsed", now)
            return
        after = change.refuse_worse(seen, changes)
    except Refused:
        decide(s, cover, "lapsed", now)
        return
    change.write(s, row, changes, now)
    decide(s, cover, "agreed", now, leaderless=headless(seen, after))
    for one in covered.open_of(s, row.id):
        if (one.day, one.shift, one.absent) == (cover.day, cover.shift, cover.absent):
            decide(s, one, "lapsed", now)


def decide(s: Session, cover: Cover, state: str, now: datetime, *, leaderless: bool = False) -> None:
    """It is agreed, declined, withdrawn or lapsed, and everybody concerned hears that."""
    cover.state, cover.decided_at = state, now
    s.flush()
    told = {cover.asked_by, cover.absent, *cover.consents, *(one["person"] for one in cover.changes)}
    if leaderless:
        told |= set(right.leaders(s, s.get_one(Grid, s.get_one(Roster, cover.roster).grid)))
    tell(s, cover, sorted(told), f"roster.{state}", now, HEADLESS if leaderless else NOTHING)


def tell(
    s: Session, cover: Cover, told: Iterable[str], step: str, now: datetime, more: Pair = NOTHING
) -> None:
    """Who comes in for whom, when, and how it stands."""
    who = people.names(s, [cover.absent, *(one["person"] for one in cover.changes)])
    comes = [who[one["person"]] for one in cover.changes if one["covers"]] or [who[cover.absent]]
    on, kind, state = dated(cover.day), KINDS[cover.shift], COVER[cover.state]
    absent = who[cover.absent]
    for_zh, for_en = (
        (f"顶替{absent.name_zh}", f" for {absent.name_en}") if comes != [absent] else ("上班", "")
    )
    words = Pair(
        f"{on.zh}{kind.zh}：{'、'.join(one.name_zh for one in comes)}{for_zh}，{state.zh}。{more.zh}",
        f"{on.en}, {kind.en}: {', '.join(one.name_en for one in comes)}{for_en}. {state.en}.{more.en}",
    )
    notice.tell(s, cover.market, told, f"cover/{cover.id}", step, words, now)


def _over(seen: Seen, after: RosterChecked) -> bool:
    """Whether somebody would have more hours than there should be and than they have."""
    hours = {one.person: one.hours for one in seen.checked.loads}
    return any(one.hours > max(one.target_h, hours[one.person]) for one in after.loads)


def _leader(s: Session, grid: Grid, actor: Actor) -> list[str]:
    """Who decides what the actor may not decide alone: the leader, or a manager."""
    others = [one for one in right.leaders(s, grid) if one != actor.person]
    return (others or people.with_role(s, grid.market, "manager"))[:1]
