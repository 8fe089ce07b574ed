"""Who has a camera turned: a lease for a bounded time, which a higher rank takes over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.core.policy import Role
from hub.core.refuse import Refused

EACH = timedelta(seconds=60)
"""From whoever's last act on."""
MOST = timedelta(minutes=5)
"""From its beginning; then it has to be taken anew, so that nobody keeps a camera by habit."""
RANK: dict[Role, int] = {Role.MONITOR: 1, Role.LEADER: 2, Role.DISPATCHER: 3, Role.MANAGER: 4}
"""Who takes a camera from whom; of equals the first keeps it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Somebody has a camera."""

    id: str
    person: str
    role: Role
    began: datetime
    until: datetime

    def lives(self, now: datetime) -> bool:
        """Whether it still holds at `now`."""
        return now < self.until


def take(held: Lease | None, new: str, person: str, role: Role, now: datetime) -> Lease:
    """The lease by which `person` has the camera from `now` on: their own that goes on, or one named `new`.

    Raises:
        Refused: somebody has it whose rank is as high.
    """
    if held is None or not held.lives(now):
        return Lease(new, person, role, now, now + EACH)
    if held.person == person:
        return Lease(held.id, person, held.role, held.began, min(now + EACH, held.began + MOST))
    if RANK[role] > RANK[held.role]:
        return Lease(new, person, role, now, now + EACH)
    seconds = (held.until - now).total_seconds()
    raise Refused(
        "state",
        "lease.held",
        f"Somebody else has this camera for {seconds:.0f} s more: wait, or ask who ranks higher.",
        f"该摄像机正由他人操作，还剩 {seconds:.0f} 秒；请稍候，或请上级接管。",
    )
