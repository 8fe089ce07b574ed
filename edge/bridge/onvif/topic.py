"""What a camera's own alarms mean to us: one table of topics. What is not in it is counted, never guessed.

The names are ONVIF's (Event Service Specification, and the topics that its Analytics, Imaging and Device I/O
specifications define), without prefixes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from edge.bridge.onvif.camera import Note
    from wire.message import EventKind

TOPICS: dict[str, EventKind | Literal["nothing"]] = {
    "RuleEngine/CellMotionDetector/Motion": "intrusion",
    "RuleEngine/MotionRegionDetector/Motion": "intrusion",
    "VideoSource/MotionAlarm": "intrusion",
    "VideoAnalytics/MotionDetection": "intrusion",
    "RuleEngine/FieldDetector/ObjectsInside": "intrusion",
    "RuleEngine/MyRuleDetector/PeopleDetect": "intrusion",
    "RuleEngine/MyRuleDetector/VehicleDetect": "vehicle",
    "RuleEngine/LineDetector/Crossed": "line",
    "RuleEngine/LoiteringDetector/ObjectIsLoitering": "linger",
    "Device/Trigger/DigitalInput": "intrusion",
    "RuleEngine/TamperDetector/Tamper": "covered",
    "VideoSource/ImageTooDark/ImagingService": "covered",
    "VideoSource/ImageTooDark/AnalyticsService": "covered",
    "VideoSource/SignalLoss": "covered",
    "VideoSource/ImageTooBlurry/ImagingService": "defocused",
    "VideoSource/ImageTooBlurry/AnalyticsService": "defocused",
    "VideoSource/ImageTooBright/ImagingService": "dazzled",
    "VideoSource/ImageTooBright/AnalyticsService": "dazzled",
    "VideoSource/GlobalSceneChange/ImagingService": "moved",
    "VideoSource/GlobalSceneChange/AnalyticsService": "moved",
    "Device/Trigger/Relay": "nothing",
    "Monitoring/ProcessorUsage": "nothing",
    "Monitoring/OperatingTime/LastClockSynchronization": "nothing",
    "Monitoring/OperatingTime/LastReboot": "nothing",
    "Monitoring/OperatingTime/LastReset": "nothing",
    "RecordingConfig/JobState": "nothing",
    "UserAlarm/IVA/HumanShapeDetect": "intrusion",
}
URGENT: frozenset[EventKind | Literal["nothing"]] = frozenset({"fire", "smoke"})
"""What matters at any hour, and wherever a camera looks."""
WIRED = "Device/"
"""Topics of what is wired to a camera, and does not turn with it."""
YES, NO = frozenset({"true", "1"}), frozenset({"false", "0"})


@dataclass(frozen=True, slots=True)
class Sign:
    """One alarm of a camera begins, ends, or happens at this moment."""

    topic: str
    source: str
    """Which of its sensors, rules or inputs, in its own words."""
    kind: EventKind
    on: bool | None
    """None: it happens at this moment, and nobody says when it ends."""

    @property
    def is_of_view(self) -> bool:
        """Whether turning the camera alone may raise it."""
        return self.kind not in URGENT and not self.topic.startswith(WIRED)


def sign(note: Note, own: Mapping[str, EventKind | Literal["nothing"]]) -> Sign | Literal["nothing"] | None:
    """What a notification says; None: its topic is unknown, "nothing": it is known and does not matter.

    Args:
        note: as it came.
        own: what topics mean at this camera; goes before the table.
    """
    kind = own.get(note.topic) or TOPICS.get(note.topic)
    if kind is None or kind == "nothing":
        return kind
    said = [value.lower() for _, value in note.data]
    on = next((value in YES for value in said if value in YES | NO), None)
    return Sign(note.topic, ", ".join(value for _, value in note.source)[:64], kind, on)
