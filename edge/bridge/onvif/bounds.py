"""The ONVIF library within bounds: what a camera answers is short, soon there, and its own.

A camera names the addresses of its services itself; whatever host it names, only the one that the owner wrote
is asked. Every way in which it may fail is one sentence.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from lxml.etree import XMLSyntaxError
from onvif import ONVIFCamera, ONVIFError
from onvif.settings import DEFAULT_SETTINGS
from onvif.util import is_auth_error
from zeep.exceptions import Error as SoapError
from zeep.exceptions import Fault, TransportError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ANSWER = 5.0
"""Seconds that one question may take."""
MOST_BYTES = 1 << 20
"""Of one answer."""
LONGEST = 256
"""Characters of one text that is kept."""
DENIED = frozenset({401, 403})
HOLES = (AttributeError, TypeError, LookupError)
"""What the library stumbles with over what a camera leaves out, such as its time."""
TROUBLE = (
    ONVIFError,
    SoapError,
    aiohttp.ClientError,
    TimeoutError,
    OSError,
    XMLSyntaxError,
    ValueError,
    *HOLES,
)
"""All that the library raises where a camera is at fault."""

# Answers of a camera are small; what is huge, or brings a document type of its own, is no answer.
DEFAULT_SETTINGS.xml_huge_tree = False
DEFAULT_SETTINGS.forbid_dtd = True
logging.getLogger("onvif").setLevel(logging.WARNING)


class Mute(Exception):  # noqa: N818 - a refusal with a sentence
    """The camera does not answer as it should; the text says how, without its password."""


class _Answer(aiohttp.ClientResponse):
    """An answer that is read no further than it may be long."""

    async def read(self) -> bytes:
        if self._body is None:
            try:
                self._body = await self._bounded()
            except BaseException:
                self.close()
                raise
        return await super().read()

    async def _bounded(self) -> bytes:
        parts, length = [], 0
        async for part in self.content.iter_chunked(1 << 16):
            parts.append(part)
            length += len(part)
            if length > MOST_BYTES:
                raise aiohttp.ClientPayloadError(f"the answer is longer than {MOST_BYTES >> 20} MiB")
        return b"".join(parts)


class Device(ONVIFCamera):  # type: ignore[misc]
    """The library's, which asks nobody but the host it was given."""

    def rewrite_url(self, url: str | None) -> str | None:
        """A service's address, at this host."""
        return here(url, self.host) if url else None

    async def create_onvif_service(self, *given: Any, **named: Any) -> Any:
        """A service whose answers are bounded."""
        service = await super().create_onvif_service(*given, **named)
        session = service.transport.session
        if session._response_class is not _Answer:  # noqa: SLF001 - the library makes it, without a way to say so
            session._response_class = _Answer  # noqa: SLF001
            session.trace_configs.append(_nowhere_else())
        return service


def _nowhere_else() -> aiohttp.TraceConfig:
    async def refuse(_session: Any, _context: Any, redirect: aiohttp.TraceRequestRedirectParams) -> None:
        redirect.response.close()
        raise aiohttp.ClientPayloadError("the camera sends us elsewhere")

    trace = aiohttp.TraceConfig()
    trace.on_request_redirect.append(refuse)
    trace.freeze()
    return trace


@asynccontextmanager
async def answering(host: str, what: str, seconds: float | None = ANSWER) -> AsyncIterator[None]:
    """Raises Mute with a sentence for whatever a camera may do wrong meanwhile; None: however long."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise Mute(f"{host}: no answer to {what} within {seconds or ANSWER:g} s") from error
    except TROUBLE as error:
        raise Mute(f"{host}: {_why(error, what)}") from error


def _why(error: Exception, what: str) -> str:
    if is_auth_error(error) or (isinstance(error, TransportError) and error.status_code in DENIED):
        return "the camera refuses this user and password; see that the user exists for ONVIF too"
    if isinstance(error, Fault):
        return f"the camera refuses {what}: {clean(error.message)}"
    if isinstance(error, XMLSyntaxError | SoapError):
        return f"what the camera answers to {what} is no ONVIF"
    if "support service" in str(error):
        return f"the camera has no service for {what}"
    if isinstance(error, HOLES):
        return f"the camera leaves out what belongs into its answer to {what}"
    return f"{what}: {clean(error) or type(error).__name__}"


def here(url: str, host: str) -> str:
    """An address that a camera names, at its own host and without user and password; empty: none."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    shown = f"[{host}]" if ":" in host else host
    return urlunsplit(parts._replace(netloc=f"{shown}{port}")) if parts.scheme else ""


def clean(text: object) -> str:
    """One short line of it."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())[:LONGEST]
