"""One true message of every kind, for the tests of the wire and of whoever speaks it."""

from __future__ import annotations

from datetime import UTC, datetime

from wire import message as m

AT = datetime(2026, 3, 4, 21, 15, 8, 250_000, tzinfo=UTC)
ID = "01920000-0000-7000-8000-000000000001"
EPOCH = "01920000-0000-7000-8000-0000000000ee"
SHA = "ab" * 32

EVENT = m.Event(
    event=ID,
    phase="update",
    kind="crowd",
    camera="c-2-01",
    began=AT,
    at=AT,
    score=0.82,
    zone="square",
    boxes=(m.Box(left=10, top=20, width=30, height=70, label="person", score=0.9, track=7),),
    count=8,
    seconds=12.5,
    reason="八人以上",
)
BODIES: tuple[m.Up, ...] = (
    EVENT,
    m.Manifest(
        event=ID,
        camera="c-2-01",
        began=AT,
        ended=AT,
        media=(m.MediaRef(role="still", sha256=SHA, size=48_000, type="image/jpeg"),),
    ),
    m.Scan(checkpoint="p-3", by="nfc", round=ID),
    m.Scan(by="qr", code="LF:1:p-3:7:c2lnbmVk", position=m.Position(29.33, 120.08, 4.5)),
    m.Sos(call=ID, button="panic", note="二楼", position=m.Position(29.33, 120.08)),
    m.State(online=False, reason="last will"),
    m.Beat(
        uptime_s=61.5,
        rss_mb=180.25,
        queued=3,
        dropped=0,
        cameras=(m.CameraHealth(camera="c-2-01", state="live", since=AT, fps=4.9),),
        given_up=(m.Range(epoch=EPOCH, first=4, last=9),),
        twin=m.Twin(version=3, digest=SHA, firmware="0.1.0", error="c-2-01 stayed dark"),
    ),
    m.Reply(to=ID, outcome="refused", reason="expired"),
    m.Reply(to=ID, outcome="rolled-back", reason="c-2-01 stayed dark", version=3),
)


def envelope(body: m.Up, seq: int | None = 1) -> m.Envelope:
    return m.Envelope(
        v=m.VERSION,
        id=ID,
        device="edge-west",
        epoch=EPOCH,
        at=AT,
        mono_ms=61_500,
        clock=m.Clock(source="ntp", offset_ms=-3.5),
        prio="p2",
        body=body,
        seq=seq,
    )
