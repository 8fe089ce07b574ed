"""What a form shows of each rule is what an edge takes: no kind and no limit is missing."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from wire.drawn import decode_drawn, plain_drawn
from wire.message import Bad
from wire.rule import AnyRule
from wire.rulebook import rulebook

KINDS = {kind["kind"]: kind for kind in rulebook()}
PLACE = {"polygon": {"polygon": [[0, 0], [1, 0], [1, 1]]}, "line": {"line": [[0, 0], [1, 1]]}}


def drawn(kind: str, **fields: object) -> bytes:
    rule = {"kind": kind, **fields}
    zone = {"id": "z", **PLACE[KINDS[kind]["on"]], "area": 10, "rules": [rule]}
    return msgspec.json.encode({"zones": [zone]})


def test_every_kind_of_rule_has_a_form() -> None:
    assert set(KINDS) == {str(rule.__struct_config__.tag) for rule in get_args(AnyRule)}


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_form_begins_with_is_taken_as_it_stands(kind: str) -> None:
    begins = {field["name"]: field["default"] for field in KINDS[kind]["fields"]}
    taken = plain_drawn(decode_drawn(drawn(kind, **begins)))["zones"][0]["rules"][0]
    assert taken == {"kind": kind, **begins}


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_at_its_limit_is_taken_and_one_beyond_is_not(kind: str) -> None:
    for field in KINDS[kind]["fields"]:
        for limit, beyond in (("least", -1), ("most", 1)):
            if limit in field and field["name"] not in {"count", "clear"}:
                decode_drawn(drawn(kind, **{field["name"]: field[limit]}))
                with pytest.raises(Bad):
                    decode_drawn(drawn(kind, **{field["name"]: field[limit] + beyond}))
        for limit in ("over", "under"):
            if limit in field:
                with pytest.raises(Bad):
                    decode_drawn(drawn(kind, **{field["name"]: field[limit]}))


def test_two_zones_of_one_name_are_refused() -> None:
    zone = '{"id":"z","polygon":[[0,0],[1,0],[1,1]],"rules":[{"kind":"linger"}]}'
    with pytest.raises(Bad, match="there twice"):
        decode_drawn(f'{{"zones":[{zone},{zone}]}}'.encode())
