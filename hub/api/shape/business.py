"""Shapes of businesses and the shops that they have."""

from __future__ import annotations

from hub.api.shape.base import Given, Name, Shown, Slug
from hub.api.shape.people import Day, Named


class Tenancy(Shown):
    """A shop of a business, from `begins` to before `ends`; `primary`: its grid answers first."""

    shop: Named
    grid: str
    begins: str
    ends: str | None
    now: bool
    primary: bool


class Business(Named):
    """A business; `grids` care for it, that of the primary shop first."""

    shops: list[Tenancy]
    grids: list[Named]
    may: bool


class Businesses(Shown):
    """A page of them; `more`: there is another."""

    businesses: list[Business]
    more: bool


class NewBusiness(Given):
    """A business by its trade name."""

    name_zh: Name
    name_en: Name


class NewTenancy(Given):
    """A shop that a business takes from a day on."""

    shop: Slug
    begins: Day


class Leaving(Given):
    """The first day on which a business is no more in a shop."""

    ends: Day


class Primary(Given):
    """The shop whose grid answers first for a business."""

    shop: Slug
