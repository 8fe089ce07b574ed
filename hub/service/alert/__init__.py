"""Alerts: what devices report, and what people do with it."""

from hub.service.alert.act import attach, call, confirm, dismiss, lapse, take, undo
from hub.service.alert.posted import posted
from hub.service.alert.receive import receive, receive_all
from hub.service.alert.sos import sos
from hub.service.media import announce as attach_media
from hub.service.queue import listing, page

__all__ = [
    "attach",
    "attach_media",
    "call",
    "confirm",
    "dismiss",
    "lapse",
    "listing",
    "page",
    "posted",
    "receive",
    "receive_all",
    "sos",
    "take",
    "undo",
]
