"""Who may do what: one table, complete for every role, deny by default.

A cell says how far a role reaches. `authorize` is asked before every act and every look.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from hub.core import glossary
from hub.core.refuse import Refused


class Role(StrEnum):
    """What somebody is in the market."""

    GUARD = "guard"
    SHOP = "shop"
    CENTRE = "centre"
    MONITOR = "monitor"
    DISPATCHER = "dispatcher"
    DESK = "desk"
    LEADER = "leader"
    MANAGER = "manager"
    AGENCY = "agency"
    LIAISON = "liaison"
    DISTRICT = "district"
    AUDITOR = "auditor"
    ADMIN = "admin"
    VOLUNTEER = "volunteer"
    PUBLIC = "public"
    DISPLAY = "display"
    """A wall's screen: it shows its node, and whoever acts at it signs in for that."""


class Reach(StrEnum):
    """How far a right goes.

    market: everywhere in the grant's market · yes: everything below its node · own: the same, and whatever
    one's own unit has · unit: only what one's own unit has · up: only to a graver priority · ask: may ask
    whoever may · request: after an approved request · no: never.
    """

    MARKET = "market"
    YES = "yes"
    OWN = "own"
    UNIT = "unit"
    UP = "up"
    ASK = "ask"
    REQUEST = "request"
    NO = "no"


_CELL = {
    "any": Reach.MARKET,
    "W": Reach.YES,
    "R": Reach.YES,
    "A": Reach.YES,
    "own": Reach.OWN,
    "unit": Reach.UNIT,
    "up": Reach.UP,
    "ask": Reach.ASK,
    "req": Reach.REQUEST,
    "-": Reach.NO,
}

