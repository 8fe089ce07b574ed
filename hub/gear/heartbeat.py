"""Tells somebody outside once a minute that the hub is well; when nothing comes, that one rings.

The address is a secret of whoever watches (`https://…/ping/<uuid>` of a healthchecks service, or one's own),
so it is never logged.
"""

from __future__ import annotations

import logging
import urllib.error
import urllib.request
from urllib.parse import urlsplit

WITHIN_SECONDS = 10.0
SCHEMES = frozenset({"http", "https"})

log = logging.getLogger(__name__)


class Heartbeat:
    """One address.

    Args:
        url: is asked for by GET; the answer's body is not read.

    Raises:
        ValueError: it is no address of the web.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES or not parts.hostname:
            raise ValueError("setting heartbeat_url: write an address that begins with https:// or http://")
        self._url = url
        self._failing = False

    def beat(self) -> bool:
        """Say that all is well; whether it was heard."""
        try:
            with urllib.request.urlopen(self._url, timeout=WITHIN_SECONDS):  # noqa: S310 - checked above
                heard, why = True, ""
        except (OSError, ValueError) as error:
            heard, why = False, _reason(error)
        if heard is self._failing:
            self._failing = not heard
            log.log(
                logging.INFO if heard else logging.WARNING,
                "the outside watch %s",
                "hears us again" if heard else f"does not hear us: {why}",
            )
        return heard


def _reason(error: Exception) -> str:
    """Without the address, which some errors repeat."""
    if isinstance(error, urllib.error.HTTPError):
        return f"it answers {error.code}"
    return type(getattr(error, "reason", error)).__name__
