"""Shapes of districts and streets."""

from __future__ import annotations

from typing import Literal

from hub.api.shape.base import Given, Name, Slug
from hub.api.shape.people import Named


class Area(Named):
    """A district or street; `above`: this market lies in it · `open`: the visitor may change what does."""

    kind: Literal["district", "street"]
    parent: str | None
    markets: list[Named]
    above: bool
    open: bool


class NewArea(Given):
    """One that is made; a street may belong to a district."""

    kind: Literal["district", "street"]
    parent: Slug | None = None
    name_zh: Name
    name_en: Name


class Placed(Given):
    """Where the market is put; none: below nothing."""

    area: Slug | None
