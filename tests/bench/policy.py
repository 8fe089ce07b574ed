"""`python -m tests.bench.policy`: what it costs to ask whether somebody may.

`authorize` on grants that are loaded, for acts that are allowed and refused; the one query that loads them;
what bounding a list by rights adds to it, with 100,000 alerts in the reference market; and what checking a
phone's signature costs.
"""

from __future__ import annotations

import sys
import tempfile
import time
from base64 import urlsafe_b64encode
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from hub.core.policy import Target, authorize
from hub.core.refuse import Refused
from hub.demo import load
from hub.demo.load import MARKET
from hub.gear import proof
from hub.gear.password import Argon2
from hub.service import people
from hub.service.scope import scope_filter
from hub.store.alert import Alert
from hub.store.base import engine, migrate, readings, sessions
from hub.store.market import Grid
from hub.store.people import Grant, Person
from tests.bench.past import fill
from tests.bench.report import report

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

ALERTS = 100_000
ROUNDS, TIMES = 15, 2_000
PAGE = 50
GRANTS = 12
"""Of a busy person: a leader here, a deputy there, a monitor at night."""
ASKED = ("alert.see", "case.dispatch", "case.verify_close", "video.live", "case.handle", "admin.change")


def per_call(act: Callable[[], object], times: int) -> float:
    """Microseconds of one call, the median of several rounds."""
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(times):
            act()
        found.append(1e6 * (time.perf_counter() - began) / times)
    return median(found)


def compared(plain: Callable[[], object], bounded: Callable[[], object]) -> tuple[float, float]:
    """Microseconds of each, measured in turn so that a busy machine slows both alike."""
    pairs = [(per_call(plain, 20), per_call(bounded, 20)) for _ in range(5)]
    return median(one for one, _ in pairs), median(two for _, two in pairs)


def busy(s: Session) -> Actor:
    """Somebody with grants at every grid."""
    grids = list(s.scalars(select(Grid.id).where(Grid.market == MARKET).order_by(Grid.id)))
    roles = ("guard", "leader", "centre")
    for number in range(GRANTS):
        node = f"{MARKET}/{grids[number % len(grids)]}"
        s.add(Grant(id=f"busy-{number}", person="lin-xiao", role=roles[number % 3], node=node))
    s.flush()
    return people.actor_of(s, s.get_one(Person, "lin-xiao"))


def asking(actor: Actor) -> Callable[[], object]:
    """Each act once, at a place that no grant reaches first; some are refused."""
    target = Target(f"{MARKET}/nowhere/g-1")

    def ask() -> None:
        for action in ASKED:
            with suppress(Refused):
                authorize(actor, action, target)

    return ask


def signed() -> Callable[[], object]:
    """A phone's signature of a request, to be checked."""
    key = ec.generate_private_key(ec.SECP256R1())
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pem, message = proof.public_key(urlsafe_b64encode(spki).decode()), b"GET /api/session " * 10
    halves = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    signature = urlsafe_b64encode(b"".join(half.to_bytes(32, "big") for half in halves)).decode()
    assert pem is not None
    assert proof.check(pem, message, signature)
    return lambda: proof.check(pem, message, signature)


def main() -> int:
    """0 when the targets are kept."""
    with tempfile.TemporaryDirectory() as folder:
        on = engine(f"sqlite:///{Path(folder) / 'hub.db'}")
        migrate(on)
        now = datetime.now(UTC)
        with sessions(on).begin() as s:
            load.load(s, Argon2(), now)
            actor = busy(s)
        fill(on, ALERTS, now)
        with readings(on)() as s:
            person = s.get_one(Person, "lin-xiao")
            leader = people.actor_of(s, s.get_one(Person, "shen-zhixing"))
            query = per_call(lambda: people.actor_of(s, person), 50)
            newest = select(Alert).order_by(Alert.received_at.desc(), Alert.id.desc()).limit(PAGE)
            everywhere = newest.where(Alert.market == MARKET)
            grid = leader.nodes[0].split("/")[1]
            manager = people.actor_of(s, s.get_one(Person, "zhou-qiming"))

            def read(statement: object) -> Callable[[], object]:
                def act() -> object:
                    s.expunge_all()
                    return s.scalars(statement).all()  # type: ignore[call-overload]

                return act

            whole = compared(read(everywhere), read(scope_filter(manager, "alert.see", newest, Alert)))
            own = compared(
                read(everywhere.where(Alert.grid == grid)),
                read(scope_filter(leader, "alert.see", newest, Alert)),
            )
        figures = {
            "grants": len(actor.grants),
            "authorize_us": per_call(asking(actor), TIMES // len(ASKED)) / len(ASKED),
            "grant_query_us": query,
            "list_us": whole[0],
            "scoped_list_us": whole[1],
            "scope_ratio": whole[1] / whole[0],
            "grid_list_us": own[0],
            "scoped_grid_list_us": own[1],
            "grid_scope_ratio": own[1] / own[0],
            "signature_us": per_call(signed(), 100),
        }
        on.dispose()
    targets = {"authorize_us": "<= 20", "scope_ratio": "<= 1.1", "grid_scope_ratio": "<= 1.1"}
    return 0 if report("policy", figures, targets) else 1


if __name__ == "__main__":
    sys.exit(main())
