"""The other side of GB/T 28181 on real sockets, written apart from ours: a platform above, a device below."""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
import socket
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.edge.market import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

PLATFORM, EDGE, DOMAIN, PASSWORD = (
    "34020000002000000001",
    "34020000001180000007",
    "3402000000",
    "a-good-password",
)
CAMERA, OTHER = "34020000001320000001", "34020000001320000002"


@dataclass
class Said:
    """A message as it came."""

    start: str
    headers: dict[str, str]
    body: str

    @property
    def method(self) -> str:
        return self.start.split(" ", 1)[0]

    @property
    def status(self) -> int:
        return int(self.start.split(" ")[1])

    @property
    def branch(self) -> str:
        return self.headers["via"].split("branch=")[1]

    def tag(self, name: str) -> str:
        found = re.search(rf"<{name}>(.*?)</{name}>", self.body, re.DOTALL)
        return found[1] if found else ""


def parse(data: bytes) -> Said:
    head, _, body = data.partition(b"\r\n\r\n")
    start, *lines = head.decode().split("\r\n")
    pairs = (line.split(":", 1) for line in lines)
    return Said(start, {name.strip().lower(): value.strip() for name, value in pairs}, body.decode("gb18030"))


def text(start: str, headers: dict[str, str], body: str = "") -> bytes:
    data = body.encode("gb18030")
    lines = [start, *(f"{name}: {value}" for name, value in headers.items()), f"Content-Length: {len(data)}"]
    return "\r\n".join((*lines, "", "")).encode() + data


def messages(line: socket.socket) -> Iterator[bytes]:
    """Whole ones, as they come, until the line is closed."""
    held = b""
    with contextlib.suppress(OSError):
        while data := line.recv(65_535):
            held += data
            while b"\r\n\r\n" in held:
                head = held[: held.index(b"\r\n\r\n") + 4]
                length = len(head) + int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                if len(held) < length:
                    break
                yield held[:length]
                held = held[length:]


def respond(said: Said, status: str, **more: str) -> bytes:
    echoed = {name: said.headers[name] for name in ("via", "from", "to", "call-id", "cseq")}
    return text(f"SIP/2.0 {status}", echoed | {name.replace("_", "-"): value for name, value in more.items()})


def request(method: str, own: str, other: str, port: int, *, body: str = "", **more: str) -> bytes:
    headers = {
        "Via": f"SIP/2.0/UDP 127.0.0.1:{port};rport;branch=z9hG4bK{secrets.token_hex(8)}",
        "From": f"<sip:{own}@{DOMAIN}>;tag={secrets.token_hex(4)}",
        "To": f"<sip:{other}@{DOMAIN}>",
        "Call-ID": secrets.token_hex(8),
        "CSeq": f"1 {method}",
        "Max-Forwards": "70",
    }
    if body:
        headers["Content-Type"] = "Application/MANSCDP+xml"
        body = f'<?xml version="1.0" encoding="GB2312"?>\r\n{body}'
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    return text(f"{method} sip:{other}@{DOMAIN} SIP/2.0", headers, body)


def proof(said: dict[str, str], password: str, method: str, name: str = "md5") -> str:
    def h(one: str) -> str:
        return hashlib.new(name, one.encode()).hexdigest()

    secret, asked = h(f"{said['username']}:{said['realm']}:{password}"), h(f"{method}:{said['uri']}")
    if "qop" in said:
        return h(f"{secret}:{said['nonce']}:{said['nc']}:{said['cnonce']}:{said['qop']}:{asked}")
    return h(f"{secret}:{said['nonce']}:{asked}")


