"""A drawn plan as somebody's GIS would write it, and the way in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.hub.api.test_imports import told

if TYPE_CHECKING:
    from hub.core.ground import Ground
    from tests.hub.api.conftest import Someone


def collection(ground: Ground) -> dict[str, Any]:
    """The ground as somebody's GIS would write it."""

    def feature(kind: str, shape: str, points: Any, **more: Any) -> dict[str, Any]:
        line = [list(point) for point in points]
        at = line[0] if shape == "Point" else [[*line, line[0]]] if shape == "Polygon" else line
        geometry = {"type": shape, "coordinates": at}
        return {"type": "Feature", "properties": {"kind": kind, **more}, "geometry": geometry}

    found = [feature("hall", "Polygon", hall.ring, id=f"x-{hall.id}") for hall in ground.halls]
    for street in ground.streets:
        said = {"id": street.id, "type": street.kind, "width": street.width, "hall": hall_of(street.hall)}
        found.append(feature("street", "Polygon", street.ring, line=[list(p) for p in street.line], **said))
    found += [feature("gate", "Point", [gate.at], id=gate.id, 名称="门") for gate in ground.gates]
    for shop in ground.shops:
        said = {
            "id": shop.id,
            "name_zh": "铺",
            "hall": hall_of(shop.hall),
            "street": shop.street,
            "open": shop.open,
        }
        found.append(feature("shop", "Polygon", shop.ring, door=list(shop.door), work=shop.work, **said))
    return {"type": "FeatureCollection", "features": found}


def hall_of(hall: str | None) -> str | None:
    """Halls have names of their own here: the town of the tests has an h1."""
    return hall and f"x-{hall}"


def put(who: Someone, plan: object, apply: bool = False, frame: str = "metres", good: str = "") -> Any:
    data = plan if isinstance(plan, bytes) else json.dumps(plan).encode()
    own = {"X-CSRF": who.csrf, "Content-Type": "application/geo+json"}
    query = f"apply={apply}&frame={frame}" + (f"&good={good}" if good else "")
    return who.request("POST", f"/api/imports/plan?{query}", headers=own, content=data)


def accounted(answer: Any) -> dict[str, Any]:
    """The report, in which every feature is counted once."""
    found = told(answer)
    assert found["rows"] == sum(found[one] for one in ("new", "changed", "same", "refused"))
    return found
