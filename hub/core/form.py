"""What each act asks of a person, so that one table makes the page's form and checks what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from hub.core import alert, case, glossary
from hub.core.case import Act
from hub.core.glossary import Pair
from hub.core.refuse import Refused

Type = Literal["text", "choice", "date", "unit", "person", "check", "case", "media"]
MAX_TEXT = 2000
MAX_MEDIA = 20
ID_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that an act asks for; `choices` are value → words."""

    name: str
    type: Type
    required: bool
    label: Pair
    choices: tuple[tuple[str, Pair], ...] = ()


def _choices(words: dict[str, Pair]) -> tuple[tuple[str, Pair], ...]:
    return tuple(words.items())


_SEVERITIES = tuple((str(level), pair) for level, pair in enumerate(glossary.SEVERITY))
_NUMBERS = tuple((number, Pair(number, number)) for number in alert.NUMBERS)
_REASON = Field("text", "text", True, Pair("理由", "Reason"))
_WORDS = Field("text", "text", False, Pair("说明", "Remark"))
_GRANTED = Field("granted", "check", False, Pair("同意", "Grant it"))

CONDITIONS: dict[str, Pair] = {
    "result": Pair("已提交处置结果", "The result was submitted"),
    "evidence": Pair("有图像或文字凭据", "There is a picture or a written account"),
    "gone": Pair("核查人确认隐患已消除", "The verifier saw that the danger is gone"),
    "told": Pair("已告知报告人", "The reporter was told"),
}
"""What must be met before a case is closed; the last two are ticked by the verifier."""
TICKED = ("gone", "told")

FIELDS: dict[Act, tuple[Field, ...]] = {
    Act.ACCEPT: (
        Field("kind", "choice", False, Pair("类型", "Kind"), _choices(glossary.KIND)),
        Field("severity", "choice", False, Pair("级别", "Priority"), _SEVERITIES),
        _WORDS,
    ),
    Act.REJECT: (_REASON,),
    Act.MERGE: (Field("root", "case", True, Pair("并入案件", "Into the case")), _WORDS),
    Act.UNMERGE: (_REASON,),
    Act.DISPATCH: (Field("unit", "unit", True, Pair("派给", "Unit")), _WORDS),
    Act.ACKNOWLEDGE: (),
    Act.EN_ROUTE: (),
    Act.ON_SCENE: (),
    Act.RETURN_REQUEST: (_REASON,),
    Act.RETURN_DECIDE: (_GRANTED, _WORDS),
    Act.SUSPEND_REQUEST: (Field("until", "date", True, Pair("复查时间", "Review at")), _REASON),
    Act.SUSPEND_DECIDE: (_GRANTED, _WORDS),
    Act.RESUME: (_WORDS,),
    Act.HANDLE: (
        Field("result", "choice", True, Pair("结果", "Result"), _choices(case.RESULTS)),
        Field("text", "text", True, Pair("经过", "What was found and done")),
        Field("media", "media", False, Pair("照片", "Pictures")),
    ),
    Act.VERIFY_CLOSE: (
        *(Field(name, "check", True, CONDITIONS[name]) for name in TICKED),
        _WORDS,
    ),
    Act.REWORK: (_REASON,),
    Act.EVALUATE: (
        Field("feedback", "choice", False, Pair("回访", "Feedback"), _choices(case.FEEDBACK)),
        _WORDS,
    ),
    Act.REOPEN: (_REASON,),
    Act.CANCEL: (_REASON,),
    Act.PRIORITY: (Field("severity", "choice", True, Pair("级别", "Priority"), _SEVERITIES), _REASON),
    Act.NOTE: (
        Field("text", "text", True, Pair("内容", "Words")),
        Field("media", "media", False, Pair("照片", "Pictures")),
    ),
    Act.CALL: (Field("number", "choice", True, Pair("号码", "Number"), _NUMBERS), _WORDS),
    Act.REMIND: (_WORDS,),
}


def read(act: Act, given: dict[str, Any]) -> dict[str, Any]:
    """What was given, checked against what the act asks; a missing optional field is None, a check False.

    Raises:
        Refused: a field is unknown, missing or wrong; the sentence names it.
    """
    fields = {field.name: field for field in FIELDS[act]}
    unknown = sorted(set(given) - set(fields))
    if unknown:
        names = ", ".join(fields) or "none"
        raise _wrong(unknown[0], f"is not asked for here; the fields are: {names}", "不是这一步的内容")
    return {name: _value(field, given.get(name)) for name, field in fields.items()}


def _value(field: Field, value: Any) -> Any:
    if value is None or value == "":
        if field.required:
            raise _wrong(field.name, "is missing: fill it in", "没有填写")
        return False if field.type == "check" else None
    return _READERS[field.type](field, value)


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(field.name, "must be words", "应为文字")
    if len(value) > MAX_TEXT or any(ord(char) < ord(" ") and char not in "\n\t" for char in value):
        raise _wrong(field.name, f"must be at most {MAX_TEXT} plain characters", f"最多 {MAX_TEXT} 字")
    return value.strip()


def _choice(field: Field, value: Any) -> str:
    names = [name for name, _ in field.choices]
    if str(value) not in names:
        raise _wrong(field.name, f"must be one of: {', '.join(names)}", "不在可选范围")
    return str(value)


def _date(field: Field, value: Any) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        pass
    raise _wrong(field.name, "must be a moment such as 2026-11-22T08:00:00Z", "应为带时区的时间")


def _check(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(field.name, "must be true or false", "应为是或否")
    if field.required and not value:
        raise _wrong(field.name, f"must be confirmed first: {field.label.en}", f"须先确认：{field.label.zh}")
    return value


def _id(field: Field, value: Any) -> str:
    if not isinstance(value, str) or len(value) > ID_LENGTH:
        raise _wrong(field.name, "must be an id from the list", "应从列表中选择")
    return value


def _ids(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MAX_MEDIA:
        raise _wrong(field.name, f"must be a list of at most {MAX_MEDIA} ids", f"最多 {MAX_MEDIA} 个")
    return [_id(field, item) for item in value]


_READERS = {
    "text": _text,
    "choice": _choice,
    "date": _date,
    "unit": _id,
    "person": _id,
    "case": _id,
    "check": _check,
    "media": _ids,
}


def _wrong(name: str, en: str, zh: str) -> Refused:
    return Refused("input", f"field.{name}", f"“{name}” {en}.", f"“{name}”{zh}。")
