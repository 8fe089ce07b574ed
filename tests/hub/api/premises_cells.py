"""The routes of the registers of the market's premises: what it takes to be let in."""

from __future__ import annotations

from tests.hub.api.cells import One, at, says

COMPONENT = {"kind": "hydrant", "owner": "market", "spot": "门口"}

ONES = [
    One(
        "POST",
        "/api/components",
        "component.change",
        at("/api/components"),
        says(**COMPONENT, shop="shop-{tag}"),
    ),
    One(
        "PUT",
        "/api/components/{one}",
        "component.change",
        at("/api/components/component-{tag}"),
        says(**COMPONENT, shop="shop-{tag}"),
    ),
    One("GET", "/api/components/{one}/checks", "component.see", at("/api/components/component-{tag}/checks")),
    One(
        "POST",
        "/api/components/{one}/checks",
        "component.change",
        at("/api/components/component-{tag}/checks"),
        says(condition="faulty"),
    ),
    One("GET", "/api/components/{one}", "component.see", at("/api/components/component-{tag}")),
    One("GET", "/api/businesses/{one}", "component.see", at("/api/businesses/business-{tag}")),
    One("DELETE", "/api/components/{one}", "component.change", at("/api/components/component-{tag}")),
    One("GET", "/api/shops/{shop}/premises", "component.see", at("/api/shops/shop-{tag}/premises")),
    One(
        "POST",
        "/api/shops/{shop}/surveys",
        "component.change",
        at("/api/shops/shop-{tag}/surveys"),
        says(conditions={"component-nowhere": "good"}),
    ),
    One(
        "PUT",
        "/api/registers/limits",
        "market.change",
        at("/api/registers/limits"),
        says(stale_days=90, gap_days=30, term_months=24),
        whole=True,
    ),
    One(
        "PUT",
        "/api/workrooms/{grid}",
        "workroom.change",
        at("/api/workrooms/{grid}"),
        says(name_zh="室", name_en="Room", spot="门口"),
    ),
    One(
        "PUT",
        "/api/workrooms/{grid}/items/{item}",
        "workroom.change",
        at("/api/workrooms/{grid}/items/sign"),
        says(ready=True),
    ),
    One(
        "POST",
        "/api/appointments",
        "appoint",
        at("/api/appointments"),
        says(person="guard-{tag}", office="leader", grid="{grid}", begins="2026-11-22"),
    ),
    One("GET", "/api/appointments/{letter}", "market.see", at("/api/appointments/letter-{tag}")),
    One("DELETE", "/api/appointments/{letter}", "appoint", at("/api/appointments/letter-{tag}")),
    One("GET", "/api/groups/{one}", "market.see", at("/api/groups/g-{tag}")),
    One(
        "POST",
        "/api/groups/{one}/elections",
        "elect",
        at("/api/groups/g-{tag}/elections"),
        says(way="open", candidates=["shop-own"]),
    ),
    One(
        "POST",
        "/api/elections/{election_id}/count",
        "elect",
        at("/api/elections/election-{tag}/count"),
        lambda one: {"votes": {f"shop-{one.tag}": 0}},
    ),
    One(
        "POST",
        "/api/elections/{election_id}/cancel",
        "elect",
        at("/api/elections/election-{tag}/cancel"),
        says(),
    ),
    One(
        "POST",
        "/api/businesses",
        "market.change",
        at("/api/businesses"),
        says(name_zh="新", name_en="New"),
        whole=True,
    ),
    One(
        "POST",
        "/api/businesses/{one}/shops",
        "market.change",
        at("/api/businesses/business-{tag}/shops"),
        says(shop="shop-{tag}", begins="2026-11-22"),
        whole=True,
    ),
    One(
        "PUT",
        "/api/businesses/{one}/primary",
        "market.change",
        at("/api/businesses/business-{tag}/primary"),
        says(shop="shop-{tag}"),
        whole=True,
    ),
    One(
        "POST",
        "/api/businesses/{one}/shops/{shop}/end",
        "market.change",
        at("/api/businesses/business-{tag}/shops/shop-{tag}/end"),
        says(ends="2026-11-23"),
        whole=True,
    ),
]
LISTS = {
    "/api/components": ("component.see", "component-{tag}", False),
    "/api/workrooms": ("market.see", "room of {tag}", False),
    "/api/levels": ("market.see", '"id":"{grid}"', False),
    "/api/appointments": ("market.see", "letter-{tag}", False),
    "/api/groups": ("market.see", '"g-{tag}"', False),
    "/api/businesses": ("component.see", "business-{tag}", False),
}
