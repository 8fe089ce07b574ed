"""What people were told, the channels that reach them, and silences."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from hub.api.shape.base import Given, Pair, Shown, Slug, When, Words
from hub.core.text import clean

Kind = Literal["push", "email", "sms", "voice", "wecom", "dingtalk", "feishu"]
OfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""22:00, of the market's own day."""


class Notice(Shown):
    """Something that the person was told."""

    id: str
    subject: str
    """`alert/<id>`, `case/<id>` and the like."""
    step: str
    severity: int
    at: When
    read_at: When | None
    words: Pair
    sent: list[Sent]
    """By which ways it went out, best first; none where the person has no channel."""


class Sent(Shown):
    """What became of it on one way."""

    kind: str
    state: Literal["waiting", "sent", "failed", "dropped"]
    at: When | None
    """When it was sent or given up; of one that waits, when it goes."""
    why: Pair | None


Notice.model_rebuild()


class Notices(Shown):
    """The person's own, unread first, each part newest first."""

    unread: int
    notices: list[Notice]


class Push(Shown):
    """What a browser needs to subscribe; an empty key: this hub pushes nothing."""

    key: str
    """VAPID public key, base64url (RFC 8292): `applicationServerKey`."""
    best_effort: Pair
    """To be shown beside the switch."""


class Channel(Shown):
    """One way to the person."""

    id: str
    kind: Kind
    name: Pair
    shown: str
    """Most of the address left out."""
    sure: bool
    """False: best effort."""
    verified: bool
    made_at: When
    good_at: When | None
    failed_at: When | None
    why: Pair | None
    """Why it was last given up on."""


class Offer(Shown):
    """A kind of channel that can be added here, and what address it asks for."""

    kind: Kind
    name: Pair
    sure: bool
    asks: Pair | None
    """How its address is asked for; None: by the browser itself."""


class QuietHours(Given):
    """Between these times nothing comes that can wait; urgent and high always come."""

    begins: OfDay
    ends: OfDay


class Channels(Shown):
    """How this person is reached."""

    channels: list[Channel]
    offers: list[Offer]
    lacking: Pair | None
    """What is missing for an urgent alert to arrive by two independent ways; None: nothing."""
    quiet: QuietHours | None
    best_effort: Pair


class Keys(Given):
    """Of a browser's subscription, base64url."""

    p256dh: Annotated[str, Field(max_length=100)]
    auth: Annotated[str, Field(max_length=30)]


class Subscription(Given):
    """As `PushSubscription.toJSON()` gives it."""

    endpoint: Annotated[str, Field(max_length=1000)]
    keys: Keys
    expirationTime: float | None = None  # noqa: N815 - the browser's own word


class ChannelGiven(Given):
    """A new channel: an address, or of a browser its subscription."""

    kind: Kind
    address: Annotated[str | None, AfterValidator(lambda text: clean(text) if text else text)] = Field(
        default=None, max_length=200
    )
    subscription: Subscription | None = None


class Code(Given):
    """The six digits that came by the channel."""

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class QuietGiven(Given):
    """Quiet hours, or none."""

    quiet: QuietHours | None


class SilenceGiven(Given):
    """Tell nobody of a camera's alerts, of one kind if given, until then; urgent ones come all the same."""

    camera: Slug
    kind: Annotated[str | None, Field(pattern="^[a-z_]{1,40}$")] = None
    reason: Words
    until: AwareDatetime


class Silence(Shown):
    """One that holds, or has ended."""

    id: str
    camera: Slug
    place: Pair
    kind: str | None
    owner: Pair
    reason: str
    begins: When
    until: When
    holds: bool
