"""How a shop group elects its centre shop: one shop, one vote; counts are kept, never who voted how."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hub.core.glossary import Pair
from hub.core.refuse import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WAY: dict[str, Pair] = {
    "secret": Pair("无记名投票", "Secret ballot"),
    "open": Pair("举手表决", "Show of hands"),
}
TERM: dict[str, Pair] = {
    "current": Pair("任期内", "In office"),
    "soon": Pair("快到期", "Ends soon"),
    "over": Pair("任期已过，该改选了", "Term is over: elect anew"),
    "none": Pair("没有选举记录", "Never elected"),
}
LEAST_CANDIDATES = 1
MOST_VOTES = 1000


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted: votes for each candidate, empty and spoilt ones, and how many might have voted."""

    votes: Mapping[str, int]
    blank: int
    electors: int
    lot: Sequence[str] = ()
    """Candidates in the order in which the lot drew them, where votes were equal."""

    @property
    def cast(self) -> int:
        """All votes."""
        return sum(self.votes.values()) + self.blank


def order(count: Count) -> list[str]:
    """Candidates from the winner on; the first is centre shop, the second its deputy.

    Raises:
        Refused: there are more votes than shops, too few shops voted, nobody got one, or the lot is missing
            where votes are equal and it matters.
    """
    if count.cast > count.electors:
        raise Refused(
            "input",
            "election.many",
            f"There are {count.cast} votes and {count.electors} shops: each shop has one vote. Count again.",
            f"共 {count.cast} 票，而小组只有 {count.electors} 户，一户一票，请重新清点。",
        )
    if count.cast * 2 < count.electors:
        raise Refused(
            "state",
            "election.few",
            "Fewer than half of the shops voted, so nobody is elected. Vote again on another day.",
            "投票的不到一半商户，选举无效，请改日再投。",
        )
    drawn = {shop: place for place, shop in enumerate(count.lot)}
    found = sorted(count.votes, key=lambda shop: (-count.votes[shop], drawn.get(shop, len(drawn)), shop))
    if not found or count.votes[found[0]] == 0:
        en = "No candidate got a vote, so nobody is elected. Call another election."
        raise Refused("state", "election.none", en, "没有候选商户得票，请重新组织选举。")
    _refuse_undecided(count, found, drawn)
    return found


def deputy(count: Count, found: Sequence[str]) -> str | None:
    """The runner-up, if somebody voted for it."""
    return next((shop for shop in found[1:2] if count.votes[shop] > 0), None)


def last_day(begins: date, months: int) -> date:
    """The last day of a term that begins on `begins`: the day before its date `months` later."""
    year, month = divmod(begins.year * 12 + begins.month - 1 + months, 12)
    day = min(begins.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)


def _refuse_undecided(count: Count, found: Sequence[str], drawn: Mapping[str, int]) -> None:
    """The first two places may not hang on the order in which shops are listed."""
    for place in (0, 1):
        here = found[place : place + 2]
        if len(here) == len({count.votes[shop] for shop in here}) or count.votes[here[0]] == 0:
            continue
        equal = [shop for shop in found if count.votes[shop] == count.votes[here[0]]]
        if not set(equal) <= set(drawn):
            shown = ", ".join(equal)
            raise Refused(
                "state",
                "election.equal",
                f"These have equally many votes: {shown}. Draw lots and enter in which order they came out.",
                f"得票相同：{shown}。请抽签，并按抽出的先后填写。",
            )
