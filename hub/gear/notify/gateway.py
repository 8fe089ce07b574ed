"""Text messages, voice calls and sirens by whatever HTTP gateway the house has: a template, filled in safely.

The address comes from the settings' file alone: what is filled in can change neither scheme nor host, no
redirect is followed, and no shell is near.
"""

from __future__ import annotations

import ipaddress
import json
import re
import tomllib
import urllib.error
import urllib.request
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus, urlsplit

from hub.core.glossary import Pair
from hub.ports import UndeliveredError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hub.core.notice import Letter

WITHIN_SECONDS = 8.0
MOST_ANSWER = 4096
MOST_WORDS = 120
KINDS = ("sms", "voice", "siren")
PLACES = ("to", "text", "zh", "en", "id", "severity")
"""What a template may name in braces."""
_PLACE = re.compile(r"\{([a-z]+)\}")
AWAY = Pair("网关没有应答。", "The gateway does not answer.")
FORMS = {"json": "application/json; charset=utf-8", "form": "application/x-www-form-urlencoded"}
ALARMS = ("fire", "smoke")


@dataclass(frozen=True, slots=True)
class Template:
    """One request. `good` has to stand in the answer; empty: any answer of 200 to 299 will do."""

    url: str
    body: str = ""
    """Empty: GET."""
    form: str = "json"
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    good: str = ""
    alarms: tuple[str, ...] = ALARMS
    """Of a siren: kinds of urgent alerts for which it sounds."""
    devices: tuple[str, ...] = ()
    """Of a siren: edges that have one beside them; then it needs no url."""


def read(file: Path) -> dict[str, Template]:
    """The templates of a file, by kind.

    Raises:
        ValueError: something in it is unknown or unsafe; the sentence says what to write.
    """
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"setting gateways: {file} cannot be read: {error}") from error
    return {kind: _template(kind, table) for kind, table in given.items()}


class Gateway:
    """Port Notifier by one template; `address` is a number, or nothing where the template names none.

    Raises:
        ValueError: the template is unsafe.
    """

    def __init__(self, template: Template) -> None:
        self._template = template
        self._origin = urlsplit(template.url)[:2]
        self._open = urllib.request.build_opener(_Stay).open

    def send(self, address: str, letter: Letter) -> None:
        """Ask the gateway.

        Raises:
            UndeliveredError: it did not take it, or did not answer.
        """
        template, said = self._template, _said(address, letter)
        url = _filled(template.url, said, lambda text: quote(text, safe=""))
        assert urlsplit(url)[:2] == self._origin
        body = _filled(template.body, said, _ESCAPES[template.form]).encode() if template.body else None
        headers = {"User-Agent": "lianfang", **template.headers}
        if body is not None:
            headers["Content-Type"] = FORMS[template.form]
        request = urllib.request.Request(url, body, headers)  # noqa: S310 - scheme and host were checked
        try:
            with self._open(request, timeout=WITHIN_SECONDS) as answer:
                words = answer.read(MOST_ANSWER).decode(errors="replace")
        except urllib.error.HTTPError as error:
            error.close()
            raise _said_no(f"{error.code}") from error
        except (OSError, HTTPException, ValueError) as error:
            raise UndeliveredError(AWAY) from error
        if template.good not in words:
            raise _said_no(" ".join(words.split())[:MOST_WORDS])


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nobody elsewhere: an answer that sends us away is an answer that says no."""

    def redirect_request(self, *_given: Any, **_how: Any) -> None:
        """Stay."""


def _said(address: str, letter: Letter) -> dict[str, str]:
    text = f"{letter.zh} {letter.en}"
    plain = {"to": address, "text": text, "zh": letter.zh, "en": letter.en}
    return plain | {"id": letter.id, "severity": str(letter.severity)}


def _filled(template: str, said: Mapping[str, str], escape: Callable[[str], str]) -> str:
    return _PLACE.sub(lambda found: escape(said[found[1]]), template)


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


_ESCAPES: dict[str, Callable[[str], str]] = {"json": _in_json, "form": quote_plus}


def _said_no(why: str) -> UndeliveredError:
    return UndeliveredError(Pair(f"网关没有收下：{why}", f"The gateway did not take it: {why}"))


def _template(kind: str, table: Any) -> Template:
    if kind not in KINDS or not isinstance(table, dict):
        raise ValueError(f"setting gateways: [{kind}] is none of [{'], ['.join(KINDS)}]")
    known = [one.name for one in fields(Template)]
    for name in table:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ValueError(f"setting gateways: [{kind}] has no {name}{hint}")
    lists = {name: tuple(table[name]) for name in ("alarms", "devices") if name in table}
    made = Template(**{"url": "", **table, **lists})
    _refuse_unsafe(kind, made)
    return made


def _refuse_unsafe(kind: str, made: Template) -> None:
    if kind == "siren" and made.devices and not made.url:
        return
    parts, at = urlsplit(made.url), f"setting gateways: [{kind}] url"
    if parts.scheme not in ("https", "http") or not parts.hostname or set("{@") & set(parts.netloc):
        raise ValueError(f"{at}: write https://host/path, the host without braces")
    if parts.scheme == "http" and not _inside(parts.hostname):
        raise ValueError(f"{at}: write https://; http:// is for a relay in the house")
    for name in _PLACE.findall(made.url + made.body):
        if name not in PLACES:
            raise ValueError(f"setting gateways: [{kind}] knows no {{{name}}}, but {', '.join(PLACES)}")
    if made.form not in FORMS:
        raise ValueError(f"setting gateways: [{kind}] form is json or form")
    if made.body and made.form == "json":
        try:
            json.loads(_PLACE.sub("0", made.body))
        except ValueError as error:
            raise ValueError(f"setting gateways: [{kind}] body is not JSON: {error}") from error


def _inside(host: str) -> bool:
    """Whether it is an address of this machine or of the house's own network."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return found.is_loopback or found.is_private
