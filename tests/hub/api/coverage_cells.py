"""The routes of coverage and of the filing sheet: what it takes to be let in."""

from __future__ import annotations

from tests.hub.api.cells import One, at, says

LENS = {"x": 5, "y": 5, "bearing": 90, "fov": 60, "range_m": 20}
FILED = {
    "kind": "fixed",
    "operator": "运达市场",
    "legal_basis": "第 7 条",
    "purpose": "防盗",
    "retention_days": 30,
    "sign": True,
}
ZONE = {"kind": "toilet", "ring": [[1, 1], [2, 1], [2, 2]], "name_zh": "厕所", "name_en": "Toilet"}

ONES = [
    One("GET", "/api/coverage", "coverage.see", at("/api/coverage?scale=dori&level=observe"), whole=True),
    One(
        "GET",
        "/api/coverage/without/{camera}",
        "coverage.see",
        at("/api/coverage/without/camera-{tag}"),
    ),
    One("POST", "/api/coverage/try", "coverage.change", at("/api/coverage/try"), says(**LENS), whole=True),
    One(
        "POST",
        "/api/coverage/next",
        "coverage.change",
        at("/api/coverage/next"),
        says(count=1, range_m=20),
        whole=True,
    ),
    One(
        "PUT",
        "/api/coverage/cameras/{camera}",
        "coverage.change",
        at("/api/coverage/cameras/camera-{tag}"),
        says(**LENS),
        whole=True,
    ),
    One(
        "PUT",
        "/api/coverage/cameras/{camera}/measured",
        "coverage.change",
        at("/api/coverage/cameras/camera-{tag}/measured"),
        says(ring=None),
        whole=True,
    ),
    One("GET", "/api/zones", "coverage.see", at("/api/zones"), whole=True),
    One("POST", "/api/zones", "coverage.change", at("/api/zones"), says(**ZONE), whole=True),
    One(
        "PUT",
        "/api/filing/cameras/{camera}",
        "filing.change",
        at("/api/filing/cameras/camera-{tag}"),
        says(**FILED),
        whole=True,
    ),
    One("POST", "/api/filing", "filing.change", at("/api/filing"), says(number="1"), whole=True),
]
LISTS = {
    "/api/coverage": ("coverage.see", '"camera-{tag}"', False),
    "/api/filing": ("filing.see", '"camera-{tag}"', True),
    "/api/filing.csv": ("filing.see", "camera-{tag}", True),
}
ELSEWHERE = {
    ("GET", "/api/coverage/now"): "names cameras only while they are dark; test_coverage",
    ("DELETE", "/api/zones/{zone_id}"): "test_coverage_law",
    ("POST", "/api/zones/{zone_id}/masks"): "test_coverage_law",
}
