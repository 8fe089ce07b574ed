from __future__ import annotations

import random

import pytest

from edge.bridge.gb28181.digest import Guard, Login, Unproven, answered, parameters, response
from tests.edge.bridge.gb28181.test_sip import mutated

RFC_2617 = {
    "username": "Mufasa",
    "realm": "testrealm@host.com",
    "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093",
    "uri": "/dir/index.html",
    "qop": "auth",
    "nc": "00000001",
    "cnonce": "0a4f113b",
}
RFC_7616 = RFC_2617 | {
    "realm": "http-auth@example.org",
    "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
}
ME = Login("34020000001180000007", 'a "good" pass\\word')


def test_the_examples_of_both_rfcs_come_out() -> None:
    assert response(RFC_2617, "Circle Of Life", "GET") == "6629fae49393a05397450978507c4ef1"
    assert response(RFC_7616, "Circle of Life", "GET") == "8ca523f5e9506fed4657c9700eebdbec"
    told = RFC_7616 | {"algorithm": "SHA-256"}
    assert response(told, "Circle of Life", "GET") == (
        "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    )


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_whoever_knows_the_password_proves_it_once(algorithm: str) -> None:
    guard = Guard("3402000000")
    proof = answered([guard.challenge(algorithm, 100.0)], ME, "REGISTER", "sip:a@b")
    guard.judge(proof, ME, algorithm, "REGISTER", 101.0)
    with pytest.raises(Unproven, match="used before") as found:
        guard.judge(proof, ME, algorithm, "REGISTER", 102.0)
    assert found.value.stale


@pytest.mark.parametrize(
    ("right", "wrong", "now", "sentence"),
    [
        ('username="34', 'username="35', 101.0, "another user"),
        ('realm="34', 'realm="35', 101.0, "another user or realm"),
        ('uri="sip:a', 'uri="sip:b', 101.0, "password is wrong"),
        ("nc=0000", "nc=x", 101.0, "nc is no count"),
        ("algorithm=MD5", "algorithm=SHA-256", 101.0, "not the one asked for"),
        ('response="', 'response="x', 101.0, "password is wrong"),
        ("qop=auth,", "qop=auth-none,", 101.0, "not known here"),
        ('uri="', 'url="', 101.0, "uri is missing"),
        ("Digest ", "Basic ", 101.0, "no digest"),
        ("username=", "nonce=1, username=", 101.0, "cannot be read"),
        (" ", " ", 200.0, "nonce is old"),
        (" ", " ", 20.0, "nonce is old"),
    ],
)
def test_no_other_proof_is_one(right: str, wrong: str, now: float, sentence: str) -> None:
    guard = Guard("3402000000")
    proof = answered([guard.challenge("MD5", 100.0)], ME, "REGISTER", "sip:a@b")
    assert right in proof
    with pytest.raises(Unproven, match=sentence):
        guard.judge(proof.replace(right, wrong), ME, "MD5", "REGISTER", now)


def test_a_nonce_of_somebody_else_proves_nothing() -> None:
    proof = answered([Guard("3402000000").challenge("MD5", 100.0)], ME, "REGISTER", "sip:a@b")
    with pytest.raises(Unproven, match="not ours"):
        Guard("3402000000").judge(proof, ME, "MD5", "REGISTER", 101.0)
    guard = Guard("3402000000")
    proof = answered([guard.challenge("MD5", 100.0)], Login(ME.user, "other"), "REGISTER", "sip:a@b")
    with pytest.raises(Unproven, match="password is wrong"):
        guard.judge(proof, ME, "MD5", "REGISTER", 101.0)


def test_three_thousand_mutated_proofs_prove_nothing_and_break_nothing() -> None:
    guard, chance = Guard("3402000000"), random.Random(28181)
    good = answered([guard.challenge("MD5", 100.0)], ME, "REGISTER", "sip:a@b")
    for _ in range(3_000):
        proof = mutated(chance, good.encode()).decode("latin-1")
        try:
            guard.judge(proof, ME, "MD5", "REGISTER", 101.0)
        except Unproven:
            continue
        for name in ("username", "realm", "nonce", "uri", "qop", "nc", "cnonce", "response"):
            assert parameters(proof)[name] == parameters(good)[name], "only what proves nothing may differ"
        guard = Guard("3402000000")
        good = answered([guard.challenge("MD5", 100.0)], ME, "REGISTER", "sip:a@b")


def test_the_strongest_challenge_that_can_be_answered_is_answered() -> None:
    challenges = [
        'Digest realm="r", nonce="a", algorithm=SM3',
        'Digest realm="r", nonce="b", algorithm=MD5, qop="auth,auth-int"',
        'Digest realm="r", nonce="c", algorithm=SHA-256, qop="auth-int,auth", opaque="o"',
        "Basic realm=r",
    ]
    said = parameters(answered(challenges, ME, "REGISTER", "sip:a@b"))
    assert (said["nonce"], said["algorithm"], said["qop"], said["opaque"]) == ("c", "SHA-256", "auth", "o")
    with pytest.raises(Unproven, match="none of MD5, SHA-256"):
        answered(challenges[:1], ME, "REGISTER", "sip:a@b")


@pytest.mark.parametrize("more", ["", ", algorithm=MD5-sess", ', qop="auth-int"'])
def test_older_and_rarer_kinds_of_challenge_are_answered_too(more: str) -> None:
    said = parameters(answered([f'Digest realm="r", nonce="a"{more}'], ME, "REGISTER", "sip:a@b", b"body"))
    assert said["response"] == response(said, ME.password, "REGISTER", b"body")
    assert ("qop" in said) == ("qop" in more)