#                  grd  shop cen  mon  disp desk lead mgr  agcy lias dist aud  adm  vol  pub  dsp
_TABLE = """
report             any  any  any  any  any  any  any  any  any  any  any  -    -    any  any  -
alert.see          own  -    own  R    R    R    own  R    -    R    R    R    -    -    -    R
alert.take_urgent  own  -    own  W    W    W    own  W    -    W    W    -    -    -    -    -
alert.take         own  -    -    W    W    -    own  -    -    -    -    -    -    -    -    -
alert.confirm      own  -    -    W    W    -    own  -    -    -    -    -    -    -    -    -
alert.dismiss      own  -    -    W    W    -    own  -    -    -    -    -    -    -    -    -
alert.attach       -    -    -    W    W    W    -    -    -    -    -    -    -    -    -    -
alert.call         own  -    own  W    W    W    own  W    -    W    W    -    -    -    -    -
case.see           own  unit own  R    R    R    own  R    unit R    R    R    -    -    -    -
case.accept        -    -    -    -    -    W    -    -    -    -    -    -    -    -    -    -
case.reject        -    -    -    -    -    W    -    -    -    -    -    -    -    -    -    -
case.merge         -    -    -    -    W    W    -    -    -    -    -    -    -    -    -    -
case.unmerge       -    -    -    -    W    W    -    -    -    -    -    -    -    -    -    -
case.dispatch      -    -    -    -    W    -    own  ask  -    -    W    -    -    -    -    -
case.acknowledge   unit unit unit -    -    -    own  -    unit unit own  -    -    -    -    -
case.en_route      unit unit unit -    -    -    own  -    unit unit own  -    -    -    -    -
case.on_scene      unit unit unit -    -    -    own  -    unit unit own  -    -    -    -    -
case.handle        unit unit unit -    -    -    own  -    unit unit own  -    -    -    -    -
case.return_request unit unit unit -    -    -    own  -    unit unit own  -    -    -    -    -
case.return_decide -    -    -    -    W    -    -    -    -    -    -    -    -    -    -    -
case.suspend_request unit -    unit -    -    -    own  -    unit unit -    -    -    -    -    -
case.suspend_decide -    -    -    -    -    A    -    A    -    -    A    -    -    -    -    -
case.resume        -    -    -    -    -    W    -    W    -    -    W    -    -    -    -    -
case.verify_close  -    -    -    -    -    W    -    -    -    -    W    -    -    -    -    -
case.rework        -    -    -    -    -    W    -    -    -    -    W    -    -    -    -    -
case.evaluate      -    -    -    -    -    W    -    W    -    -    W    -    -    -    -    -
case.reopen        -    -    -    -    -    W    -    W    -    -    W    -    -    -    -    -
case.cancel        -    -    -    -    -    -    -    W    -    -    W    -    -    -    -    -
case.priority      ask  -    ask  ask  up   W    ask  W    -    ask  W    -    -    -    -    -
case.note          own  unit own  W    W    W    own  W    unit W    W    -    -    -    -    -
case.call          own  -    own  W    W    W    own  W    -    W    W    -    -    -    -    -
case.remind        -    -    -    W    W    W    own  W    -    -    W    -    -    -    -    -
wall.see           own  -    own  R    R    R    own  R    -    R    R    R    -    -    -    R
market.see         any  any  any  any  any  any  any  any  any  any  any  any  any  any  -    any
video.live         -    -    -    W    R    req  own  R    -    R    R    -    -    -    -    R
video.turn         -    -    -    W    W    -    own  W    -    -    -    -    -    -    -    -
video.play         -    -    -    W    -    W    ask  W    -    ask  ask  -    -    -    -    -
video.export       -    -    -    -    -    W    ask  W    -    ask  ask  -    -    -    -    -
duty.see           own  own  own  own  R    R    own  R    -    -    R    R    R    -    -    -
duty.change        -    -    -    -    -    -    own  W    -    -    -    -    -    -    -    -
duty.approve       -    -    -    -    -    -    own  A    -    -    -    -    -    -    -    -
duty.swap          own  own  own  own  -    -    own  W    -    -    -    -    -    -    -    -
handover           own  -    -    own  W    W    own  W    -    -    -    -    -    -    -    -
task.see           -    -    -    -    R    R    own  R    -    -    -    R    R    -    -    -
task.change        -    -    -    -    -    -    own  W    -    -    -    -    W    -    -    -
asset.see          own  -    -    -    -    -    own  R    -    -    -    -    -    -    -    -
asset.change       -    -    -    -    -    -    own  W    -    -    -    -    -    -    -    -
contacts           unit own  own  -    unit unit own  R    -    unit -    -    -    -    -    -
ledger             -    -    -    own  -    R    -    R    -    R    R    R    -    -    -    -
register           -    -    -    own  -    R    -    R    -    R    R    R    -    -    -    -
silence            -    -    -    -    W    -    own  W    -    -    -    -    -    -    -    -
sos                any  any  any  any  any  any  any  any  any  any  -    -    -    any  -    -
device.see         -    -    -    R    R    R    -    R    -    -    -    R    R    -    -    -
device.look        -    -    -    W    W    -    -    W    -    -    -    -    -    -    -    -
device.command     -    -    -    -    W    -    -    W    -    -    -    -    W    -    -    -
device.arm         -    -    -    -    W    -    -    W    -    -    -    -    -    -    -    -
device.configure   -    -    -    -    -    -    -    W    -    -    -    -    W    -    -    -
scene.try          -    -    -    -    -    -    -    W    -    -    -    -    -    -    -    -
person.see         -    -    -    -    -    -    own  R    -    -    -    R    R    -    -    -
person.change      -    -    -    -    -    -    -    ask  -    -    -    -    W    -    -    -
area.grant         -    -    -    -    -    -    -    -    -    -    -    -    W    -    -    -
area.change        -    -    -    -    -    -    -    -    -    -    -    -    W    -    -    -
grant.approve      -    -    -    -    -    -    -    A    -    -    A    -    -    -    -    -
rights.see         -    -    -    -    -    -    -    R    -    -    R    R    R    -    -    -
staff.see          -    -    -    -    R    R    own  R    -    -    -    R    R    -    -    -
staff.change       -    -    -    -    -    -    -    W    -    -    -    -    W    -    -    -
armband.see        -    -    -    -    R    R    own  R    -    -    -    R    R    -    -    -
armband.change     -    -    -    -    -    -    own  W    -    -    -    -    W    -    -    -
enrol              -    -    own  -    -    -    own  W    -    -    -    -    W    -    -    -
display.make       -    -    -    -    -    -    own  W    -    -    -    -    W    -    -    -
care.see           unit unit own  -    -    -    own  R    -    -    -    R    -    -    -    -
care.change        -    unit own  -    -    -    own  W    -    -    -    -    -    -    -    -
coverage.see       -    -    -    R    R    R    own  R    -    R    R    R    R    -    -    -
coverage.change    -    -    -    -    -    -    -    W    -    -    -    -    -    -    -    -
filing.see         -    -    -    -    -    -    -    R    -    R    -    R    R    -    -    -
filing.change      -    -    -    -    -    -    -    W    -    -    -    -    -    -    -    -
market.change      -    -    -    -    -    -    -    W    -    -    -    -    W    -    -    -
plan.see           -    own  own  -    R    R    own  R    -    -    R    R    R    -    -    -
plan.change        -    -    -    -    -    -    own  W    -    -    -    -    -    -    -    -
plan.approve       -    -    -    -    -    -    -    A    -    -    A    -    -    -    -    -
patrol.see         own  -    own  R    R    R    own  R    -    R    R    R    R    -    -    -
patrol.change      -    -    -    -    -    -    own  W    -    -    -    -    -    -    -    -
patrol.walk        own  -    -    -    -    -    own  -    -    -    -    -    -    -    -    -
component.see      own  own  own  R    R    R    own  R    -    R    R    R    R    -    -    -
component.change   own  -    own  -    -    -    own  W    -    -    -    -    -    -    -    -
workroom.change    -    -    -    -    -    -    own  W    -    -    -    -    -    -    -    -
appoint            -    -    -    -    -    -    -    W    -    -    -    -    -    -    -    -
elect              -    own  own  -    -    -    own  W    -    -    -    -    -    -    -    -
admin.see          -    -    -    -    -    -    -    R    -    -    -    R    R    -    -    -
admin.change       -    -    -    -    -    -    -    ask  -    -    -    -    W    -    -    -
"""


