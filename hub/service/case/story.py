"""What happened in a case, line by line from the ledger, with people's own words while they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import case as rules
from hub.core import glossary
from hub.core.glossary import Pair
from hub.service import people
from hub.service.shape import iso, name, pair
from hub.store.evidence import Blob, Line, Media, PrivateText

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from hub.store.alert import Alert
    from hub.store.case import Case
    from hub.store.people import Person


def timeline(s: Session, case: Case, alerts: Sequence[Alert]) -> list[dict[str, Any]]:
    """Lines of the case, oldest first."""
    lines = s.scalars(select(Line).where(Line.case == case.id).order_by(Line.case_seq)).all()
    wanted = {line.commitment for line in lines if line.commitment}
    rows = s.scalars(select(PrivateText).where(PrivateText.commitment.in_(wanted)))
    texts = {row.commitment: row.text for row in rows}
    known = people.names(s, [line.actor for line in lines])
    media = _media(s, lines, alerts)
    return [
        {
            "seq": line.case_seq,
            "at": iso(line.at),
            "act": line.act.removeprefix("case."),
            "who": _who(line, known.get(line.actor or "")),
            "from": line.stage_from,
            "to": line.stage_to,
            "text": texts.get(line.commitment or ""),
            **pair(_facts(line)),
            "media": media[line.id],
        }
        for line in lines
    ]


def _who(line: Line, person: Person | None) -> dict[str, Any]:
    role = glossary.ROLE.get(line.role or "system", glossary.ROLE["system"])
    return {"name": name(person) if person else pair(role), "role": pair(role), "armband": line.armband}


def _media(s: Session, lines: Sequence[Line], alerts: Sequence[Alert]) -> dict[int, list[Any]]:
    """Pictures of each line: what its act added, and with the report those of its alerts."""
    ids = {one for alert in alerts for one in (alert.still, alert.clip) if one}
    ids |= {one for line in lines for one in line.public.get("media") or []}
    query = select(Media).join(Blob, Blob.sha256 == Media.sha256).where(Media.id.in_(ids))
    known = {row.id: {"id": row.id, "type": row.type, "at": iso(row.at)} for row in s.scalars(query)}
    own = [one for alert in alerts for one in (alert.still, alert.clip) if one in known]
    return {
        line.id: [
            known[one]
            for one in (own if line.act == "case.report" else line.public.get("media") or [])
            if one in known
        ]
        for line in lines
    }


def _facts(line: Line) -> Pair:
    """What the line says without anybody's words; empty where the act's name says it all."""
    found = _FACTS.get(line.act.removeprefix("case."))
    return found(line.public) if found else Pair("", "")


def _report(public: dict[str, Any]) -> Pair:
    kind, grade = glossary.KIND[public["kind"]], glossary.SEVERITY[public["severity"]]
    return Pair(f"{kind.zh}，{grade.zh}", f"{kind.en}, {grade.en.lower()}")


def _dispatch(public: dict[str, Any]) -> Pair:
    return Pair(f"派 {public.get('zh', '')}", f"To {public.get('en', '')}")


def _grades(public: dict[str, Any]) -> Pair:
    return Pair(f"P{public['from']} → P{public['to']}", f"P{public['from']} → P{public['to']}")


def _granted(public: dict[str, Any]) -> Pair:
    return Pair("同意", "Granted") if public["granted"] else Pair("不同意", "Not granted")


def _result(public: dict[str, Any]) -> Pair:
    return rules.RESULTS[public["result"]]


def _feedback(public: dict[str, Any]) -> Pair:
    return rules.FEEDBACK.get(public["feedback"] or "", Pair("满 7 天", "Seven days have gone"))


def _escalate(public: dict[str, Any]) -> Pair:
    clock = glossary.CLOCK[public["clock"].split(".")[0]]
    late = Pair("（补发）", " (late)") if public["late"] else Pair("", "")
    return Pair(f"{clock.zh}时限 {public['step']} %{late.zh}", f"{clock.en}: {public['step']} %{late.en}")


def _number(public: dict[str, Any]) -> Pair:
    return Pair(public["number"], public["number"])


def _root(public: dict[str, Any]) -> Pair:
    return Pair(public["root"], public["root"])


def _other(public: dict[str, Any]) -> Pair:
    return Pair(public["case"], public["case"])


_FACTS: dict[str, Callable[[dict[str, Any]], Pair]] = {
    "report": _report,
    "dispatch": _dispatch,
    "priority": _grades,
    "return_decide": _granted,
    "suspend_decide": _granted,
    "handle": _result,
    "evaluate": _feedback,
    "escalate": _escalate,
    "call": _number,
    "merge": _root,
    "unmerge": _root,
    "merged": _other,
    "unmerged": _other,
}
"""Act → how its public facts read."""
