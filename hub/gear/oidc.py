"""The organisation's own log-in by OpenID Connect: code flow with PKCE, state and nonce.

Everything is asked anew at each log-in (discovery, keys), so that a key that the provider changed is known at
once; log-ins are few. Redirects of the provider's own answers are not followed, and only https is spoken, or
plain http on this machine.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import json
import secrets
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from hub.ports import AwayError, Identity, OidcAsked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

SECONDS = 5.0
MOST_BYTES = 256 * 1024
MOST_SUBJECT = 255
LEEWAY = 60
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures by the provider's private key; never one that our own secret could make."""


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        """Follow nothing."""


class Oidc:
    """Port Oidc, for one provider."""

    def __init__(self, issuer: str, client: str, secret: str = "") -> None:
        """Raises ValueError for an issuer that is neither https nor on this machine."""
        self._issuer, self._client, self._secret = issuer.rstrip("/"), client, secret
        self._opener = build_opener(_Stay)
        _refuse_plain(self._issuer)

    def ask(self, back: str) -> OidcAsked:
        """Where to send the browser, and what its answer is checked by.

        Raises:
            AwayError: the provider does not answer.
            ValueError: its description is not one of this issuer.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
        query = urlencode(
            {
                "response_type": "code",
                "scope": "openid",
                "client_id": self._client,
                "redirect_uri": back,
                "state": state,
                "nonce": nonce,
                "code_challenge": challenge.decode(),
                "code_challenge_method": "S256",
            }
        )
        start = self._described("authorization_endpoint")["authorization_endpoint"]
        return OidcAsked(f"{start}{'&' if '?' in start else '?'}{query}", state, nonce, verifier, back)

    def answer(self, asked: OidcAsked, code: str, now: datetime) -> Identity:
        """Who came back with this code.

        Raises:
            AwayError: the provider does not answer.
            ValueError: the code is worth nothing, or what it brought was not made for us and this log-in.
        """
        found = self._described("token_endpoint", "jwks_uri")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": asked.back,
            "client_id": self._client,
            "code_verifier": asked.verifier,
        }
        told = self._fetch(found["token_endpoint"], form)
        claims = self._claims(str(told.get("id_token", "")), self._fetch(found["jwks_uri"]), asked.nonce, now)
        subject, methods = claims["sub"], claims.get("amr", [])
        if not isinstance(subject, str) or not 0 < len(subject) <= MOST_SUBJECT:
            raise ValueError("the token names nobody")
        return Identity(subject, isinstance(methods, list) and "mfa" in methods)

    def _claims(self, token: str, keys: Mapping[str, Any], nonce: str, now: datetime) -> dict[str, Any]:
        wanted = jwt.JWTClaimsRegistry(
            int(now.timestamp()),
            LEEWAY,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client},
            nonce={"essential": True, "value": nonce},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )
        try:
            claims = jwt.decode(
                token, KeySet.import_key_set({"keys": list(keys["keys"])}), list(ALGORITHMS)
            ).claims
            wanted.validate(claims)
        except (JoseError, KeyError, TypeError) as error:
            raise ValueError(f"the token does not hold: {error}") from error
        if claims.get("azp", self._client) != self._client:
            raise ValueError("the token was made for another program")
        return claims

    def _described(self, *wanted: str) -> dict[str, Any]:
        """The provider's own description; `wanted` are the addresses that have to be in it."""
        found = self._fetch(f"{self._issuer}/.well-known/openid-configuration")
        if str(found.get("issuer", "")).rstrip("/") != self._issuer:
            raise ValueError("the provider describes itself by another name")
        for name in wanted:
            _refuse_plain(str(found.get(name, "")))
        return found

    def _fetch(self, url: str, form: Mapping[str, str] | None = None) -> dict[str, Any]:
        headers = {"Accept": "application/json"}
        if form and self._secret:
            pair = f"{quote(self._client, safe='')}:{quote(self._secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        asked = Request(url, urlencode(form).encode() if form else None, headers)  # noqa: S310 - http(s) only, see _refuse_plain
        try:
            with self._opener.open(asked, timeout=SECONDS) as answer:
                data = answer.read(MOST_BYTES + 1)
        except HTTPError as error:
            error.close()
            raise ValueError(f"the provider refuses: {error.code}") from error
        except HTTPException as error:
            raise ValueError("the provider does not speak HTTP") from error
        except OSError as error:
            raise AwayError(f"the provider does not answer: {error}") from error
        found = json.loads(data) if len(data) <= MOST_BYTES else None
        if not isinstance(found, dict):
            raise ValueError("the provider answers something else")  # noqa: TRY004 - what came, not what was given
        return found


def _refuse_plain(url: str) -> None:
    """Raises ValueError for an address that somebody on the way could change."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme != "http" or not _is_here(parts.hostname or ""):
        raise ValueError("the address of the organisation's log-in begins with https://")


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
