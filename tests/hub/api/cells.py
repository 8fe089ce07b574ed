"""The routes to one thing each: what it takes to be let in, and where that thing stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hub.core.case import Act
from tests.hub.api.world import CASES, OWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hub.api.world import Spot4


@dataclass(frozen=True, slots=True)
class One:
    """A route to one thing: what it takes to be let in, and where that thing stands."""

    method: str
    route: str
    action: str
    url: Callable[[Spot4], str]
    body: Callable[[Spot4], Any] | None = None
    whole: bool = False
    """Whether the right is asked for the market as a whole, whatever stands where."""
    raises: bool = True

    def names(self, place: Spot4) -> bool:
        """Whether the address or the body says which place is meant, besides the market's name."""
        said = f"{self.url(place)} {self.body(place) if self.body else ''}"
        return said != f"{self.url(OWN)} {self.body(OWN) if self.body else ''}" or place == OWN


def at(path: str) -> Callable[[Spot4], str]:
    """The address with the place's tag, number, market, node and case in it."""
    return lambda one: path.format(
        tag=one.tag,
        n=one.number,
        node=one.node,
        grid=one.grid,
        case=CASES[one.tag],
        letter=f"0000000{one.number}-0000-7000-8000-00000000000{one.number}",
    )


def says(**body: Any) -> Callable[[Spot4], Any]:
    """The body, texts filled in as addresses are."""
    return lambda one: {
        key: at(value)(one) if isinstance(value, str) else value for key, value in body.items()
    }


def act(name: str, action: str, **body: Any) -> One:
    return One(
        "POST",
        f"/api/alerts/{{alert_id}}/{name}",
        action,
        at(f"/api/alerts/alert-{{tag}}/{name}"),
        says(**body),
    )


