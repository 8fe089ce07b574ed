from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tests.wire.orders import ARGS, command, config
from wire import order as o
from wire.sign import Checker, KeyFault, Signer, make_key

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    make_key(tmp_path / "orders.pem")
    return Signer(tmp_path / "orders.pem")


def test_an_order_that_the_hub_signed_is_good_also_after_its_way(signer: Signer) -> None:
    checker = Checker(signer.public)
    assert checker.good(o.decode_config(o.encode(signer.sign(config()))))
    for args in ARGS:
        assert checker.good(o.decode_command(o.encode(signer.sign(command(args)))))


def test_an_order_that_nobody_or_another_hub_signed_is_not(signer: Signer, tmp_path: Path) -> None:
    make_key(tmp_path / "other.pem")
    checker = Checker(signer.public)
    assert not checker.good(command())
    assert not checker.good(msgspec.structs.replace(command(), signature=bytes(64)))
    assert not checker.good(Signer(tmp_path / "other.pem").sign(command()))


@pytest.mark.parametrize(
    "change",
    [
        {"target": "edge-east"},
        {"counter": 2},
        {"id": "01920000-0000-7000-8000-000000000002"},
        {"args": o.Restart()},
        {"args": o.Still(camera="c-2-02")},
        {"expires": command().issued + o.LIFE / 2},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_word_that_is_changed_afterwards_breaks_the_signature(
    signer: Signer, change: dict[str, object]
) -> None:
    signed = signer.sign(command())
    assert not Checker(signer.public).good(msgspec.structs.replace(signed, **change))


def test_a_command_is_no_configuration_whatever_its_signature(signer: Signer) -> None:
    signed = signer.sign(command())
    assert not Checker(signer.public).good(msgspec.structs.replace(config(), signature=signed.signature))


def test_the_key_is_for_its_owner_only_and_made_once(tmp_path: Path) -> None:
    path = tmp_path / "orders.pem"
    makers = [threading.Thread(target=make_key, args=(path,)) for _ in range(8)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    first = path.read_bytes()
    make_key(path)
    assert path.read_bytes() == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["orders.pem"]


def test_a_key_that_cannot_be_used_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "orders.pem"
    with pytest.raises(KeyFault, match="bring it back"):
        Signer(path)
    path.write_text("no key")
    with pytest.raises(KeyFault, match="bring it back"):
        Signer(path)
    other = generate_private_key(SECP256R1())
    path.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(KeyFault, match="not an Ed25519 key"):
        Signer(path)
    with pytest.raises(KeyFault, match="enrol"):
        Checker(b"no key")
    with pytest.raises(KeyFault, match="not Ed25519"):
        Checker(other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
