"""What messages carry: XML by GB/T 28181 annex A (MANSCDP), read with bounds and without entities."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as Tree

from edge.bridge.gb28181.sip import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from xml.etree.ElementTree import Element

CONTENT = "Application/MANSCDP+xml"
MOST_ITEMS = 1_000
MOST_FIELDS = 64
LONGEST = 512
"""Characters of one value."""
Root = Literal["Query", "Notify", "Response", "Control"]
ROOTS: tuple[Root, ...] = get_args(Root)
ENCODINGS = {"2016": "GB2312", "2022": "GB18030"}
"""Edition → what the XML says of itself; written is always GB 18030, which holds the other."""

_DECLARED = re.compile(
    rb'\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["\']([A-Za-z0-9._-]{1,20})["\'][^>]{0,100}\?>'
)
_DECLARATION = re.compile(r"\A[\ufeff\s]*<\?xml[^>]{0,300}\?>")
_CODEC = {"utf-8": "utf-8", "utf8": "utf-8", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030"}
_CODE = re.compile(r"[0-9]{2,20}")
_NUMBER = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: what is asked, told or answered, about which thing."""

    root: Root
    command: str
    number: int
    """SN, which an answer repeats."""
    code: str
    """DeviceID."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """The other elements that hold text; those inside Info as `Info/Name`."""
    items: tuple[Mapping[str, str], ...] = ()
    """Of a catalog's DeviceList."""


def read(body: bytes) -> Notice:
    """The notice in a message's body.

    Raises:
        Malformed: with the reason.
    """
    try:
        root = Tree.fromstring(_text(body), forbid_dtd=True)
    except (Tree.ParseError, DefusedXmlException, ValueError) as error:
        raise Malformed(f"no XML that is read here: {error}"[:200]) from None
    kind = next((one for one in ROOTS if one == root.tag), None)
    if kind is None:
        raise Malformed("its root is none of " + ", ".join(ROOTS))
    fields: dict[str, str] = {}
    items: list[Mapping[str, str]] = []
    for child in root:
        match child.tag:
            case "DeviceList":
                items += (_texts(item) for item in _few(child, MOST_ITEMS) if item.tag == "Item")
            case "Info":
                fields |= {f"Info/{name}": value for name, value in _texts(child).items()}
            case name:
                fields.setdefault(str(name), clean(child.text))
        if len(fields) > MOST_FIELDS:
            raise Malformed(f"more than {MOST_FIELDS} elements")
    command, number, code = (fields.pop(name, "") for name in ("CmdType", "SN", "DeviceID"))
    if not command or not _CODE.fullmatch(code):
        raise Malformed("CmdType or DeviceID is missing or none")
    if not _NUMBER.fullmatch(number):
        raise Malformed("SN is no number")
    return Notice(kind, command, int(number), code, fields, tuple(items))


def write(notice: Notice, edition: str = "2016", listed: Iterable[Mapping[str, str]] | None = None) -> bytes:
    """The body of a message; `listed` are a catalog's items on this page."""
    lines = [f'<?xml version="1.0" encoding="{ENCODINGS[edition]}"?>', f"<{notice.root}>"]
    lines += [_line("CmdType", notice.command), _line("SN", str(notice.number))]
    lines.append(_line("DeviceID", notice.code))
    inner = [(name[5:], value) for name, value in notice.fields.items() if name.startswith("Info/")]
    lines += [_line(name, value) for name, value in notice.fields.items() if not name.startswith("Info/")]
    if listed is not None:
        pages = [item_of(one) for one in listed]
        lines += [f'<DeviceList Num="{len(pages)}">', *pages, "</DeviceList>"]
    if inner:
        lines += ["<Info>", *(_line(name, value) for name, value in inner), "</Info>"]
    lines += [f"</{notice.root}>", ""]
    return "\r\n".join(lines).encode("gb18030")


def item_of(fields: Mapping[str, str]) -> str:
    """One item of a catalog."""
    return "\r\n".join(("<Item>", *(_line(name, value) for name, value in fields.items()), "</Item>"))


def clean(text: str | None) -> str:
    """What a person may read: no control characters, no change of direction, not too long."""
    shown = "".join(one if one.isprintable() else " " for one in (text or "")[: 4 * LONGEST])
    return " ".join(shown.split())[:LONGEST]


def _line(name: str, value: str) -> str:
    return f"<{name}>{escape(clean(value))}</{name}>"


def _text(body: bytes) -> str:
    """The characters, by what the XML says of itself, or by what fits; expat knows no GB 2312."""
    declared = _DECLARED.match(body[:400])
    named = _CODEC.get(declared[1].decode().lower()) if declared else None
    if declared and named is None:
        raise Malformed("its encoding is neither UTF-8 nor GB 18030")
    if named == "gb18030" and _is_utf_8(body):
        named = "utf-8"
    for codec in (named,) if named else ("utf-8", "gb18030"):
        try:
            return _DECLARATION.sub("", body.decode(codec), count=1)
        except UnicodeDecodeError:
            continue
    raise Malformed("it is not in the encoding that it names")


def _is_utf_8(body: bytes) -> bool:
    """Whether it is, whatever it says of itself: devices are met that say GB2312 and write UTF-8.

    Two characters of three bytes each are hardly ever GB 18030 by chance.
    """
    try:
        wide = [one for one in body.decode() if not one.isascii()]
    except UnicodeDecodeError:
        return False
    return len(wide) > 1 and min(wide) > "\u07ff"


def _texts(element: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in _few(element, MOST_FIELDS):
        found.setdefault(str(child.tag), clean(child.text))
    return found


def _few(element: Element, most: int) -> Element:
    if len(element) > most:
        raise Malformed(f"more than {most} elements in {str(element.tag)[:40]}")
    return element
