"""Whether alerts come: asked of the hub as the person at the wall would see it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import datetime
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from threading import Event

_ROLE = "monitor"
_EVERY = 0.5
_PATIENCE = 300.0


class Watcher:
    """Somebody signed in, for a few questions."""

    def __init__(self, url: str, login: Mapping[str, str]) -> None:
        """Sign in.

        Raises:
            OSError: the hub does not answer, or does not let this person in.
        """
        # A proxy of the person's is not asked: the hub is on this machine.
        no_proxy = urllib.request.ProxyHandler({})
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._url, self._opener, self._csrf = url, urllib.request.build_opener(no_proxy, cookies), ""
        who = {"user": login["user"], "password": login["password"]}
        self._csrf = self._ask("POST", "/api/session", who)["csrf"]

    def newest(self, since: datetime) -> dict[str, Any] | None:
        """The newest alert after `since` in which something is seen: one with boxes."""
        found: list[dict[str, Any]] = self._ask("GET", "/api/alerts?state=all&limit=20")
        ripe = (one for one in found if datetime.fromisoformat(one["received_at"]) >= since)
        return next((one for one in ripe if one["boxes"]), None)

    def leave(self) -> None:
        """Sign out."""
        self._ask("DELETE", "/api/session")

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        headers = {"Content-Type": "application/json", "X-CSRF": self._csrf}
        data = None if body is None else json.dumps(body).encode()
        where = self._url + path
        request = urllib.request.Request(where, data, headers, method=method)  # noqa: S310 - our own hub
        with self._opener.open(request, timeout=3.0) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def first(said: Mapping[str, Any], since: datetime, stop: Event, every: float = _EVERY) -> str | None:
    """What the first alert with something seen after `since` is; None when the run or patience ends first."""
    login, watcher = _watching(said["logins"]), None
    for _ in range(int(_PATIENCE / every) if login else 0):
        try:
            watcher = watcher or Watcher(said["url"], login or {})
            if alert := watcher.newest(since):
                watcher.leave()
                return f"{alert['kind']} · {alert['place']['zh']} {alert['place']['en']}"
        except urllib.error.HTTPError:
            return None
        except OSError:  # busy, or starting again
            watcher = None
        if stop.wait(every):
            break
    return None


def _watching(logins: Iterable[Mapping[str, str]]) -> Mapping[str, str] | None:
    """The log-in of whoever watches the wall."""
    return next((login for login in logins if login["role"] == _ROLE), None)
