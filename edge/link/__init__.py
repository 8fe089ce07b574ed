"""The edge's line to the hub: MQTT 3.1.1, a window of messages under way, receipts, a beat, a last will."""

from edge.link.link import BEAT, Link
from edge.link.window import WINDOW

__all__ = ["BEAT", "WINDOW", "Link"]
