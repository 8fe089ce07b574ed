"""What each act changes in a case, one function an act; the table at the end is all of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hub.core import case as rules
from hub.core import deadline, supervise
from hub.core.case import Act
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.service import notice, people
from hub.service.case import clock, unit
from hub.service.case.open import titled
from hub.service.case.turn import Deed, Turn, ask, attach_media, root_named, tell_reporter, write_on_root
from hub.store.alert import Call
from hub.store.case import Case
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Callable


def accept(turn: Turn) -> Deed:
    """Fix kind and priority."""
    case, given = turn.case, turn.fields
    if given["kind"] is not None:
        title = titled(given["kind"], Pair(case.place_zh, case.place_en))
        case.kind, case.title_zh, case.title_en = given["kind"], title.zh, title.en
    if given["severity"] is not None:
        case.severity = int(given["severity"])
    return Deed({"kind": case.kind, "severity": case.severity})


def reject(turn: Turn) -> Deed:
    """Tell the reporter."""
    tell_reporter(turn, Pair("不予受理", "was not accepted"))
    return Deed()


def merge(turn: Turn) -> Deed:
    """Link to the root; nothing is copied."""
    root = root_named(turn)
    turn.case.root, turn.case.stage_before = root.id, turn.case.stage
    public = {"root": root.number}
    write_on_root(turn, root, "case.merged")
    return Deed(public)


def unmerge(turn: Turn) -> Deed:
    """Stand alone again, where the case stood before."""
    root = turn.s.get_one(Case, turn.case.root)
    turn.case.root = None
    write_on_root(turn, root, "case.unmerged")
    return Deed({"root": root.number})


def dispatch(turn: Turn) -> Deed:
    """Give the case to a unit, and tell its people."""
    case = turn.case
    case.unit_kind, case.unit = unit.find(turn.s, case.market, turn.fields["unit"])
    name = unit.name(turn.s, case.unit_kind, case.unit)
    members = unit.members(turn.s, case, turn.now)
    if not members:
        en = "Nobody of this unit is on duty now. Choose another one."
        raise Refused("state", "case.unit", en, "该单位现在无人在岗，请另派。")
    words = Pair(f"派给你：{case.title_zh}", f"Given to you: {case.title_en}")
    notice.tell(turn.s, case.market, sorted(members), f"case/{case.id}", "dispatch", words, turn.now)
    return Deed({"unit": turn.fields["unit"], "zh": name.zh, "en": name.en} if name else {})


def move_only(_: Turn) -> Deed:
    """Nothing but the move itself."""
    return Deed()


def ask_return(turn: Turn) -> Deed:
    """Keep the request until the dispatcher decides."""
    ask(turn, Act.RETURN_REQUEST, "dispatcher", None)
    return Deed()


def decide_return(turn: Turn) -> Deed:
    """Upheld, it counts as wrongly dispatched and the unit is free."""
    granted, case = turn.fields["granted"], turn.case
    case.asked = None
    if granted:
        case.wrong_dispatch += 1
        case.unit_kind = case.unit = None
    return Deed({"granted": granted}, granted)


def ask_suspend(turn: Turn) -> Deed:
    """Keep the request, with its review date, until a supervisor decides."""
    until = turn.fields["until"]
    if not turn.now < until <= turn.now + rules.SUSPEND_CAP:
        days = rules.SUSPEND_CAP.days
        en = f"The review must lie within the next {days} days."
        raise Refused("input", "field.until", en, f"复查时间须在 {days} 天之内。")
    ask(turn, Act.SUSPEND_REQUEST, "desk", until)
    return Deed({"until": until.isoformat()})


def decide_suspend(turn: Turn) -> Deed:
    """Granted, the handling clock stands still until the review date."""
    granted, case = turn.fields["granted"], turn.case
    asked, case.asked = case.asked or {}, None
    if granted:
        case.review_at = datetime.fromisoformat(asked["until"])
    return Deed({"granted": granted}, granted)


def resume(turn: Turn) -> Deed:
    """The handling clock runs again."""
    turn.case.review_at = None
    return Deed()


def handle(turn: Turn) -> Deed:
    """Keep the result and its pictures."""
    turn.case.result, turn.case.asked = turn.fields["result"], None
    media = attach_media(turn)
    return Deed({"result": turn.case.result, "media": media})


def verify_close(turn: Turn) -> Deed:
    """Close, and tell the reporter; the closing line carries the count of the case's lines."""
    turn.case.closed_at = turn.now
    tell_reporter(turn, Pair("已结案", "was closed"))
    return Deed({"lines": turn.case.seq + 1, "result": turn.case.result})


