"""A camera's ONVIF side as a real HTTP server: what it tells can be set, and it can fail in every way."""

from __future__ import annotations

import base64
import hashlib
import queue
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

USER, PASSWORD = "lianfang", "s3cret-word"
NAMES = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "tds": "http://www.onvif.org/ver10/device/wsdl",
    "trt": "http://www.onvif.org/ver10/media/wsdl",
    "tptz": "http://www.onvif.org/ver20/ptz/wsdl",
    "tev": "http://www.onvif.org/ver10/events/wsdl",
    "tt": "http://www.onvif.org/ver10/schema",
    "wsnt": "http://docs.oasis-open.org/wsn/b-2",
    "wsa": "http://www.w3.org/2005/08/addressing",
    "ter": "http://www.onvif.org/ver10/error",
    "tns1": "http://www.onvif.org/ver10/topics",
}
SPACES = " ".join(f'xmlns:{name}="{where}"' for name, where in NAMES.items())


def moment(after: float = 0.0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=after)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Soap:
    """What the camera tells, and what it was asked."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.clock = 0.0
        """Seconds that its clock is ahead."""
        self.asked: list[tuple[str, str]] = []
        """Question and body."""
        self.notes: queue.Queue[str] = queue.Queue()
        self.presets = {"1": "Gate", "2": "Lane"}
        self.body: Callable[[str], bytes | None] = lambda _question: None
        """Instead of an answer: these bytes."""
        self.redirect: str | None = None
        self.host = "127.0.0.1"
        """Under which it names its own services."""
        self.patience = 0.2
        """Seconds that a question for news is kept open."""
        self.down = False
        self.open = {"GetSystemDateAndTime"}
        """What is answered to anybody."""

    def questions(self) -> list[str]:
        return [question for question, _ in self.asked]

    def asked_pull(self) -> bool:
        """Whether somebody listens to it."""
        return "PullMessages" in self.questions()

    def note(self, topic: str, value: str = "true", name: str = "State", source: str = "1") -> None:
        """Something happens."""
        self.notes.put(
            f'<wsnt:NotificationMessage><wsnt:Topic Dialect="x">{topic}</wsnt:Topic><wsnt:Message>'
            f'<tt:Message UtcTime="{moment()}" PropertyOperation="Changed">'
            f'<tt:Source><tt:SimpleItem Name="Source" Value="{source}"/></tt:Source>'
            f'<tt:Data><tt:SimpleItem Name="{name}" Value="{value}"/></tt:Data>'
            "</tt:Message></wsnt:Message></wsnt:NotificationMessage>"
        )

    def answer(self, question: str, body: str) -> str:
        if question not in self.open and not is_known(body):
            return fault("ter:NotAuthorized", "Sender not authorized")
        made = getattr(self, f"_{question}", None)
        if made is None:
            return fault("ter:ActionNotSupported", f"{question} is not known here")
        return str(made())

    def _GetSystemDateAndTime(self) -> str:  # noqa: N802
        at = datetime.now(UTC) + timedelta(seconds=self.clock)
        return (
            "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
            "<tt:DaylightSavings>false</tt:DaylightSavings><tt:UTCDateTime><tt:Time>"
            f"<tt:Hour>{at.hour}</tt:Hour><tt:Minute>{at.minute}</tt:Minute><tt:Second>{at.second}</tt:Second>"
            f"</tt:Time><tt:Date><tt:Year>{at.year}</tt:Year><tt:Month>{at.month}</tt:Month><tt:Day>{at.day}"
            "</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
        )

    def _GetServices(self) -> str:  # noqa: N802
        one = "<tds:Service><tds:Namespace>{}</tds:Namespace><tds:XAddr>http://{}:{}/onvif/{}</tds:XAddr></tds:Service>"
        names = ("tds", "trt", "tptz", "tev")
        told = "".join(one.format(NAMES[name], self.host, self.port, name) for name in names)
        return f"<tds:GetServicesResponse>{told}</tds:GetServicesResponse>"

    def _GetDeviceInformation(self) -> str:  # noqa: N802
        told = {"Manufacturer": "Lantern", "Model": "LT-2", "FirmwareVersion": "1.4", "SerialNumber": "7"}
        told["HardwareId"] = "h"
        inside = "".join(f"<tds:{name}>{value}</tds:{name}>" for name, value in told.items())
        return f"<tds:GetDeviceInformationResponse>{inside}</tds:GetDeviceInformationResponse>"

    def _GetProfiles(self) -> str:  # noqa: N802
        told = profile("main", "H264", 1920, 1080, 25) + profile("sub", "H264", 640, 360, 10)
        return f"<trt:GetProfilesResponse>{told}</trt:GetProfilesResponse>"

    def _GetStreamUri(self) -> str:  # noqa: N802
        uri = f"<tt:Uri>rtsp://{USER}:{PASSWORD}@192.0.2.9:554/live</tt:Uri>"
        return f"<trt:GetStreamUriResponse><trt:MediaUri>{uri}</trt:MediaUri></trt:GetStreamUriResponse>"

    def _GetPresets(self) -> str:  # noqa: N802
        one = '<tptz:Preset token="{}"><tt:Name>{}</tt:Name></tptz:Preset>'
        told = "".join(one.format(*item) for item in self.presets.items())
        return f"<tptz:GetPresetsResponse>{told}</tptz:GetPresetsResponse>"

    def _GotoPreset(self) -> str:  # noqa: N802
        return "<tptz:GotoPresetResponse/>"

    def _ContinuousMove(self) -> str:  # noqa: N802
        return "<tptz:ContinuousMoveResponse/>"

    def _Stop(self) -> str:  # noqa: N802
        return "<tptz:StopResponse/>"

    def _CreatePullPointSubscription(self) -> str:  # noqa: N802
        address = f"<wsa:Address>http://{self.host}:{self.port}/onvif/sub/1</wsa:Address>"
        times = spell("wsnt", CurrentTime=moment(), TerminationTime=moment(60))
        return (
            f"<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference>{address}"
            f"</tev:SubscriptionReference>{times}</tev:CreatePullPointSubscriptionResponse>"
        )

    def _PullMessages(self) -> str:  # noqa: N802
        found = []
        try:
            found.append(self.notes.get(timeout=self.patience))
            while len(found) < 100:
                found.append(self.notes.get_nowait())
        except queue.Empty:
            pass
        times = spell("tev", CurrentTime=moment(), TerminationTime=moment(60))
        return f"<tev:PullMessagesResponse>{times}{''.join(found)}</tev:PullMessagesResponse>"

    def _SetSynchronizationPoint(self) -> str:  # noqa: N802
        return "<tev:SetSynchronizationPointResponse/>"

    def _Unsubscribe(self) -> str:  # noqa: N802
        return "<wsnt:UnsubscribeResponse/>"


def profile(token: str, codec: str, width: int, height: int, fps: int) -> str:
    return (
        f'<trt:Profiles token="{token}" fixed="true"><tt:Name>{token}</tt:Name>'
        f'<tt:VideoEncoderConfiguration token="e-{token}"><tt:Name>e</tt:Name><tt:UseCount>1</tt:UseCount>'
        f"<tt:Encoding>{codec}</tt:Encoding><tt:Resolution><tt:Width>{width}</tt:Width><tt:Height>{height}"
        f"</tt:Height></tt:Resolution><tt:Quality>4</tt:Quality><tt:RateControl><tt:FrameRateLimit>{fps}"
        "</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>2048</tt:BitrateLimit>"
        "</tt:RateControl></tt:VideoEncoderConfiguration></trt:Profiles>"
    )


def spell(space: str, **values: str) -> str:
    return "".join(f"<{space}:{name}>{value}</{space}:{name}>" for name, value in values.items())


def fault(code: str, words: str) -> str:
    subcode = f"<s:Subcode><s:Value>{code}</s:Value></s:Subcode>"
    reason = f'<s:Reason><s:Text xml:lang="en">{words}</s:Text></s:Reason>'
    return f"<s:Fault><s:Code><s:Value>s:Sender</s:Value>{subcode}</s:Code>{reason}</s:Fault>"


def is_known(body: str) -> bool:
    """Whether the question bears the user's name and the digest of the password (WS-UsernameToken)."""

    def told(name: str) -> str:
        found = re.search(rf"<(?:\w+:)?{name}\b[^>]*>([^<]*)<", body)
        return found[1] if found else ""

    spice = base64.b64decode(told("Nonce")) + told("Created").encode() + PASSWORD.encode()
    digest = base64.b64encode(hashlib.sha1(spice).digest()).decode()
    return told("Username") == USER and told("Password") == digest


@contextmanager
def soap() -> Iterator[Soap]:
    """Such a camera, listening."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            return

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            found = re.search(r"<(?:[\w-]+:)?Body[^>]*>\s*<(?:[\w-]+:)?(\w+)", body)
            question = found[1] if found else ""
            told.asked.append((question, body))
            if told.down:
                self.close_connection = True
                return
            said = told.body(question)
            inside = "" if said is not None else told.answer(question, body)
            data = said
            if data is None:
                data = f"<s:Envelope {SPACES}><s:Body>{inside}</s:Body></s:Envelope>".encode()
            self.send_response(307 if told.redirect else 400 if inside.startswith("<s:Fault") else 200)
            if told.redirect:
                self.send_header("Location", told.redirect)
            self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            try:
                self.wfile.write(data)
            except OSError:
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told = Soap(server.server_port)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
