"""Every kind of rule as a form may show it: where it holds, and each of its fields with its limits.

Read from the shapes in wire/rule.py, so that no form lacks what an edge understands.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from msgspec import UNSET, inspect

from wire.rule import AnyRule, LineRule, RuleConfig

Form = Literal["number", "whole", "choice", "labels", "armed", "holidays"]
LISTS: dict[str, Form] = {"labels": "labels", "armed": "armed", "holidays": "holidays"}


def rulebook() -> list[dict[str, Any]]:
    """Each kind with its fields: `name`, `form`, `default`, and `least`, `most`, `over`, `under`, `choices`.

    `over` and `under` are limits that a number may not reach itself; `maybe` fields may be null.
    """
    return [_kind(rule) for rule in get_args(AnyRule)]


def _kind(rule: type[RuleConfig]) -> dict[str, Any]:
    told = inspect.type_info(rule)
    assert isinstance(told, inspect.StructType)
    return {
        "kind": str(told.tag),
        "on": "line" if rule is LineRule else "polygon",
        "fields": [_field(field) for field in told.fields],
    }


def _field(field: inspect.Field) -> dict[str, Any]:
    one = _bare(field.type)
    maybe = isinstance(one, inspect.UnionType) and one.includes_none
    if isinstance(one, inspect.UnionType):
        one = next(_bare(each) for each in one.types if not isinstance(each, inspect.NoneType))
    default = field.default
    assert default is not UNSET
    shown: dict[str, Any] = {"name": field.encode_name, "form": "number", "default": default, "maybe": maybe}
    if field.encode_name in LISTS:
        return shown | {"form": LISTS[field.encode_name]}
    if isinstance(one, inspect.LiteralType):
        return shown | {"form": "choice", "choices": list(one.values)}
    assert isinstance(one, inspect.IntType | inspect.FloatType)
    limits = {"least": one.ge, "most": one.le, "over": one.gt, "under": one.lt}
    form: Form = "whole" if isinstance(one, inspect.IntType) else "number"
    return shown | {"form": form} | {name: limit for name, limit in limits.items() if limit is not None}


def _bare(told: inspect.Type) -> inspect.Type:
    return _bare(told.type) if isinstance(told, inspect.Metadata) else told
