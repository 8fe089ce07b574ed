from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from hub.gear.password import Argon2, check_key, hash_key, new_key


def test_a_password_opens_its_own_hash_and_no_other() -> None:
    argon2 = Argon2()
    hashed = argon2.hash("correct horse")
    assert hashed.startswith("$argon2id$v=19$m=19456,")
    assert argon2.verify(hashed, "correct horse")
    assert not argon2.verify(hashed, "Correct horse")
    assert argon2.hash("correct horse") != hashed


def test_an_unreadable_hash_opens_nothing() -> None:
    assert not any(Argon2().verify(hashed, "") for hashed in ("", "x", "$argon2id$broken", "$2b$04$"))


def test_a_flood_hashes_no_more_at_once_than_half_the_cores() -> None:
    argon2 = Argon2()
    argon2._places = type(argon2._places)(1)
    hashed, began = argon2.hash("x"), time.monotonic()
    argon2.verify(hashed, "x")
    one = time.monotonic() - began
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: argon2.verify(hashed, "x"), range(8)))
    assert time.monotonic() - began > 4 * one


def test_a_key_opens_its_own_hash_and_no_other() -> None:
    key = new_key()
    assert len(key) >= 43
    hashed = hash_key(key)
    assert check_key(hashed, key)
    assert not check_key(hashed, new_key())
    assert not check_key("broken", key)
