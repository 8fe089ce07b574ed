"""Builds the hub: the only room that knows every part."""

from hub.app.ground import HubError
from hub.app.hub import Hub, Role
from hub.app.serve import serve

__all__ = ["Hub", "HubError", "Role", "serve"]