def _read() -> dict[str, dict[Role, Reach]]:
    rows = (line.split() for line in _TABLE.strip().splitlines())
    return {name: dict(zip(Role, map(_CELL.__getitem__, cells), strict=True)) for name, *cells in rows}


TABLE: dict[str, dict[Role, Reach]] = _read()
"""action → role → reach; an action that is not in it is allowed to nobody."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at a node: `market`, `market/grid` or `market/grid/group`."""

    role: Role
    node: str


PICTURES = frozenset({"video.live", "video.turn", "video.play", "video.export", "device.look", "scene.try"})
"""What a lapsed certificate for watching cameras takes away."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts, as the door found them."""

    person: str
    market: str
    name: glossary.Pair
    armband: str | None
    grants: tuple[Grant, ...]
    barred: bool = False
    """Whether a certificate has lapsed."""

    @property
    def roles(self) -> tuple[Role, ...]:
        """Every role once, in the order of the table."""
        held = {grant.role for grant in self.grants}
        return tuple(role for role in Role if role in held)

    @property
    def nodes(self) -> tuple[str, ...]:
        """Every node once."""
        return tuple(dict.fromkeys(grant.node for grant in self.grants))


@dataclass(frozen=True, slots=True)
class Target:
    """What is acted upon: where it belongs, and who its unit are."""

    node: str
    unit: frozenset[str] = frozenset()
    raises: bool = True
    """Of a change of priority: whether it becomes graver."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes with the role that carries it, or no with the reason."""

    allowed: bool
    role: Role | None
    en: str = ""
    zh: str = ""


LAPSED = (
    "Your certificate for watching cameras has lapsed. Have the new one entered in the staff register.",
    "你的监控岗位证书已过期，请先在人员名册中更新。",
)


def within(node: str, above: str) -> bool:
    """Whether `node` is `above` or lies below it."""
    return node == above or node.startswith(above + "/")


def allowed(actor: Actor, action: str, target: Target) -> Verdict:
    """Whether `actor` may do `action` to `target`, by which role, or why not."""
    row = TABLE.get(action, {})
    asking = False
    if actor.barred and action in PICTURES:
        return Verdict(False, None, *LAPSED)
    for grant in actor.grants:
        reach = row.get(grant.role, Reach.NO)
        if reach is Reach.NO:
            continue
        if reach is Reach.ASK or reach is Reach.REQUEST:
            asking = True
        elif _reaches(reach, grant, actor, target):
            return Verdict(True, grant.role)
    return Verdict(False, None, *_reason(action, asking=asking))


def authorize(actor: Actor, action: str, target: Target) -> Role:
    """The role by which `actor` may.

    Raises:
        Refused: they may not; the sentence names who may.
    """
    verdict = allowed(actor, action, target)
    if verdict.role is None:
        raise Refused("right", "right.denied", verdict.en, verdict.zh, action)
    return verdict.role


def reached(actor: Actor, node: str) -> str:
    """The node of the actor's own that `node` is or lies below; `node` itself where it is by a case alone."""
    return next((grant.node for grant in actor.grants if within(node, grant.node)), node)


def scope(actor: Actor, action: str) -> tuple[str, ...]:
    """The nodes below which the actor may do `action` to whatever stands there; for filtering lists."""
    if actor.barred and action in PICTURES:
        return ()
    reach = TABLE.get(action, {})
    wide = (Reach.YES, Reach.OWN)
    return tuple(
        dict.fromkeys(grant.node for grant in actor.grants if reach.get(grant.role, Reach.NO) in wide)
    )


def _reaches(reach: Reach, grant: Grant, actor: Actor, target: Target) -> bool:
    below = within(target.node, grant.node)
    match reach:
        case Reach.MARKET:
            return within(target.node, grant.node.split("/")[0])
        case Reach.YES:
            return below
        case Reach.OWN:
            return below or actor.person in target.unit
        case Reach.UNIT:
            return actor.person in target.unit
        case Reach.UP:
            return below and target.raises
        case _:
            return False


@cache
def _reason(action: str, *, asking: bool) -> tuple[str, str]:
    """English and 中文. The table never changes, so each sentence is built once."""
    row = TABLE.get(action, {})
    may = [role for role in Role if row.get(role, Reach.NO) not in (Reach.NO, Reach.ASK, Reach.REQUEST)]
    if any(row[role] is Reach.UNIT for role in may):
        return "This is for the unit that the case was given to.", "由处置单位做。"
    en = " or ".join(glossary.ROLE[role].en.lower() for role in may) or "nobody"
    zh = "、".join(glossary.ROLE[role].zh for role in may) or "任何人"
    if asking:
        return f"You may ask for this; it is decided by: {en}.", f"你可以提出申请，由{zh}决定。"
    return f"This is for: {en}. Ask one of them.", f"由{zh}做，请找他们办理。"
