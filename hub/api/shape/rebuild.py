"""Shapes of premises that change: opened, closed, divided, joined."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hub.api.shape.base import Given, Metres, Name, Shown, Slug

Corner = tuple[Metres, Metres]


class Trading(Given):
    """Whether somebody trades there from now on."""

    open: bool


class NewPremises(Given):
    """Premises as they are drawn anew; metres."""

    id: Slug
    name_zh: Name
    name_en: Name
    ring: Annotated[list[Corner], Field(min_length=3, max_length=60)]
    door: Corner


class Divided(Given):
    """What one shop becomes; the first takes over what was bound to it."""

    parts: Annotated[list[NewPremises], Field(min_length=2, max_length=20)]


class Joined(Given):
    """Shops that become one; it stands in the grid and group of the first."""

    shops: Annotated[list[Slug], Field(min_length=2, max_length=20)]
    into: NewPremises


class Built(Shown):
    """The premises that are there now, by their ids."""

    shops: list[str]
