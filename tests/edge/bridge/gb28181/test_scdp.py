from __future__ import annotations

import random

import pytest

from edge.bridge.gb28181 import scdp
from edge.bridge.gb28181.scdp import Notice
from edge.bridge.gb28181.sip import Malformed
from tests.edge.bridge.gb28181.peer import CAMERA
from tests.edge.bridge.gb28181.test_sip import mutated

ALARM = Notice(
    "Notify",
    "Alarm",
    7,
    CAMERA,
    {"AlarmPriority": "1", "AlarmMethod": "5", "AlarmDescription": "东门 <烟火> & 㐀", "Info/AlarmType": "6"},
)


@pytest.mark.parametrize("edition", ["2016", "2022"])
def test_what_is_written_in_gb18030_is_read_again(edition: str) -> None:
    body = scdp.write(ALARM, edition)
    assert ("东门".encode("gb18030") in body, scdp.ENCODINGS[edition].encode() in body) == (True, True)
    assert scdp.read(body) == ALARM


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("GB2312", "gb18030"),
        ("gbk", "gb18030"),
        ("UTF-8", "utf-8"),
        ("", "utf-8"),
        ("", "gb18030"),
        ("GB2312", "utf-8"),
    ],
)
def test_devices_write_in_whatever_encoding_they_have(declared: str, codec: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else '<?xml version="1.0"?>'
    named = f"<CmdType>Alarm</CmdType><SN>1</SN><DeviceID>{CAMERA}</DeviceID>"
    text = f"{head}<Notify>{named}<X>仓库二层</X></Notify>"
    assert scdp.read(text.encode(codec)).fields == {"X": "仓库二层"}


@pytest.mark.parametrize(
    ("inner", "sentence"),
    [
        ("<!DOCTYPE Notify [<!ENTITY a 'b'>]><Notify>&a;</Notify>", "no XML that is read here"),
        ('<!DOCTYPE Notify SYSTEM "file:///etc/passwd"><Notify/>', "no XML that is read here"),
        ("<Notify>&unknown;</Notify>", "no XML that is read here"),
        ("<Notify>", "no XML that is read here"),
        ("", "no XML that is read here"),
        ("<Other/>", "root is none of"),
        ("<Notify><SN>1</SN></Notify>", "CmdType or DeviceID"),
        (f"<Notify><CmdType>A</CmdType><SN>x</SN><DeviceID>{CAMERA}</DeviceID></Notify>", "SN is no number"),
        ("<Notify><CmdType>A</CmdType><SN>1</SN><DeviceID>../../x</DeviceID></Notify>", "DeviceID"),
        ("<Notify>" + "".join(f"<A{n}/>" for n in range(70)) + "</Notify>", "more than 64 elements"),
        (
            "<Response><DeviceList>" + 1_001 * "<Item/>" + "</DeviceList></Response>",
            "more than 1000 elements",
        ),
        ("<Notify>" + 5_000 * "<a>" + 5_000 * "</a>" + "</Notify>", "CmdType or DeviceID"),
    ],
)
def test_what_is_no_notice_is_refused_with_a_sentence(inner: str, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        scdp.read(inner.encode())


def test_what_a_person_reads_has_no_hidden_characters_and_an_end() -> None:
    assert scdp.clean("a\x00\u202eb\n\u2066 c") == "a b c"
    assert len(scdp.clean(10_000 * "x")) == scdp.LONGEST
    with pytest.raises(Malformed, match="encoding"):
        scdp.read(b'<?xml version="1.0" encoding="UTF-16"?><Notify/>')


def test_three_thousand_mutated_bodies_are_notices_or_refused_and_nothing_else() -> None:
    chance, counts = random.Random(28181), [0, 0]
    for _ in range(3_000):
        try:
            scdp.read(mutated(chance, scdp.write(ALARM)))
        except Malformed:
            counts[0] += 1
        else:
            counts[1] += 1
    assert min(counts) > 50
