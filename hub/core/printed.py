"""The rules as a page of the documentation: `python -m hub.core.printed > docs/rules.md`."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from hub.core import alert, case, deadline, form, glossary, policy, severity, supervise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.core.deadline import Limit

HEAD = """# The rules, as the hub holds them

Printed from the tables in `hub/core` (`python -m hub.core.printed > docs/rules.md`); a test holds that this
page and the tables agree. Change a table there, never here.
"""
REACH = """What a cell says. **market**: everywhere in the grant's market · **yes**: everything below its node
· **own**: the same, and whatever one's own unit has · **unit**: only what one's own unit has · **up**: only
to a graver priority · **ask**: may ask whoever may · **request**: after an approved request · –: never.
"""
LEAST = (("d", 86_400, 3), ("h", 3600, 1), ("min", 60, 2))
"""Units of time with their seconds and the least count in which people use them."""


def page() -> str:
    """The whole page, Markdown."""
    parts = (HEAD, _policy(), _moves(), _sides(), _limits(), _ladders(), _severity(), _alerts())
    return "\n".join(parts)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _policy() -> str:
    names = [glossary.ROLE[role].zh for role in policy.Role]
    rows = (
        [f"`{action}`", *("–" if row[role] is policy.Reach.NO else row[role] for role in policy.Role)]
        for action, row in policy.TABLE.items()
    )
    roles = ", ".join(f"{glossary.ROLE[role].zh} = {glossary.ROLE[role].en}" for role in policy.Role)
    return f"## Who may do what\n\n{REACH}\nRoles: {roles}.\n\n{_table(['', *names], rows)}"


def _moves() -> str:
    rows = (
        [_stage(of), f"`{act}` {glossary.ACT[act].zh}", _stage(to), _fields(act)]
        for (of, act), to in case.MOVES.items()
        if of != to or act is case.Act.UNMERGE
    )
    text = "An un-merge goes back to the stage before; a decision that refuses leaves the case as it is.\n"
    return f"## Moves of a case\n\n{text}\n{_table(['from', 'act', 'to', 'asks for'], rows)}"


def _fields(act: case.Act) -> str:
    return ", ".join(f"{field.name}{'' if field.required else '?'}" for field in form.FIELDS[act]) or "–"


def _sides() -> str:
    acts = {side: [f"`{act}`" for act, of in case.SIDES.items() if of is side] for side in case.Side}
    rows = ([side, ", ".join(names)] for side, names in acts.items())
    text = "In one case a person stands on one side only; the reporter does not verify.\n"
    return f"## Supervision apart from handling\n\n{text}\n{_table(['side', 'acts'], rows)}"


def _limits() -> str:
    rows = (
        [version, row, *(_limit(limit) for limit in limits.values())]
        for version, by_row in deadline.LIMITS.items()
        for row, limits in by_row.items()
    )
    names = [f"{glossary.CLOCK[clock].zh} {clock}" for clock in supervise.OWES]
    return f"## Clocks\n\n{_table(['version', 'row', *names], rows)}"


def _limit(limit: Limit) -> str:
    if limit is None:
        return "–"
    if not isinstance(limit, timedelta):
        return "end of the shift"
    for unit, length, least in LEAST:
        count = limit.total_seconds() / length
        if count >= least and count == int(count):
            return f"{int(count)} {unit}"
    return f"{int(limit.total_seconds())} s"


def _ladders() -> str:
    usual = ([f"{step.at} %", ", ".join(step.to), step.zh, step.en] for step in supervise.LADDER)
    urgent = ([f"{step.at} s", ", ".join(step.to), step.zh, step.en] for step in supervise.URGENT)
    head = ["at", "who hears", "", ""]
    return (
        f"## Escalation\n\nEvery clock; owner = whoever owes the act.\n\n{_table(head, usual)}\n"
        f"An urgent alert that nobody takes.\n\n{_table(head, urgent)}"
    )


def _severity() -> str:
    rows = (
        [f"`{kind}` {glossary.KIND[kind].zh}", *(f"P{level}" for level in row)]
        for kind, row in severity.TABLE.items()
    )
    blind = ", ".join(sorted(severity.BLINDS))
    text = f"In a critical camera P1: {blind}. Confirmed by a person P0: {', '.join(severity.CONFIRMED)}.\n"
    return f"## Severity\n\n{text}\n{_table(['kind', *severity.TRUST], rows)}"


def _alerts() -> str:
    leases = ", ".join(f"P{level} {_limit(lease)}" for level, lease in enumerate(alert.LEASE))
    rows = ([of, f"`{act}`", to] for (of, act), to in alert.MOVES.items())
    text = (
        f"A lease holds: {leases}. Events of one key within {_limit(alert.WINDOW)} are one alert, never "
        f"longer than {_limit(alert.CAP)}. A dismissal can be taken back for {_limit(alert.UNDO_WITHIN)}.\n"
    )
    return f"## Moves of an alert\n\n{text}\n{_table(['from', 'act', 'to'], rows)}"


def _stage(stage: case.Stage) -> str:
    return f"{stage} {glossary.STAGE[stage].zh}"


if __name__ == "__main__":
    sys.stdout.write(page())
