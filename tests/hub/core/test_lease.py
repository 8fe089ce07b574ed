from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hub.core.lease import EACH, MOST, RANK, Lease, take
from hub.core.policy import TABLE, Reach, Role
from hub.core.refuse import Refused

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def held(role: Role = Role.DISPATCHER) -> Lease:
    return take(None, "a", "qin", role, NOON)


def test_everybody_who_may_turn_a_camera_has_a_rank_and_nobody_else() -> None:
    assert set(RANK) == {role for role in Role if TABLE["video.turn"][role] is not Reach.NO}


@pytest.mark.parametrize("role", RANK)
@pytest.mark.parametrize("other", RANK)
def test_a_higher_rank_takes_a_camera_over_and_an_equal_one_waits(role: Role, other: Role) -> None:
    if RANK[other] > RANK[role]:
        taken = take(held(role), "b", "zhou", other, NOON + SECOND)
        assert (taken.id, taken.person, taken.until) == ("b", "zhou", NOON + SECOND + EACH)
    else:
        with pytest.raises(Refused, match="59 s more"):
            take(held(role), "b", "zhou", other, NOON + SECOND)


def test_whoever_has_it_keeps_it_with_every_act_and_never_beyond_the_most() -> None:
    lease = held()
    at = NOON
    while at - NOON < MOST - SECOND:
        at += EACH / 2
        lease = take(lease, "never", "qin", Role.DISPATCHER, min(at, NOON + MOST - SECOND))
        assert lease.id == "a"
    assert lease.until == NOON + MOST
    assert take(lease, "b", "qin", Role.DISPATCHER, NOON + MOST).id == "b"


def test_what_is_over_is_anybodys() -> None:
    assert take(held(Role.MANAGER), "b", "lin", Role.MONITOR, NOON + EACH).person == "lin"
