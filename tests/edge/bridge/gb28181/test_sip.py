from __future__ import annotations

import random

import pytest

from edge.bridge.gb28181 import sip
from edge.bridge.gb28181.sip import Malformed, Message
from tests.edge.bridge.gb28181.peer import CAMERA, EDGE, PLATFORM, request

KEEPALIVE = f"<Notify><CmdType>Keepalive</CmdType><SN>1</SN><DeviceID>{EDGE}</DeviceID></Notify>"
GOOD = request("MESSAGE", EDGE, PLATFORM, 5060, body=KEEPALIVE)
REGISTER = request("REGISTER", EDGE, EDGE, 5060, Contact=f"<sip:{EDGE}@10.0.0.1:5060>", Expires="3600")
TRYING = b"SIP/2.0 100 Trying\r\n" + GOOD.split(b"\r\n", 1)[1]


def test_a_message_of_a_device_says_who_speaks_to_whom() -> None:
    message = sip.read(GOOD)
    assert (message.method, message.sender, message.receiver) == ("MESSAGE", EDGE, PLATFORM)
    assert message.branch.startswith("z9hG4bK")
    assert message.body.endswith(b"</Notify>")


def test_what_is_written_is_read_again_as_it_was() -> None:
    message = sip.read(REGISTER)
    again = sip.read(sip.write(Message(message.method, message.uri, message.headers[:-1], message.body)))
    assert (again.uri, again.expires, again.get("contact")) == (message.uri, 3600, message.get("contact"))


def test_a_number_without_end_is_none() -> None:
    assert sip.read(REGISTER.replace(b"Expires: 3600", b"Expires: " + 5_000 * b"9")).expires is None


def test_the_words_of_a_status_hide_nothing_from_who_reads_the_log() -> None:
    sly = TRYING.replace(b"100 Trying", "403 \u202eno\u2028".encode() + 500 * b"x")
    message = sip.read(sly)
    assert (message.status, message.reason[:4], len(message.reason)) == (403, "noxx", sip.LONGEST_REASON)


def test_short_names_folded_lines_and_names_in_gb18030_are_what_devices_write() -> None:
    text = (
        f"MESSAGE sip:{PLATFORM}@3402000000 SIP/2.0\r\nv: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\n"
        f'f: "东门" <sip:{CAMERA}@3402000000>;tag=1\r\nt: <sip:{PLATFORM}@3402000000>\r\ni: 1\r\n'
        "CSeq: 20\r\n  MESSAGE\r\nl: 3\r\n\r\nabcTAIL"
    )
    message = sip.read(text.encode("gb18030"))
    assert (message.sender, message.body, message.get("cseq")) == (CAMERA, b"abc", "20 MESSAGE")


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        (b"\r\n\r\n", b"\r\n", "the headers do not end"),
        (b"SIP/2.0\r\nVia", b"SIP/3.0\r\nVia", "neither a request nor a status"),
        (b"Via: ", b"Vi: ", "via is missing"),
        (b"Call-ID: ", b"Call-ID: x\r\nCall-ID: ", "call-id is there twice"),
        (b"CSeq: 1 MESSAGE", b"CSeq: 99999999999 MESSAGE", "CSeq is no number"),
        (b"CSeq: 1 MESSAGE", b"CSeq: 1 INVITE", "CSeq is of INVITE, the request is MESSAGE"),
        (b"Content-Length: ", b"Content-Length: 9", "shorter than Content-Length"),
        (b"Content-Length: ", b"Content-Length: -", "no number"),
        (b"Content-Length: ", b"Content-Length: 00000000", "no number"),
        (b"Max-Forwards: 70", b"Max-Forwards 70", "is no header"),
        (b"Max-Forwards: 70", b"Subject: a\x00b", "is no header"),
        (b"Max-Forwards: 70", b"X: " + 9_000 * b"x", "bytes of headers are more than"),
        (b"Max-Forwards: 70", 70 * b"X: 1\r\n" + b"Y: 1", "headers are more than 64"),
        (b"From: <sip:", b"From: <tel:", "names nobody"),
        (b"SIP/2.0/UDP", b"SIP/2.0 UDP", "Via is none"),
        (b"</Notify>", 70_000 * b"x", "bytes are more than"),
    ],
)
def test_what_is_malformed_is_refused_with_a_sentence(right: bytes, wrong: bytes, sentence: str) -> None:
    assert right in GOOD
    with pytest.raises(Malformed, match=sentence):
        sip.read(GOOD.replace(right, wrong))


def test_a_malformed_request_is_answered_where_it_says_to_whom_and_a_status_never_is() -> None:
    with pytest.raises(Malformed) as found:
        sip.read(GOOD.replace(b"CSeq: 1 MESSAGE", b"CSeq: 1 INVITE"))
    assert sip.write(sip.answer(found.value, 400)).startswith(b"SIP/2.0 400 Bad Request\r\nVia: SIP/2.0/UDP")
    with pytest.raises(Malformed) as found:
        sip.read(TRYING.replace(b"CSeq: 1 MESSAGE", b"CSeq: 1"))
    assert found.value.headers == ()


def mutated(chance: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(out) + 1)
        match chance.randrange(5):
            case 0:
                out[place:place] = chance.randbytes(chance.randint(1, 8))
            case 1:
                del out[place : place + chance.randint(1, 40)]
            case 2 if place < len(out):
                out[place] = chance.randrange(256)
            case 3:
                piece = out[place : place + chance.randint(1, 60)]
                out[place:place] = piece * chance.randint(1, 5)
            case _:
                out[place:place] = chance.choice(
                    [b"\r\n", b":", b"<", b'"', b";", b",", b"\r\n\r\n", b"sip:", b"%"]
                )
    return bytes(out)


def test_five_thousand_mutated_messages_are_messages_or_refused_and_nothing_else() -> None:
    chance = random.Random(28181)
    fine = refused = 0
    for _ in range(5_000):
        data = mutated(chance, chance.choice([GOOD, REGISTER, TRYING]))
        try:
            message = sip.read(data)
        except Malformed as error:
            refused += 1
            if error.headers:
                sip.write(sip.answer(error, 400))
        else:
            fine += 1
            _ = (message.sender, message.receiver, message.branch, message.expires)
            if not message.status:
                sip.write(sip.answer(message, 200))
    assert fine + refused == 5_000
    assert min(fine, refused) > 500
