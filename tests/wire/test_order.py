from __future__ import annotations

import json
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.orders import ARGS, FIELDS, command, config
from tests.wire.samples import AT
from wire import order as o
from wire.border import Bad


def zone(rule: str) -> str:
    """Fields with one zone, whose intrusion rule says `rule`."""
    what = f'{{"id": "z", "polygon": [[0,0],[1,0],[1,1]], "rules": [{{"kind": "intrusion", {rule}}}]}}'
    return f'{{"cameras": {{"c-1": {{"zones": [{what}]}}}}}}'


@pytest.mark.parametrize("args", ARGS, ids=lambda args: args.__struct_config__.tag)
def test_what_the_hub_commands_a_device_reads_unchanged(args: o.Args) -> None:
    assert o.decode_command(o.encode(command(args))) == command(args)
    assert command(args).op in o.OPS


def test_the_list_of_operations_is_closed_and_complete() -> None:
    assert {command(args).op for args in ARGS} == o.OPS


def test_what_the_hub_desires_a_device_reads_unchanged() -> None:
    assert o.decode_config(o.encode(config())) == config()


def test_a_digest_does_not_depend_on_how_a_number_was_written_or_the_order_of_cameras() -> None:
    one = o.decode_fields(b'{"cameras": {"c-1": {"fps": 2}, "c-2": {}}}')
    two = o.Fields(cameras={"c-2": o.CameraFields(), "c-1": o.CameraFields(fps=2)})
    assert o.digest(one) == o.digest(two)
    assert o.digest(one) != o.digest(o.decode_fields(b'{"cameras": {"c-1": {"fps": 3}, "c-2": {}}}'))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"cameras": {"c-1": {"url": "rtsp://elsewhere"}}}', "unknown field `url`"),
        ('{"cameras": {"c-1": {"model": "/tmp/x.onnx"}}}', "unknown field `model`"),
        ('{"hub": {"http": "http://elsewhere"}}', "unknown field `hub`"),
        ('{"cameras": {"../c": {}}}', "regex"),
        ('{"cameras": {"c-1": {"fps": 0}}}', "fps"),
        ('{"cameras": {"c-1": {"fps": NaN}}}', "not a message"),
        ('{"cameras": {"c-1": {"masks": [[[0, 0], [1, 1], [0.5, 0.5]]]}}}', "no area"),
        (
            zone('"armed": [{"from": "25:00", "to": "06:00"}]'),
            "no time of day",
        ),
        (
            zone('"labels": ["a\\u202eb"]'),
            "control character",
        ),
        ("{" * 5000, "not a message"),
    ],
)
def test_a_device_can_be_told_nothing_but_the_closed_list(text: str, reason: str) -> None:
    with pytest.raises(Bad, match=reason):
        o.decode_fields(text.encode())


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("args.op", "shell", "args"),
        ("args.url", "http://elsewhere", "unknown field `url`"),
        ("args.camera", "../etc", "camera"),
        ("counter", 0, "counter"),
        ("counter", True, "counter"),
        ("colour", "red", "unknown field"),
        ("type", "config", "type"),
        ("expires", "2026-03-04T21:15:38.250001Z", "lives at most 30 s"),
        ("expires", "2026-03-04T21:15:08.250000Z", "lives at most 30 s"),
        ("issued", "2026-03-04T21:15:08", "without a zone"),
    ],
)
def test_a_command_out_of_shape_is_refused_with_its_place(path: str, value: object, reason: str) -> None:
    data = json.loads(o.encode(command()))
    *parents, last = path.split(".")
    place = data
    for name in parents:
        place = place[name]
    place[last] = value
    with pytest.raises(Bad, match=reason):
        o.decode_command(json.dumps(data).encode())


def test_fields_that_are_not_those_of_the_digest_are_refused() -> None:
    other = msgspec.structs.replace(config(), fields=o.Fields())
    with pytest.raises(Bad, match="digest"):
        o.decode_config(o.encode(other))


def test_an_order_larger_than_a_broker_takes_is_refused_before_it_is_sent() -> None:
    camera = FIELDS.cameras["c-2-01"]
    assert camera.zones
    zones = tuple(msgspec.structs.replace(camera.zones[0], id=f"z-{n}") for n in range(32))
    full = msgspec.structs.replace(camera, zones=zones)
    many = o.Fields(cameras={f"c-{n}": full for n in range(64)})
    with pytest.raises(Bad, match="over the limit"):
        o.encode(config(many))


def test_a_command_lives_no_longer_than_half_a_minute() -> None:
    assert o.decode_command(o.encode(command(life=timedelta(seconds=30))))
    with pytest.raises(Bad, match="lives at most"):
        o.decode_command(o.encode(command(life=timedelta(seconds=31))))


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
NAMES = st.sampled_from(
    ["cameras", "c-1", "fps", "masks", "zones", "id", "polygon", "rules", "kind", "labels"]
)
ANY = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4)
)


@settings(max_examples=500, deadline=None, database=None, derandomize=True)
@given(ANY, st.booleans())
def test_whatever_is_given_as_fields_is_taken_or_refused_and_never_fatal(
    given_: object, in_camera: bool
) -> None:
    data = json.dumps({"cameras": {"c-1": given_}} if in_camera else given_).encode()
    try:
        fields = o.decode_fields(data)
    except Bad:
        return
    assert o.build_fields(o.plain(fields)) == fields
    assert o.digest(o.build_fields(o.plain(fields))) == o.digest(fields)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(Bad):
        o.decode_fields(
            b'{"cameras": {"c-1": {"zones": [{"id": "z", "polygon": [[0,0],[1,0],[1,1]], "rules":'
            b' [{"kind": "linger", "labels": ["\\ud800"]}]}]}}}'
        )


@pytest.mark.parametrize(
    ("until", "holds"),
    [
        (timedelta(seconds=1), True),
        (timedelta(days=7), True),
        (timedelta(0), False),
        (timedelta(days=-1), False),
        (timedelta(days=7, seconds=1), False),
    ],
)
@pytest.mark.parametrize("kind", [o.Arm, o.Disarm])
def test_a_hand_holds_for_a_week_at_most_and_not_into_the_past(
    kind: type[o.Arm | o.Disarm], until: timedelta, holds: bool
) -> None:
    sent = command(kind(camera="c-1", until=AT + until))
    if holds:
        assert o.decode_command(o.encode(sent)) == sent
    else:
        with pytest.raises(Bad, match="at most 7 days"):
            o.decode_command(o.encode(sent))
