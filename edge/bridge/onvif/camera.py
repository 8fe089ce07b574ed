"""One camera spoken to by ONVIF: what it is, its streams, its clock, its presets, its events."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from edge.bridge.onvif.bounds import ANSWER, TROUBLE, Device, Mute, answering, clean, here

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Iterable

    from edge.config.onvif import Where

MOST_PROFILES, MOST_PRESETS, MOST_NOTES = 16, 64, 100
LEASE = timedelta(seconds=60)
"""How long a camera keeps events for who does not ask for them."""


@dataclass(frozen=True, slots=True)
class About:
    """What a camera says it is."""

    maker: str
    model: str
    firmware: str


@dataclass(frozen=True, slots=True)
class Stream:
    """One media profile."""

    token: str
    name: str
    codec: str
    """`h264`, `h265`, `jpeg`, or as the camera says it."""
    width: int
    height: int
    fps: float
    url: str
    """Without user and password."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A place that a camera can turn to."""

    token: str
    name: str


@dataclass(frozen=True, slots=True)
class Note:
    """One notification as it came."""

    topic: str
    """Such as `RuleEngine/CellMotionDetector/Motion`, without prefixes."""
    source: tuple[tuple[str, str], ...]
    data: tuple[tuple[str, str], ...]


class Camera:
    """Made by `camera`; every question raises Mute where it is not answered well."""

    def __init__(self, device: Device, where: Where) -> None:
        self._device, self._host = device, where.host
        self._pulling: Any = None

    async def about(self) -> About:
        """Who made it."""
        told = await self._ask("devicemgmt", "GetDeviceInformation")
        return About(_text(told, "Manufacturer"), _text(told, "Model"), _text(told, "FirmwareVersion"))

    async def clock_off(self) -> float:
        """Its clock minus this machine's, seconds; it tells whole ones, so half a second is nothing."""
        try:
            told = await self._ask("devicemgmt", "authless_GetSystemDateAndTime")
        except Mute:  # some tell even the time only to who proves himself
            told = await self._ask("devicemgmt", "GetSystemDateAndTime")
        try:
            day, hour = told.UTCDateTime.Date, told.UTCDateTime.Time
            at = datetime(day.Year, day.Month, day.Day, hour.Hour, hour.Minute, hour.Second, tzinfo=UTC)
        except (AttributeError, TypeError, ValueError) as error:
            raise Mute(f"{self._host}: the camera tells no time of day") from error
        return (at - datetime.now(UTC)).total_seconds()

    async def streams(self) -> tuple[Stream, ...]:
        """Its media profiles with a picture."""
        found = await self._ask("media", "GetProfiles")
        return tuple([await self._stream(one) for one in _some(found, MOST_PROFILES)])

    async def presets(self, profile: str) -> tuple[Preset, ...]:
        """The places that it can turn to."""
        found = await self._ask("ptz", "GetPresets", {"ProfileToken": profile})
        return tuple(Preset(_text(one, "token"), _text(one, "Name")) for one in _some(found, MOST_PRESETS))

    async def goto(self, profile: str, preset: str) -> None:
        """Begin to turn to a preset."""
        await self._ask("ptz", "GotoPreset", {"ProfileToken": profile, "PresetToken": preset})

    async def move(self, profile: str, way: tuple[float, float, float], seconds: float) -> None:
        """Begin to turn: pan, tilt and zoom, each -1..1; until `halt`, or by itself after so many seconds."""
        pan, tilt, zoom = way
        velocity = {"PanTilt": {"x": pan, "y": tilt}, "Zoom": {"x": zoom}}
        given = {"ProfileToken": profile, "Velocity": velocity, "Timeout": timedelta(seconds=seconds)}
        await self._ask("ptz", "ContinuousMove", given)

    async def halt(self, profile: str) -> None:
        """Stop turning."""
        await self._ask("ptz", "Stop", {"ProfileToken": profile, "PanTilt": True, "Zoom": True})

    async def subscribe(self, lost: asyncio.Event) -> None:
        """Begin to hear its events, for `pull`; sets `lost` when the camera drops it."""
        await self._service("events", "events")
        async with answering(self._host, "events"):
            self._pulling = await self._device.create_pullpoint_manager(LEASE, lost.set)
            await self._pulling.set_synchronization_point()

    async def pull(self, seconds: float) -> tuple[Note, ...]:
        """What happened; waits up to `seconds` where nothing has."""
        async with answering(self._host, "events", seconds + ANSWER):
            service = self._pulling.get_service()
            wait = {"MessageLimit": MOST_NOTES, "Timeout": timedelta(seconds=seconds)}
            told = await service.PullMessages(wait)
        notes = (_note(one) for one in _some(getattr(told, "NotificationMessage", None), MOST_NOTES))
        return tuple(note for note in notes if note)

    async def close(self) -> None:
        """Take leave."""
        try:
            async with asyncio.timeout(ANSWER):
                if self._pulling is not None:
                    await self._pulling.shutdown()
        except TROUBLE:
            pass
        finally:
            await self._device.close()

    async def _stream(self, profile: Any) -> Stream:
        token = _text(profile, "token")
        setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
        told = await self._ask("media", "GetStreamUri", {"StreamSetup": setup, "ProfileToken": token})
        coder = getattr(profile, "VideoEncoderConfiguration", None)
        size, rate = getattr(coder, "Resolution", None), getattr(coder, "RateControl", None)
        return Stream(
            token=token,
            name=_text(profile, "Name"),
            codec=_text(coder, "Encoding").lower(),
            width=_number(size, "Width"),
            height=_number(size, "Height"),
            fps=float(_number(rate, "FrameRateLimit")),
            url=here(_text(told, "Uri"), self._host),
        )

    async def _ask(self, service: str, question: str, given: dict[str, Any] | None = None) -> Any:
        what = question.removeprefix("authless_")
        asked = await self._service(service, what)
        async with answering(self._host, what):
            answer: Awaitable[Any] = getattr(asked, question)(given)
            return await answer

    async def _service(self, name: str, what: str) -> Any:
        """Reads the service's description here, which takes what it takes; asks the camera nothing."""
        async with answering(self._host, what, None):
            return await self._device.create_onvif_service(name)


