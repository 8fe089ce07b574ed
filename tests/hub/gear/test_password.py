from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock
from typing import TYPE_CHECKING

from hub.gear.password import Argon2, check_key, hash_key, new_key

if TYPE_CHECKING:
    import pytest


def test_a_password_opens_its_own_hash_and_no_other() -> None:
    argon2 = Argon2()
    hashed = argon2.hash("correct horse")
    assert hashed.startswith("$argon2id$v=19$m=19456,")
    assert argon2.verify(hashed, "correct horse")
    assert not argon2.verify(hashed, "Correct horse")
    assert argon2.hash("correct horse") != hashed


def test_an_unreadable_hash_opens_nothing() -> None:
    assert not any(Argon2().verify(hashed, "") for hashed in ("", "x", "$argon2id$broken", "$2b$04$"))


class Crowd:
    """A hasher that counts who is in it; each stays until there are two."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self._lock, self._two = Lock(), Barrier(2, timeout=60)

    def verify(self, _hashed: str, _password: str) -> bool:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self._two.wait()
        time.sleep(0.02)  # room for a third
        with self._lock:
            self.inside -= 1
        return True


def test_a_flood_hashes_no_more_at_once_than_half_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    argon2, crowd = Argon2(), Crowd()
    monkeypatch.setattr(argon2, "_hasher", crowd)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: argon2.verify("hash", "x"), range(8)))
    assert crowd.most == 2


def test_a_key_opens_its_own_hash_and_no_other() -> None:
    key = new_key()
    assert len(key) >= 43
    hashed = hash_key(key)
    assert check_key(hashed, key)
    assert not check_key(hashed, new_key())
    assert not check_key("broken", key)
