"""The pages read no field that the hub does not send."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from hub.api import (
    alerts,
    areas,
    businesses,
    calendar,
    cases,
    components,
    coverage,
    filing,
    groups,
    imports,
    letters,
    market,
    notices,
    orders,
    people,
    phone,
    plans,
    recordings,
    registers,
    rights,
    scenes,
    session,
    sessions,
    sos,
    turning,
    turns,
    wall,
    workrooms,
)

API = Path(__file__).parents[3] / "hub" / "web" / "src" / "api"
TYPES = tuple(
    API / name
    for name in (
        "types.ts",
        "calendar.ts",
        "cover.ts",
        "device.ts",
        "letter.ts",
        "notice.ts",
        "people.ts",
        "phone.ts",
        "plan.ts",
        "recording.ts",
        "register.ts",
        "scene.ts",
        "sos.ts",
        "turn.ts",
        "turning.ts",
    )
)
SHAPES = {
    "Alert": "Alert",
    "Box": "Box",
    "Told": "Told",
    "CameraState": "CameraState",
    "Crew": "Crew",
    "Duty": "Duty",
    "Tonight": "Tonight",
    "WallPage": "Wall",
    "Camera": "Camera",
    "Grid": "Grid",
    "Market": "Plan",
    "CaseCard": "Card",
    "CasePage": "Page",
    "Due": "Due",
    "Field": "Asked",
    "Move": "Move",
    "TimelineLine": "Line",
    "StageLine": "StageLine",
    "CaseClock": "Clock",
    "Media": "File",
    "Device": "Device",
    "DeviceCamera": "DeviceCamera",
    "Reported": "Reported",
    "Config": "Config",
    "Command": "Command",
    "Letters": "Letters",
    "LetterPage": "Letter",
    "Session": "Signing",
    "Somebody": "Person",
    "Waiting": "Waiting",
    "Staff": "Staff",
    "Certificate": "Certificate",
    "Armband": "Armband",
    "PublicArmband": "PublicArmband",
    "Contact": "Contact",
    "Looked": "Looked",
    "Because": "Because",
    "Who": "Who",
    "Right": "Right",
    "What": "What",
    "Lived": "Lived",
    "Screen": "Display",
    "ByPhone": "ByPhone",
    "Handset": "Phone",
    "Invited": "Invited",
    "FactorBegun": "FactorBegun",
    "MarketName": "MarketName",
    "GrantNode": "GrantNode",
    "Area": "Area",
    "Care": "Care",
    "Imported": "Imported",
    "RecordedCamera": "RecordedCamera",
    "Scene": "Scene",
    "DrawnCamera": "DrawnCamera",
    "Drawing": "Drawing",
    "OldDrawing": "OldDrawing",
    "RuleField": "RuleField",
    "RuleKind": "RuleKind",
    "Turning": "Turning",
    "Held": "Held",
    "Stretch": "Stretch",
    "Missing": "Missing",
    "AlertMark": "AlertMark",
    "Timeline": "Timeline",
    "Piece": "Piece",
    "Component": "Component",
    "KindCount": "KindCount",
    "Limits": "Limits",
    "Components": "Components",
    "Check": "Check",
    "Visit": "Visit",
    "Premises": "Premises",
    "Tenancy": "Tenancy",
    "Business": "Business",
    "Businesses": "Businesses",
    "GroupLine": "GroupLine",
    "Election": "Election",
    "GroupPage": "GroupPage",
    "Item": "Item",
    "Workroom": "Workroom",
    "Leader": "Leader",
    "Led": "Led",
    "Level": "Level",
    "Appointment": "Appointment",
    "AppointmentLetter": "AppointmentLetter",
    "PlanHead": "Head",
    "PlanJob": "Job",
    "PlanPage": "Plan",
    "PlanRow": "Row",
    "PlanGrid": "PlanGrid",
    "PlanGroup": "PlanGroup",
    "Figure": "Figure",
    "Proof": "Proof",
    "Broken": "Broken",
    "Edited": "Edited",
    "Version": "Version",
    "Coverage": "Coverage",
    "CameraSeen": "CameraSeen",
    "Blind": "Blind",
    "BlindNow": "BlindNow",
    "Tried": "TriedSeen",
    "Next": "Next",
    "Mount": "Mount",
    "Lens": "SavedLens",
    "Zone": "Zone",
    "FilingRow": "FilingCamera",
    "FilingSheet": "FilingSheet",
    "Today": "Today",
    "PatrolToday": "Patrol",
    "RoundTold": "RoundTold",
    "RoundShort": "RoundShort",
    "RoundPoint": "Point",
    "LoneTold": "LoneTold",
    "PhoneMe": "Me",
    "GroupDay": "hub__api__shape__turns__Today",
    "TurnLine": "TurnLine",
    "TurnThing": "TurnThing",
    "TurnGroup": "TurnGroup",
    "MonthCount": "MonthCount",
    "TurnSwap": "Swap",
    "SwapTurn": "SwapTurn",
    "TurnPartner": "Partner",
    "TurnPartners": "Partners",
    "SosShown": "SosShown",
    "SosTold": "SosTold",
    "SosHeard": "Heard",
    "SosAhead": "SosAhead",
    "Notice": "Notice",
    "NoticeSent": "Sent",
    "Notices": "Notices",
    "Push": "Push",
    "Channel": "Channel",
    "Channels": "Channels",
    "ChannelOffer": "Offer",
    "FeedLine": "CalendarLine",
    "MadeFeed": "MadeCalendar",
}
"""Type of the pages → shape of the hub."""


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    app = FastAPI()
    doors = (
        alerts,
        areas,
        businesses,
        calendar,
        cases,
        components,
        coverage,
        filing,
        groups,
        imports,
        letters,
        market,
        notices,
        orders,
        people,
        phone,
        plans,
        recordings,
        registers,
        rights,
        scenes,
        session,
        sessions,
        sos,
        turning,
        turns,
        wall,
        workrooms,
    )
    for door in doors:
        app.include_router(door.router)
    found: dict[str, Any] = app.openapi()["components"]["schemas"]
    return found


def fields(interface: str) -> Iterator[str]:
    """Names of the fields that stand directly in an interface; nested ones are indented deeper."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in TYPES)
    body = re.search(
        rf"^export interface {interface}\b[^{{]*\{{\n(.*?)^\}}", source, re.MULTILINE | re.DOTALL
    )
    assert body, interface
    yield from re.findall(r"^  readonly (\w+)\??:", body[1], re.MULTILINE)


@pytest.mark.parametrize(("ours", "theirs"), SHAPES.items())
def test_the_hub_sends_what_the_pages_read(ours: str, theirs: str, schemas: dict[str, Any]) -> None:
    # where one name is both asked and answered, the answer's is told apart
    meant = (theirs, f"{theirs}-Output", f"__{theirs}")
    names = [name for name in schemas if name in meant[:2] or name.endswith(meant[2])]
    sent = {field for name in names for field in schemas[name]["properties"]}
    assert sent, f"the hub has no shape {theirs}"
    assert set(fields(ours)) - sent == set()
