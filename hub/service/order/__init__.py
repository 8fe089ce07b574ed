"""What devices are told to be and to do, and what they answer."""

from hub.service.order.answer import replied, reported
from hub.service.order.command import command
from hub.service.order.desire import desire
from hub.service.order.due import due, expire, waiting
from hub.service.order.key import pin, pinned
from hub.service.order.page import commands, configs, device, devices, one
from hub.service.order.siren import siren

__all__ = [
    "command",
    "commands",
    "configs",
    "desire",
    "device",
    "devices",
    "due",
    "expire",
    "one",
    "pin",
    "pinned",
    "replied",
    "reported",
    "siren",
    "waiting",
]