@asynccontextmanager
async def camera(where: Where) -> AsyncIterator[Camera]:
    """Speak with a camera for as long as the block lasts; raises Mute where there is none."""
    device = Device(where.host, where.port, where.user, where.password, no_cache=True, adjust_time=True)
    made = Camera(device, where)
    try:
        async with answering(where.host, "GetServices", None):
            await device.create_devicemgmt_service()
        async with answering(where.host, "GetServices", 2 * ANSWER):
            await device.update_xaddrs()
        yield made
    finally:
        await made.close()


def _some(found: Any, most: int) -> list[Any]:
    return list(found)[:most] if isinstance(found, list | tuple) else []


def _text(told: Any, name: str) -> str:
    value = getattr(told, name, None)
    return clean(value) if value is not None else ""


def _number(told: Any, name: str) -> int:
    value = getattr(told, name, None)
    return value if isinstance(value, int) and 0 <= value <= 1 << 16 else 0


def _note(told: Any) -> Note | None:
    """None: it has no topic, or is built otherwise than any that is known."""
    try:
        topic, message = told.Topic._value_1, told.Message._value_1  # noqa: SLF001 - so zeep names text
        parts = [part.rpartition(":")[2] for part in str(topic).split("/")]
        return Note(clean("/".join(parts)), _items(message, "Source"), _items(message, "Data"))
    except (AttributeError, TypeError):
        return None


def _items(message: Any, name: str) -> tuple[tuple[str, str], ...]:
    items: Iterable[Any] = _some(getattr(getattr(message, name, None), "SimpleItem", None), 16)
    return tuple((_text(one, "Name"), _text(one, "Value")) for one in items)
