"""How an act is refused: a kind that a door maps to a status, and a sentence that says what to do."""

from __future__ import annotations

from typing import Literal

Kind = Literal["stage", "right", "state", "input", "missing", "conflict"]
"""stage: the case stands elsewhere · right: this person may not · state: something else stands against it ·
input: what was given is wrong · missing: there is no such thing · conflict: somebody was faster."""


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """An act that may not happen. `code` is stable for machines; `en` and `zh` are read by people.

    `action` is the right that was missing, where that is why.
    """

    def __init__(self, kind: Kind, code: str, en: str, zh: str, action: str | None = None) -> None:
        super().__init__(en)
        self.kind: Kind = kind
        self.code = code
        self.en = en
        self.zh = zh
        self.action = action