def rework(turn: Turn) -> Deed:
    """The result did not hold."""
    turn.case.rework += 1
    turn.case.result = None
    return Deed({"rework": turn.case.rework})


def evaluate(turn: Turn) -> Deed:
    """With feedback, or when a week has gone."""
    case, feedback = turn.case, turn.fields["feedback"]
    waited = case.closed_at is not None and turn.now >= case.closed_at + rules.EVALUATE_AFTER
    if feedback is None and not waited:
        en = f"Give the reporter's feedback, or wait {rules.EVALUATE_AFTER.days} days after closing."
        raise Refused(
            "input", "field.feedback", en, f"请填回访结果，或等结案满 {rules.EVALUATE_AFTER.days} 天。"
        )
    return Deed({"feedback": feedback})


def reopen(turn: Turn) -> Deed:
    """Back to the dispatcher with new clocks; the old ones stay as they were."""
    case = turn.case
    case.reopen += 1
    case.closed_at = case.unit_kind = case.unit = case.result = None
    return Deed({"reopen": case.reopen})


def cancel(turn: Turn) -> Deed:
    """End it without a result; it stays in the books."""
    turn.case.asked = None
    tell_reporter(turn, Pair("已撤销", "was cancelled"))
    return Deed()


def priority(turn: Turn) -> Deed:
    """Every limit is computed anew from the same marks."""
    before, turn.case.severity = turn.case.severity, int(turn.fields["severity"])
    return Deed({"from": before, "to": turn.case.severity})


def note(turn: Turn) -> Deed:
    """Words and pictures for the record."""
    return Deed({"media": attach_media(turn)})


def call(turn: Turn) -> Deed:
    """Somebody rang 119, 110 or 120."""
    number, person = turn.fields["number"], turn.actor.person if turn.actor else ""
    turn.s.add(Call(id=new_id(), case=turn.case.id, number=number, person=person, at=turn.now))
    return Deed({"number": number})


def remind(turn: Turn) -> Deed:
    """Tell whoever owes the next act."""
    case = turn.case
    running = [run.clock for run in deadline.runs(clock.marks(turn.s, case)) if run.stopped is None]
    role = supervise.OWES[running[-1] if running else "handle"]
    members = sorted(unit.members(turn.s, case, turn.now))
    told = members if role == "unit" else people.with_role(turn.s, case.market, role)
    words = Pair(f"催办：{case.title_zh}", f"Reminder: {case.title_en}")
    notice.tell(turn.s, case.market, told, f"case/{case.id}", "remind", words, turn.now)
    return Deed({"to": role, "people": len(told)})


DEEDS: dict[Act, Callable[[Turn], Deed]] = {
    Act.ACCEPT: accept,
    Act.REJECT: reject,
    Act.MERGE: merge,
    Act.UNMERGE: unmerge,
    Act.DISPATCH: dispatch,
    Act.ACKNOWLEDGE: move_only,
    Act.EN_ROUTE: move_only,
    Act.ON_SCENE: move_only,
    Act.RETURN_REQUEST: ask_return,
    Act.RETURN_DECIDE: decide_return,
    Act.SUSPEND_REQUEST: ask_suspend,
    Act.SUSPEND_DECIDE: decide_suspend,
    Act.RESUME: resume,
    Act.HANDLE: handle,
    Act.VERIFY_CLOSE: verify_close,
    Act.REWORK: rework,
    Act.EVALUATE: evaluate,
    Act.REOPEN: reopen,
    Act.CANCEL: cancel,
    Act.PRIORITY: priority,
    Act.NOTE: note,
    Act.CALL: call,
    Act.REMIND: remind,
}