ONES = [
    One("GET", "/api/areas", "area.change", at("/api/areas"), whole=True),
    One(
        "POST",
        "/api/areas",
        "area.change",
        at("/api/areas"),
        says(kind="district", name_zh="新区", name_en="New District"),
        whole=True,
    ),
    One(
        "PUT",
        "/api/market/area",
        "area.change",
        at("/api/market/area"),
        says(area="first-street"),
        whole=True,
    ),
    One("GET", "/api/alerts/{alert_id}", "alert.see", at("/api/alerts/alert-{tag}")),
    act("take", "alert.take"),
    act("call", "alert.call", number="110"),
    act("confirm", "alert.confirm"),
    act("dismiss", "alert.dismiss", reason="light"),
    act("attach", "alert.attach", alert="alert-{tag}"),
    One("GET", "/api/cases/{case_id}", "case.see", at("/api/cases/{case}")),
    *(
        One(
            "POST",
            "/api/cases/{case_id}/acts/{act}",
            f"case.{name}",
            at(f"/api/cases/{{case}}/acts/{name}"),
            says(version=1, severity="1", text="说明", number="110"),
        )
        for name in Act
    ),
    One(
        "POST",
        "/api/cases",
        "report",
        at("/api/cases"),
        lambda one: {"kind": "theft", "place": "门前", "grid": one.grid, "severity": 2, "text": "包"},
    ),
    One("GET", "/api/media/{media_id}", "alert.see", at("/api/media/still-{tag}")),
    One("GET", "/api/media/{media_id}", "video.play", at("/api/media/clip-{tag}")),
    One("GET", "/api/cameras/{camera_id}/still", "video.live", at("/api/cameras/camera-{tag}/still")),
    One("GET", "/api/cameras/{camera}/turning", "video.turn", at("/api/cameras/camera-{tag}/turning")),
    One(
        "POST",
        "/api/cameras/{camera}/turning",
        "video.turn",
        at("/api/cameras/camera-{tag}/turning"),
        says(act="goto", preset="gate"),
    ),
    One(
        "GET",
        "/api/recordings/{camera}",
        "video.play",
        at("/api/recordings/camera-{tag}?begin=2026-11-22T00:00:00Z&end=2026-11-22T12:00:00Z"),
    ),
    One(
        "POST",
        "/api/recordings/{camera}/pieces",
        "video.play",
        at("/api/recordings/camera-{tag}/pieces"),
        says(begin="2026-11-22T01:00:00Z", purpose="a bag was lost"),
    ),
    *(
        One(
            "GET",
            f"/api/devices/{{device}}{tail}",
            "device.see",
            at(f"/api/devices/device-{{tag}}{tail}"),
            whole=True,
        )
        for tail in ("", "/config", "/configs", "/commands")
    ),
    One(
        "PUT",
        "/api/devices/{device}/config",
        "device.configure",
        at("/api/devices/device-{tag}/config"),
        lambda one: {"cameras": {f"camera-{one.tag}": {"fps": 4}}},
        whole=True,
    ),
    One(
        "POST",
        "/api/devices/{device}/commands",
        "device.look",
        at("/api/devices/device-{tag}/commands"),
        says(op="still", camera="camera-{tag}"),
        whole=True,
    ),
    One(
        "POST",
        "/api/devices/{device}/commands",
        "device.command",
        at("/api/devices/device-{tag}/commands"),
        says(op="restart"),
        whole=True,
    ),
    One(
        "POST",
        "/api/devices/{device}/commands",
        "device.arm",
        at("/api/devices/device-{tag}/commands"),
        says(op="timetable", camera="camera-{tag}"),
        whole=True,
    ),
    *(
        One(
            "GET",
            f"/api/scenes/{{camera}}{tail}",
            "device.see",
            at(f"/api/scenes/camera-{{tag}}{tail}"),
            whole=True,
        )
        for tail in ("", "/versions")
    ),
    One(
        "POST",
        "/api/scenes/{camera}/replays",
        "scene.try",
        at("/api/scenes/camera-{tag}/replays"),
        says(begin="2026-11-22T01:00:00Z", seconds=60, purpose="to tune", drawn={}),
    ),
    *(
        One(method, "/api/scenes/{camera}/test", "scene.try", at("/api/scenes/camera-{tag}/test"))
        for method in ("POST", "DELETE")
    ),
    One(
        "PUT",
        "/api/scenes/{camera}",
        "device.configure",
        at("/api/scenes/camera-{tag}"),
        says(masks=[]),
        whole=True,
    ),
    One("GET", "/api/letters/{letter}", "admin.see", at("/api/letters/{letter}"), whole=True),
    One(
        "POST",
        "/api/letters/{letter}/retry",
        "admin.change",
        at("/api/letters/{letter}/retry"),
        says(),
        whole=True,
    ),
    One(
        "POST",
        "/api/letters/{letter}/drop",
        "admin.change",
        at("/api/letters/{letter}/drop"),
        says(),
        whole=True,
    ),
    One("GET", "/api/rights/actions", "rights.see", at("/api/rights/actions"), whole=True),
    One(
        "GET",
        "/api/rights/who",
        "rights.see",
        at("/api/rights/who?action=video.live&camera=camera-{tag}"),
        whole=True,
    ),
    One("GET", "/api/people/{person}/rights", "rights.see", at("/api/people/guard-{tag}/rights"), whole=True),
    One("GET", "/api/people/{person_id}", "person.see", at("/api/people/guard-{tag}")),
    One(
        "POST",
        "/api/people",
        "person.change",
        at("/api/people"),
        says(name_zh="新", name_en="New"),
        whole=True,
    ),
    One(
        "POST",
        "/api/people/{person_id}/password",
        "person.change",
        at("/api/people/guard-{tag}/password"),
        says(password="three green lanterns"),
        whole=True,
    ),
    One(
        "POST",
        "/api/people/{person_id}/grants",
        "person.change",
        at("/api/people/guard-{tag}/grants"),
        says(role="volunteer", node="{node}"),
        whole=True,
    ),
    One(
        "POST",
        "/api/proposals/{proposal}",
        "grant.approve",
        at("/api/proposals/proposal-{tag}"),
        says(approve=False),
        whole=True,
    ),
    One(
        "PUT",
        "/api/staff/{person}",
        "staff.change",
        at("/api/staff/guard-{tag}"),
        says(post="guard", begins="2026-01-01"),
        whole=True,
    ),
    One(
        "POST",
        "/api/staff/{person}/certificates",
        "staff.change",
        at("/api/staff/guard-{tag}/certificates"),
        says(kind="fire", begins="2026-01-01"),
        whole=True,
    ),
    One("POST", "/api/armbands", "armband.change", at("/api/armbands"), says(numbers=["7700"]), whole=True),
    One("POST", "/api/armbands/{number}", "armband.change", at("/api/armbands/88{n}"), says(act="return")),
    One(
        "POST",
        "/api/shops/{shop}/contacts/look",
        "contacts",
        at("/api/shops/shop-{tag}/contacts/look"),
        says(purpose="夜间卷帘门未关"),
    ),
    One(
        "POST",
        "/api/shops/{shop}/contacts",
        "contacts",
        at("/api/shops/shop-{tag}/contacts"),
        says(name="某", role="night", phone="0571 1234"),
    ),
    One(
        "POST",
        "/api/care",
        "care.change",
        at("/api/care"),
        says(shop="shop-{tag}", scope="看店", ends="2026-11-25"),
    ),
    One("DELETE", "/api/care/{visit}", "care.change", at("/api/care/care-{tag}")),
    One("POST", "/api/phones", "enrol", at("/api/phones"), says(person="shop-{tag}")),
    One("GET", "/api/people/{person}/phones", "enrol", at("/api/people/shop-{tag}/phones")),
    One(
        "DELETE",
        "/api/people/{person}/phones/{session_id}",
        "enrol",
        at("/api/people/shop-{tag}/phones/f{n}"),
    ),
    One("DELETE", "/api/displays/{session_id}", "display.make", at("/api/displays/d{n}")),
    One(
        "PUT",
        "/api/people/{person_id}/subject",
        "person.change",
        at("/api/people/guard-{tag}/subject"),
        says(subject="subject-{tag}"),
        whole=True,
    ),
    One("DELETE", "/api/grants/{grant}", "person.change", at("/api/grants/grant-shop-{tag}"), whole=True),
    One("POST", "/api/imports/staff", "staff.change", at("/api/imports/staff"), says(), whole=True),
    One(
        "POST",
        "/api/imports/staff/refused",
        "staff.change",
        at("/api/imports/staff/refused"),
        says(),
        whole=True,
    ),
    One("POST", "/api/imports/shops", "market.change", at("/api/imports/shops"), says(), whole=True),
    One(
        "POST",
        "/api/imports/shops/refused",
        "market.change",
        at("/api/imports/shops/refused"),
        says(),
        whole=True,
    ),
    One("DELETE", "/api/people/{person_id}", "person.change", at("/api/people/guard-{tag}"), whole=True),
]