def told(header: str) -> dict[str, str]:
    return {
        name: quoted or plain for name, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|([^",\s]+))', header)
    }


@dataclass
class Platform:
    """Registers whoever knows the password; `mute` says nothing, `forgetful` knows nobody."""

    transport: str = "udp"
    challenge: str = "algorithm=MD5"
    expires: str = ""
    got: list[Said] = field(default_factory=list)
    replies: list[Said] = field(default_factory=list)
    mute: bool = False
    forgetful: bool = False
    refusing: str = ""
    password: str = PASSWORD

    def __post_init__(self) -> None:
        kind = socket.SOCK_DGRAM if self.transport == "udp" else socket.SOCK_STREAM
        self.socket = socket.socket(socket.AF_INET, kind)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.nonces: set[str] = set()
        self.kept: dict[str, bytes] = {}
        """Answers by the request's branch: one that comes again gets the same."""
        self.registered: dict[str, str] = {}
        self.peer: tuple[str, int] | None = None
        self.line: socket.socket | None = None
        threading.Thread(target=self._udp if self.transport == "udp" else self._tcp, daemon=True).start()

    def close(self) -> None:
        self.socket.close()
        self.hang_up()

    def hang_up(self) -> None:
        if line := self.line:
            with contextlib.suppress(OSError):  # the other side was faster
                line.shutdown(socket.SHUT_RDWR)

    def methods(self, name: str) -> list[Said]:
        return [one for one in self.got if one.method == name]

    def told(self, command: str) -> list[Said]:
        return [one for one in self.got if one.tag("CmdType") == command]

    def send(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            if line := self.line:
                line.sendall(data)
            elif self.peer:
                self.socket.sendto(data, self.peer)

    def ask(self, body: str, method: str = "MESSAGE") -> None:
        self.send(request(method, PLATFORM, EDGE, self.port, body=body))

    def query(self, command: str, code: str = EDGE, number: int = 17, root: str = "Query") -> None:
        self.ask(
            f"<{root}>\r\n<CmdType>{command}</CmdType>\r\n<SN>{number}</SN>\r\n<DeviceID>{code}</DeviceID>\r\n</{root}>"
        )

    def _udp(self) -> None:
        while True:
            try:
                data, self.peer = self.socket.recvfrom(65_535)
            except OSError:
                return
            self._came(data)

    def _tcp(self) -> None:
        self.socket.listen()
        while True:
            try:
                self.line, _ = self.socket.accept()
            except OSError:
                return
            with self.line as line:
                for data in messages(line):
                    self._came(data)
            self.line = None

    def _came(self, data: bytes) -> None:
        said = parse(data)
        if said.start.startswith("SIP/"):
            self.replies.append(said)
            return
        if self.mute:
            return
        if said.branch not in self.kept:
            self.got.append(said)
            self.kept[said.branch] = (
                self._register(said) if said.method == "REGISTER" else self._message(said)
            )
        self.send(self.kept[said.branch])

    def _message(self, said: Said) -> bytes:
        code = re.search(r"sip:(\d+)@", said.headers["from"])
        is_known = code and code[1] in self.registered and not self.forgetful
        return respond(said, "200 OK" if is_known else "403 Forbidden")

    def _register(self, said: Said) -> bytes:
        if self.refusing:
            return respond(said, self.refusing)
        if "authorization" not in said.headers:
            nonce = secrets.token_hex(8)
            self.nonces.add(nonce)
            asked = f'Digest realm="{DOMAIN}", nonce="{nonce}", {self.challenge}'
            return respond(said, "401 Unauthorized", WWW_Authenticate=asked)
        proven = told(said.headers["authorization"])
        name = "sha256" if proven["algorithm"] == "SHA-256" else "md5"
        if proven["nonce"] not in self.nonces or proven["response"] != proof(
            proven, self.password, "REGISTER", name
        ):
            return respond(said, "403 Forbidden")
        self.nonces.remove(proven["nonce"])
        self.forgetful = False
        expires = said.headers["expires"]
        if expires == "0":
            self.registered.pop(proven["username"], None)
        else:
            self.registered[proven["username"]] = expires
        return respond(said, "200 OK", Expires=self.expires or expires, Date="2026-11-22T10:00:00.000")


US, DOWN = "34020000002000000002", "34020000001110000001"
"""The edge as a platform, and a recorder below it."""


class Recorder:
    """A device that registers at the edge; what it is asked is kept in `asked` and answered."""

    def __init__(
        self, port: int, *, code: str = DOWN, password: str = PASSWORD, transport: str = "udp"
    ) -> None:
        self.code, self.password = code, password
        kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        self.socket = socket.socket(socket.AF_INET, kind)
        self.socket.connect(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.asked: list[Said] = []
        self.answers: list[Said] = []
        self.proof = ""
        self._number = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def say(self, method: str, *, body: str = "", to: str = US, **more: str) -> Said:
        """Send a request and wait for its answer."""
        before = len(self.answers)
        self.socket.sendall(request(method, self.code, to, self.port, body=body, **more))
        wait_for(lambda: len(self.answers) > before)
        return self.answers[before]

    def register(self, expires: int = 3600) -> int:
        """The last status."""
        first = self.say("REGISTER", to=self.code, Expires=str(expires))
        if first.status != 401:
            return first.status
        asked = told(first.headers["www-authenticate"])
        said = {
            "username": self.code,
            "realm": asked["realm"],
            "nonce": asked["nonce"],
            "uri": f"sip:{US}@{DOMAIN}",
        }
        said |= {
            "qop": "auth",
            "nc": "00000001",
            "cnonce": secrets.token_hex(4),
            "algorithm": asked["algorithm"],
        }
        said["response"] = proof(said, self.password, "REGISTER", asked["algorithm"].lower().replace("-", ""))
        self.proof = "Digest " + ", ".join(f'{name}="{value}"' for name, value in said.items())
        return self.say("REGISTER", to=self.code, Expires=str(expires), Authorization=self.proof).status

    def notify(
        self, command: str, inner: str = "", *, code: str = "", number: int = 1, root: str = "Notify"
    ) -> int:
        head = f"<CmdType>{command}</CmdType><SN>{number}</SN><DeviceID>{code or self.code}</DeviceID>"
        return self.say("MESSAGE", body=f"<{root}>{head}{inner}</{root}>").status

    def alarm(self, method: str, kind: str = "", *, code: str = "", at: str = "", words: str = "") -> int:
        inner = (
            f"<AlarmPriority>1</AlarmPriority><AlarmMethod>{method}</AlarmMethod><AlarmTime>{at}</AlarmTime>"
        )
        inner += f"<AlarmDescription>{words}</AlarmDescription>"
        inner += f"<Info><AlarmType>{kind}</AlarmType></Info>" if kind else ""
        return self.notify("Alarm", inner, code=code)

    def told(self, command: str) -> list[Said]:
        return [one for one in self.asked if one.tag("CmdType") == command]

    def _listen(self) -> None:
        for data in messages(self.socket):
            self._came(parse(data))

    def _came(self, said: Said) -> None:
        if said.start.startswith("SIP/"):
            self.answers.append(said)
        else:
            if said.branch not in {one.branch for one in self.asked}:
                self.asked.append(said)
            with contextlib.suppress(OSError):
                self.socket.sendall(respond(said, "200 OK"))
