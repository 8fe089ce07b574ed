"""A small OpenID provider on loopback: whoever comes is signed in at once, as whom the test says."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENT, SECRET = "lianfang", "a secret with : and +"


@dataclass
class Provider:
    """What it says; tests change it."""

    subject: str = "sub-lin"
    claims: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}))
    signs: Any = None
    """Signs in place of the published key."""
    algorithm: str = "ES256"
    described: dict[str, Any] = field(default_factory=dict)
    port: int = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes back to."""
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}-{time.monotonic_ns()}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], basic: str) -> dict[str, Any] | None:
        """The tokens for a code, once; None where anything of it is wrong."""
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        wanted = base64.b64encode(b"lianfang:a%20secret%20with%20%3A%20and%20%2B").decode()
        if asked is None or challenge.rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        if form["redirect_uri"] != asked["redirect_uri"] or basic != f"Basic {wanted}":
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": self.subject, "iat": now, "exp": now + 300}
        claims |= {"nonce": asked["nonce"]} | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "one"}
        token = jwt.encode(header, claims, self.signs or self.key, [self.algorithm])
        return {"access_token": "x", "token_type": "Bearer", "id_token": token}

    def describe(self) -> dict[str, Any]:
        """Its own description."""
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        paths = ("/authorize", "/token", "/jwks")
        found = {name: self.issuer + path for name, path in zip(names, paths, strict=True)}
        return {"issuer": self.issuer} | found | self.described


@contextmanager
def running() -> Iterator[Provider]:
    """One that answers until the end of the block."""
    provider = Provider()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path)
            if path.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(dict(parse_qsl(path.query))))
                self.end_headers()
            elif path.path == "/jwks":
                self.say({"keys": [provider.key.as_dict(private=False)]})
            else:
                self.say(provider.describe())

        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.say(provider.token(form, self.headers.get("Authorization", "")))

        def say(self, what: Any) -> None:
            data = json.dumps(what or {"error": "invalid_grant"}).encode()
            self.send_response(200 if what else 400)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_said: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        provider.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()


def another_key() -> Any:
    """One that nobody published, under the same name."""
    return ECKey.generate_key("P-256", {"kid": "one"})


def rsa_key() -> Any:
    return RSAKey.generate_key(2048, {"kid": "one"})


def our_secret() -> Any:
    """The client's secret as a key, which an attacker of a public client knows."""
    return OctKey.import_key(SECRET.ljust(32, "x"), {"kid": "one"})
