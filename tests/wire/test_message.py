from __future__ import annotations

import json
import random
from datetime import datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.samples import AT, BODIES, EPOCH, EVENT, ID, envelope
from wire import message as m

WHOLE = [m.encode(envelope(body)) for body in BODIES]


def changed(path: str, value: object, body: m.Up = EVENT) -> bytes:
    """The envelope of `body` as JSON with one value put at a dotted path."""
    data = json.loads(m.encode(envelope(body)))
    *parents, last = path.split(".")
    place = data
    for name in parents:
        place = place[int(name)] if isinstance(place, list) else place[name]
    place[last] = value
    return json.dumps(data).encode()


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_what_an_edge_says_the_hub_reads_unchanged(body: m.Up) -> None:
    assert m.decode(m.encode(envelope(body))) == envelope(body)


def test_a_receipt_comes_down_unchanged() -> None:
    receipt = m.Receipt(ranges=(m.Range(epoch=EPOCH, first=1, last=500),))
    assert m.decode_receipt(m.encode(receipt)) == receipt


def test_a_receipt_is_no_message_upward_and_the_other_way_round() -> None:
    with pytest.raises(m.Bad):
        m.decode(m.encode(m.Receipt(ranges=())))
    with pytest.raises(m.Bad):
        m.decode_receipt(WHOLE[0])


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("colour", "red", "unknown field `colour`"),
        ("body.colour", "red", "unknown field `colour`"),
        ("body.boxes.0.colour", "red", "unknown field `colour`"),
        ("v", "2.0", r"\$\.v"),
        ("device", "Edge West", r"\$\.device"),
        ("device", "edge-west\n", r"\$\.device"),
        ("device", "e" * 65, r"\$\.device"),
        ("id", "not-a-uuid", r"\$\.id"),
        ("seq", -1, r"\$\.seq"),
        ("seq", 2**53 + 1, r"\$\.seq"),
        ("prio", "p9", r"\$\.prio"),
        ("body.type", "confession", r"\$\.body"),
        ("body.kind", "suspect", r"\$\.body\.kind"),
        ("body.score", 1.5, r"\$\.body\.score"),
        ("body.count", 100_001, r"\$\.body\.count"),
        ("body.zone", "../etc", r"\$\.body\.zone"),
        ("body.boxes", [{}] * 65, r"\$\.body\.boxes"),
        ("body.boxes.0.left", -1, r"\$\.body\.boxes\[0\]"),
        ("body.reason", "x" * 201, r"\$\.body\.reason"),
        ("body.reason", "stop\x00", "control character"),
        ("body.reason", "line\r\nsecond", "control character"),
        ("body.reason", "\u202egnp.exe", "control character"),
        ("body.reason", "\ufeffmark", "control character"),
        ("at", "2026-03-04T21:15:08", "time without a zone"),
        ("at", "0001-01-01T00:00:00+14:00", "impossible time"),
        ("at", "2200-01-01T00:00:00Z", "impossible time"),
        ("at", "yesterday", r"\$\.at"),
        ("body.thumb", "a" * 44_000, "thumb"),
    ],
)
def test_a_value_out_of_shape_is_refused_with_its_place(path: str, value: object, reason: str) -> None:
    with pytest.raises(m.Bad, match=reason):
        m.decode(changed(path, value))


TWICE = (
    ('"seq":', '"seq":7,"seq":', "seq"),
    ('"at":', '"at":"2026-03-04T21:15:08Z","at":', "at"),
    ('"kind":"crowd"', '"kind":"crowd","kind":"intrusion"', "kind"),
    ('"kind":"crowd"', '"kind":"crowd", "\\u006bind" :"crowd"', "kind"),
    ('"body":{', '"body":{"type":"event",', "type"),
    ('"left":10', '"left":10,"left":10', "left"),
)


@pytest.mark.parametrize(("was", "said", "name"), TWICE)
def test_what_is_said_twice_is_refused_whichever_of_them_counts(was: str, said: str, name: str) -> None:
    text = m.encode(envelope(EVENT)).decode()
    assert was in text
    with pytest.raises(m.Bad, match=f"said twice: {name}"):
        m.decode(text.replace(was, said, 1).encode())


