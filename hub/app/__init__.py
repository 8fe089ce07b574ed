"""Builds the hub: the only room that knows every part."""

from hub.app.hub import Hub, HubError
from hub.app.serve import serve

__all__ = ["Hub", "HubError", "serve"]
