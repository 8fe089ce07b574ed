"""A shop group elects its centre shop: called with its candidates, decided by what was counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import election, policy
from hub.core.election import Count
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, limit, number, place
from hub.service.evidence import Entry
from hub.service.placement import holds
from hub.store.election import Candidate, Election
from hub.store.market import Shop, ShopGroup
from hub.store.people import Grant
from hub.store.placement import Centre
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor, Role

LEAST_MEMBERS = 2


def call(s: Session, actor: Actor, group_id: str, way: str, shops: Sequence[str], now: datetime) -> Election:
    """Call an election among the shops of a group; each has one vote.

    Raises:
        Refused: there is no such group, the actor may not, another is open, or a candidate is not of it.
    """
    group, target = target_of(s, actor.market, group_id)
    role = policy.authorize(actor, "elect", target)
    s.refresh(group, with_for_update=True)  # of two who call one at once, the second sees the first's
    members = members_of(s, group.id, number.day_of(s, actor.market, now))
    _refuse_candidates(way, shops, members)
    if s.scalar(select(Election.id).where(Election.group == group.id, Election.state == "called")):
        en = "An election of this group is open. Enter its count or call it off first."
        raise Refused("conflict", "election.open", en, "本组已有一次选举在进行，请先录入结果或取消。")
    row = Election(
        id=new_id(),
        market=actor.market,
        group=group.id,
        way=way,
        state="called",
        electors=len(members),
        blank=0,
        by_lot=False,
        called_at=now,
        called_by=actor.person,
    )
    s.add(row)
    s.flush()
    s.add_all(Candidate(id=new_id(), election=row.id, shop=shop, votes=0) for shop in shops)
    public = {"election": row.id, "group": group.id, "way": way, "candidates": list(shops)}
    evidence.append(s, actor.market, Entry("election.call", actor, role, public=public), now)
    return row


def decide(
    s: Session,
    actor: Actor,
    id_: str,
    votes: Mapping[str, int],
    blank: int,
    lot: Sequence[str],
    now: datetime,
) -> Election:
    """Enter what was counted: the winner coordinates the group from today for a term, the next is its deputy.

    A deputy who is not of the group any more is none.

    Raises:
        Refused: there is none open, the actor may not or speaks for a candidate, the count elects nobody, or
            the winner is not of the group any more.
    """
    row, role = _open(s, actor, id_)
    standing = {one.shop: one for one in candidates_of(s, row.id)}
    _refuse_own(actor, standing)
    if set(votes) != set(standing):
        en = "Enter a number for each candidate, 0 where nobody voted for it."
        raise Refused("input", "election.votes", en, "请给每个候选商户填写票数，没有得票填 0。")
    count = Count(votes, blank, row.electors, lot)
    found = election.order(count)
    today = number.day_of(s, actor.market, now)
    members = members_of(s, row.group, today)
    _refuse_gone(found[0], members)
    deputy = election.deputy(count, found)
    ends = election.last_day(today, limit.of(s, actor.market).term_months)
    for shop, candidate in standing.items():
        candidate.votes = votes[shop]
    row.state, row.blank, row.by_lot = "decided", blank, bool(lot)
    row.centre, row.deputy = found[0], deputy if deputy in members else None
    row.begins, row.ends = today, ends
    row.decided_at, row.decided_by = now, actor.person
    _coordinate(s, row.group, found[0], today)
    public = {"election": row.id, "group": row.group, "votes": dict(votes), "blank": blank}
    public |= {"centre": row.centre, "deputy": row.deputy, "ends": ends.isoformat()}
    evidence.append(s, actor.market, Entry("election.decide", actor, role, public=public), now)
    return row


def cancel(s: Session, actor: Actor, id_: str, reason: str, now: datetime) -> None:
    """Call an open election off.

    Raises:
        Refused: there is none open, or the actor may not.
    """
    row, role = _open(s, actor, id_)
    row.state = "cancelled"
    public = {"election": row.id, "group": row.group}
    entry = Entry("election.cancel", actor, role, public=public, text=reason.strip() or None)
    evidence.append(s, actor.market, entry, now)


def keep(s: Session, now: datetime) -> int:
    """Call off the open elections of groups that have ended; how many there were."""
    query = select(Election, ShopGroup).join(ShopGroup, ShopGroup.id == Election.group)
    query = query.where(Election.state == "called", ShopGroup.ends.is_not(None))
    over = [
        row
        for row, group in s.execute(query.order_by(Election.id).with_for_update(of=Election))
        if group.ends and group.ends <= number.day_of(s, row.market, now)
    ]
    for row in over:
        row.state = "cancelled"
        public = {"election": row.id, "group": row.group}
        evidence.append(s, row.market, Entry("election.cancel", None, "system", public=public), now)
    return len(over)


def target_of(s: Session, market: str, group_id: str) -> tuple[ShopGroup, Target]:
    """A group as what is acted upon; its unit are the people of its shops.

    Raises:
        Refused: the market has no such group.
    """
    row = s.get(ShopGroup, group_id)
    if row is None or row.market != market:
        raise Refused("missing", "group.none", "There is no such shop group.", "没有这个联防小组。")
    node = place.node(market, row.grid, row.id)
    own = s.scalars(select(Grant.person).where(Grant.node.like(f"{node}/%")))
    return row, Target(node, frozenset(own))


def members_of(s: Session, group: str, today: date) -> list[str]:
    """The shops of a group that stand today."""
    there = (Shop.group == group, holds(Shop, today))
    return list(s.scalars(select(Shop.id).where(*there).order_by(Shop.id)))


def candidates_of(s: Session, election_id: str) -> Sequence[Candidate]:
    """Who stands, most votes first."""
    query = select(Candidate).where(Candidate.election == election_id)
    return s.scalars(query.order_by(Candidate.votes.desc(), Candidate.shop)).all()


def _open(s: Session, actor: Actor, id_: str) -> tuple[Election, Role]:
    row = s.get(Election, id_, with_for_update=True)
    if row is None or row.market != actor.market:
        raise Refused("missing", "election.missing", "There is no such election.", "没有这次选举。")
    _, target = target_of(s, actor.market, row.group)
    role = policy.authorize(actor, "elect", target)
    if row.state != "called":
        raise Refused("state", "election.over", "This election is over.", "这次选举已经结束。")
    return row, role


def _refuse_candidates(way: str, shops: Sequence[str], members: Sequence[str]) -> None:
    if way not in election.WAY:
        listed = ", ".join(election.WAY)
        raise Refused("input", "election.way", f"Choose one of: {listed}.", "请选择表决方式。")
    if len(members) < LEAST_MEMBERS:
        en = "A group of one shop has nobody to vote. Plan the groups first."
        raise Refused("state", "election.alone", en, "本组不足两户，无法选举，请先调整小组。")
    if not shops or len(set(shops)) != len(shops) or not set(shops) <= set(members):
        en = "Candidates are shops of this group, each once, at least one."
        raise Refused("input", "election.candidates", en, "候选商户须是本组商铺，不重复，至少一户。")


def _refuse_own(actor: Actor, standing: Mapping[str, Candidate]) -> None:
    """Whoever speaks for a candidate does not count."""
    own = {grant.node.split("/")[-1] for grant in actor.grants} & set(standing)
    if own:
        en = "You speak for a candidate: somebody else of the group, or the grid leader, enters the count."
        raise Refused(
            "right", "election.own", en, "你代表候选商户，请本组其他商户或网格长录入票数。", "elect"
        )


def _refuse_gone(winner: str, members: Sequence[str]) -> None:
    """The group may have been cut otherwise since the election was called."""
    if winner not in members:
        en = f"{winner} is not of this group any more. Call this election off, and call it anew."
        zh = f"{winner} 已不在本组，请取消这次选举，重新组织。"
        raise Refused("state", "election.gone", en, zh)


def _coordinate(s: Session, group_id: str, shop: str, today: date) -> None:
    """The group's centre shop from today on; the truth with dates, and what every other room reads."""
    s.get_one(ShopGroup, group_id).centre = shop
    now = s.scalar(select(Centre).where(Centre.group == group_id, holds(Centre, today)))
    if now is not None and now.shop == shop:
        return
    if now is not None and now.begins == today:
        now.shop, now.version = shop, None
        return
    ends = now.ends if now else None
    if now is not None:
        now.ends = today
        s.flush()
    s.add(Centre(group=group_id, begins=today, ends=ends, shop=shop, version=None))