def test_what_is_said_once_may_be_written_in_any_way() -> None:
    text = m.encode(envelope(EVENT))
    told = json.loads(text)
    for written in (json.dumps(told, indent=2), json.dumps(dict(reversed(told.items()))), json.dumps(told)):
        assert m.decode(written.encode()) == m.decode(text)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" * 400])
def test_a_score_that_is_no_number_is_refused(number: str) -> None:
    text = m.encode(envelope(EVENT)).replace(b'"score":0.82', f'"score":{number}'.encode())
    assert number.encode() in text
    with pytest.raises(m.Bad):
        m.decode(text)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_none_never_crosses_the_wire(number: float) -> None:
    with pytest.raises(m.Bad, match=r"\$\.body\.score"):
        m.decode(m.encode(envelope(msgspec.structs.replace(EVENT, score=number))))
    heard = m.decode(m.encode(envelope(msgspec.structs.replace(EVENT, seconds=number)))).body
    assert isinstance(heard, m.Event)
    assert heard.seconds is None


def test_a_thumbnail_may_make_an_event_larger_than_any_other_message() -> None:
    event = msgspec.structs.replace(EVENT, thumb=b"\xff" * 32_768)
    data = m.encode(envelope(event))
    assert m.MAX_BYTES < len(data) <= m.MAX_EVENT_BYTES
    assert m.decode(data).body == event


def test_without_a_thumbnail_the_small_limit_holds_on_both_sides() -> None:
    boxes = tuple(msgspec.structs.replace(EVENT.boxes[0], label="人" * 32) for _ in range(64))
    beat = m.Beat(
        uptime_s=1,
        rss_mb=1,
        queued=0,
        dropped=0,
        cameras=tuple(
            m.CameraHealth(camera=f"c-{n}", state="lost", since=AT, reason="x" * 150) for n in range(120)
        ),
    )
    assert m.encode(envelope(msgspec.structs.replace(EVENT, boxes=boxes)))
    with pytest.raises(m.Bad, match="over the limit"):
        m.encode(envelope(beat))
    with pytest.raises(m.Bad, match="over the limit"):
        m.decode(msgspec.json.encode(envelope(beat)))


def test_nobody_sends_more_than_a_broker_would_take() -> None:
    with pytest.raises(m.Bad, match="over the limit"):
        m.decode(b" " * (m.MAX_EVENT_BYTES + 1))


def test_a_time_of_another_zone_means_the_same_instant() -> None:
    east = AT.astimezone(timezone(timedelta(hours=8)))
    data = changed("at", east.isoformat())
    assert m.decode(data).at == AT


