"""The routes of the plan as GeoJSON: what it takes to be let in."""

from __future__ import annotations

from tests.hub.api.cells import One, at, says

ONES = [
    One("POST", "/api/imports/plan", "market.change", at("/api/imports/plan"), says(), whole=True),
    One("GET", "/api/market/faults", "market.change", at("/api/market/faults"), whole=True),
    One("GET", "/api/market/place", "market.change", at("/api/market/place"), whole=True),
    One("PUT", "/api/market/place", "market.change", at("/api/market/place"), says(lon=1, lat=1), whole=True),
]
LISTS = {"/api/exports/plan.geojson": ("market.change", "shop-{tag}", True)}
