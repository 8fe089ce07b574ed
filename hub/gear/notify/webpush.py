"""Web push (RFC 8030, 8291, 8292): to a browser, encrypted to it, by the service that its maker runs.

Best effort: the service may be slow or out of reach, which in mainland China it often is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hub.core import address as forms
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.core.severity import P1
from hub.ports import UndeliveredError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from hub.core.notice import Letter

WITHIN_SECONDS = 10.0
KEEPS_SECONDS = {0: 1800, 1: 7200, 2: 43_200, 3: 86_400}
"""Severity → so long the service keeps it for a browser that is away."""
GONE = frozenset({404, 410})
"""Answers by which a service says that the browser has left."""
LEFT = Pair(
    "此浏览器已取消推送，请在手机上重新打开推送。", "This browser has left push. Switch it on there again."
)
AWAY = Pair("推送服务没有应答。", "The push service does not answer.")


class WebPush:
    """Port Notifier: `address` is a subscription as JSON.

    Args:
        key: file of the VAPID key, PEM.
        contact: mailto: or https: address at which the service's people reach those of the hub.
        hosts: push services that are trusted besides the browsers' own.
    """

    def __init__(self, key: Path, contact: str, hosts: Collection[str] = ()) -> None:
        self._key, self._contact, self._hosts = key, contact, hosts

    def send(self, address: str, letter: Letter) -> None:
        """Hand it to the browser's service.

        Raises:
            UndeliveredError: it did not take it.
        """
        # pywebpush brings requests and aiohttp along, which a hub without push need not load.
        import requests  # noqa: PLC0415
        from pywebpush import WebPushException, webpush  # noqa: PLC0415

        subscription = json.loads(address)
        try:
            forms.trusted(subscription["endpoint"], self._hosts)
        except Refused as refused:
            raise UndeliveredError(Pair(refused.zh, refused.en), gone=True) from refused
        with requests.Session() as session:
            session.max_redirects = 0
            try:
                webpush(
                    subscription,
                    _said(letter),
                    vapid_private_key=str(self._key),
                    vapid_claims={"sub": self._contact},
                    timeout=WITHIN_SECONDS,
                    ttl=KEEPS_SECONDS[letter.severity],
                    headers={
                        "Urgency": "high" if letter.severity <= P1 else "normal",
                        "Topic": letter.id.replace("-", ""),
                    },
                    requests_session=session,
                )
            except WebPushException as error:
                raise _refused(error.response.status_code if error.response is not None else 0) from error
            except (requests.RequestException, OSError) as error:
                raise UndeliveredError(AWAY) from error


def _said(letter: Letter) -> str:
    said = {"notice": letter.notice or letter.id, "severity": letter.severity, "url": letter.url}
    return json.dumps(said | {"zh": letter.zh, "en": letter.en}, ensure_ascii=False)


def _refused(status: int) -> UndeliveredError:
    if status in GONE:
        return UndeliveredError(LEFT, gone=True)
    why = Pair(f"推送服务回答 {status}。", f"The push service answers {status}.")
    return UndeliveredError(why)