def test_names_sort_by_the_time_of_their_making() -> None:
    names = [m.new_id() for _ in range(200)]
    assert names == sorted(set(names))


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**80), 2**80),
    st.floats(),
    st.text(max_size=40),
    st.lists(st.integers(), max_size=4),
    st.dictionaries(st.text(max_size=6), st.integers(), max_size=3),
    st.datetimes().map(datetime.isoformat),
)
WOUNDS = [b"", b"\x00", b"\xff\xfe", b"NaN", b"1e999", b"9" * 400, b"[" * 3000, b'{"a":' * 3000, b"}"]
WOUNDS += [b'"\\ud800"', b"\\u0000", b'"v":"1.0","v":"1.0",', "\u202e".encode(), b"-0", b"null"]
BYTES = st.sampled_from(WOUNDS)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A true message with up to four wounds: bytes cut, put in, turned over, or a value exchanged."""
    data = draw(st.sampled_from(WHOLE))
    if draw(st.booleans()):
        tree = json.loads(data)
        place = draw(st.sampled_from([tree, tree["body"], tree["clock"]]))
        place[draw(st.sampled_from([*place, "extra"]))] = draw(JUNK)
        data = json.dumps(tree, allow_nan=True, ensure_ascii=draw(st.booleans())).encode("utf-8", "replace")
    for _ in range(draw(st.integers(0, 3))):
        begin = draw(st.integers(0, len(data)))
        end = min(len(data), begin + draw(st.integers(0, 12)))
        data = data[:begin] + draw(st.one_of(BYTES, st.binary(max_size=6))) + data[end:]
    return data


def test_of_all_mutated_messages_each_is_taken_or_refused_and_none_is_fatal() -> None:
    tally = {"sent": 0, "taken": 0, "refused": 0}

    @settings(max_examples=800, deadline=None, database=None, derandomize=True)
    @given(mutated())
    def hear(data: bytes) -> None:
        tally["sent"] += 1
        try:
            taken = m.decode(data)
        except m.Bad:
            tally["refused"] += 1
        else:
            assert m.decode(m.encode(taken)) == taken
            tally["taken"] += 1

    hear()
    assert tally["taken"] + tally["refused"] == tally["sent"] >= 800
    assert min(tally.values()) > 20, f"the mutations no longer reach both sides: {tally}"


def test_ten_thousand_damaged_messages_are_all_counted() -> None:
    chance = random.Random(7)
    taken = refused = 0
    for _ in range(10_000):
        data = bytearray(chance.choice(WHOLE))
        for _ in range(chance.randint(1, 3)):
            data[chance.randrange(len(data))] = chance.choice(
                (chance.randrange(256), *b'0123456789"{}[],:.-')
            )
        try:
            m.decode(bytes(data))
            taken += 1
        except m.Bad:
            refused += 1
    assert taken + refused == 10_000
    assert min(taken, refused) > 500


@settings(max_examples=500, deadline=None, database=None, derandomize=True)
@given(st.binary(max_size=200))
def test_noise_as_a_receipt_is_refused(data: bytes) -> None:
    with pytest.raises(m.Bad):
        m.decode_receipt(data)


def test_an_id_is_kept_as_it_was_given() -> None:
    assert m.decode(WHOLE[0]).id == ID


def test_a_device_of_the_version_before_is_heard_too() -> None:
    assert m.decode(changed("v", "1.0")).v == "1.0"


OLD = (
    (b'{"type":"scan","checkpoint":"p-3","by":"nfc"}', m.Scan(by="nfc", checkpoint="p-3")),
    (
        b'{"type":"sos","call":"' + ID.encode() + b'","button":"panic"}',
        m.Sos(call=ID, button="panic"),
    ),
)


@pytest.mark.parametrize(("said", "body"), OLD, ids=["scan", "sos"])
def test_what_a_patrol_wand_of_1_3_says_is_read_as_ever(said: bytes, body: m.Up) -> None:
    data = m.encode(envelope(body)).replace(b'"v":"1.4"', b'"v":"1.3"')
    whole = data.replace(msgspec.json.encode(body), said)
    assert said in whole
    assert m.decode(whole).body == body


def test_what_knows_its_point_by_name_needs_no_word_of_1_4() -> None:
    data = m.encode(envelope(m.Scan(by="nfc", checkpoint="p-3", round=ID)))
    assert set(json.loads(data)["body"]) == {"type", "by", "checkpoint", "round"}


SCAN = m.Scan(by="qr", checkpoint="p-3", code="LF", position=m.Position(29.3, 120.1, 4.0))


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("body.code", "", r"\$\.body\.code"),
        ("body.code", "x" * 161, r"\$\.body\.code"),
        ("body.code", "LF\x1b[2J", "control character"),
        ("body.position.lat", 90.1, r"\$\.body\.position\.lat"),
        ("body.position.lat", None, r"\$\.body\.position\.lat"),
        ("body.position.lon", -180.5, r"\$\.body\.position\.lon"),
        ("body.position.accuracy_m", -1, r"\$\.body\.position\.accuracy_m"),
        ("body.position.speed", 1, "unknown field `speed`"),
    ],
)
def test_a_scan_out_of_shape_is_refused_with_its_place(path: str, value: object, reason: str) -> None:
    with pytest.raises(m.Bad, match=reason):
        m.decode(changed(path, value, SCAN))


def test_a_scan_of_nothing_is_refused_with_a_sentence() -> None:
    nothing = msgspec.json.encode(SCAN).replace(b'"checkpoint":"p-3","code":"LF",', b"")
    data = m.encode(envelope(SCAN)).replace(msgspec.json.encode(SCAN), nothing)
    with pytest.raises(m.Bad, match="names its checkpoint, or the code that was read"):
        m.decode(data)


def test_where_a_caller_is_crosses_with_the_call() -> None:
    call = m.Sos(call=ID, button="help", position=m.Position(29.33, 120.08))
    assert m.decode(m.encode(envelope(call))).body == call
