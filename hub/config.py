"""The hub's settings: environment variables that begin with LIANFANG_, or values given by the command.

An unknown LIANFANG_ variable is refused with the nearest known name, since a misspelt limit is no limit.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "LIANFANG_"
ROOT = Path(__file__).parent.parent


class Settings(BaseSettings):
    """Every setting, with its default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data: Path = Field(default=ROOT / "data", description="Folder of database, files, broker store and keys.")
    host: str = Field(default="127.0.0.1", description="Address that HTTP listens on.")
    port: int = Field(default=8080, ge=0, le=65_535, description="HTTP port; 0 takes a free one.")
    mqtt_port: int = Field(
        default=1883, ge=0, le=65_535, description="MQTT port on loopback; 0 takes a free one."
    )
    gear: Literal["mqtt", "jetstream"] = Field(
        default="mqtt",
        description="How devices are heard: mqtt, by one process and any broker; jetstream, by any number.",
    )
    broker: str = Field(
        default="",
        description="mqtt://host:1883 of a broker elsewhere, with commas nats://host:4222; empty: a child.",
    )
    broker_password: str = Field(default="", repr=False, description="The hub's own at a broker elsewhere.")
    broker_store_mb: int = Field(
        default=1024, ge=8, le=1_000_000, description="Most megabytes that the broker keeps for the hub."
    )
    stream_replicas: int = Field(
        default=1, ge=1, le=5, description="Servers that keep what waits in JetStream; 3 in a cluster."
    )
    markets: str = Field(
        default="",
        max_length=4_000,
        description="Markets that this process ingests, with commas; empty: every one.",
    )
    database: str = Field(default="", description="SQLAlchemy URL; empty is SQLite below data.")
    market: str = Field(default="yunda", description="The market that this hub serves.")
    demo: bool = Field(default=False, description="Load the reference market and its log-ins.")
    device_keys: Path | None = Field(default=None, description="Folder for the demo devices' keys.")
    web: Path = Field(default=ROOT / "hub" / "web" / "dist", description="The built pages.")
    logins_per_minute: int = Field(
        default=10, ge=1, le=1_000, description="Tries for one name from one address."
    )
    logins_per_second: int = Field(
        default=5, ge=1, le=1_000, description="Tries in all by names that are new at their address."
    )
    media: str = Field(
        default="", description="s3://bucket/prefix for stills and clips; empty: a folder below data."
    )
    media_endpoint: str = Field(default="", description="https://host of the S3 API; empty: Amazon's own.")
    media_region: str = Field(default="us-east-1", description="Region, as the S3 API names it.")
    media_key: str = Field(default="", description="Access key id; empty: what the machine itself is given.")
    media_secret: str = Field(default="", repr=False, description="Secret of the access key.")
    stills_mb: int = Field(default=64, ge=1, le=1_024, description="Most memory for live stills.")
    tls: Literal["auto", "own", "off"] = Field(
        default="auto",
        description="HTTPS by the house's own authority; auto: unless only this machine can reach it.",
    )
    tls_certificate: Path | None = Field(default=None, description="The owner's certificate chain, PEM.")
    tls_key: Path | None = Field(default=None, description="The key of the owner's certificate, PEM.")
    names: str = Field(
        default="", max_length=1_000, description="Names and addresses of the hub for people, with commas."
    )
    plain_port: int = Field(
        default=8090, ge=-1, le=65_535, description="HTTP port that tells how to trust the HTTPS; -1: none."
    )
    disk_free_mb: int = Field(
        default=512, ge=1, le=1_000_000, description="With less room than this for data the hub is not ready."
    )
    orders_key: Path | None = Field(
        default=None,
        description="Key that signs what devices are told, PEM, made at first start; "
        "empty: keys/orders.pem below data. Several hubs of one database share it.",
    )
    patrol_key: Path | None = Field(
        default=None,
        description="Key that signs the codes of checkpoints, made at first start; "
        "empty: keys/patrol.key below data. Several hubs of one database share it.",
    )
    oidc_issuer: str = Field(
        default="",
        max_length=500,
        description="https:// address of the organisation's OpenID Connect.",
    )
    oidc_client_id: str = Field(default="", max_length=200, description="The hub's name there.")
    oidc_client_secret: str = Field(default="", repr=False, description="The hub's secret there, if any.")
    mail_url: str = Field(
        default="",
        repr=False,
        description="mailtos://user:password@server?from=address by which notices go as e-mail; empty: none.",
    )
    robots: str = Field(
        default="wecom,dingtalk,feishu",
        max_length=1_000,
        description="Chat robots for notices, with commas; kind=https://host for a private one.",
    )
    gateways: Path | None = Field(
        default=None,
        description="TOML file of the HTTP gateways for text messages, voice calls and sirens.",
    )
    push_key: Path | None = Field(
        default=None,
        description="Key by which push services know this hub, PEM, made at first start; "
        "empty: keys/vapid.pem below data. Several hubs of one database share it.",
    )
    push_contact: str = Field(
        default="mailto:hub@lianfang.example",
        pattern="^(mailto:|https://)",
        max_length=200,
        description="mailto: or https: address at which a push service reaches whoever runs this hub.",
    )
    push_hosts: str = Field(
        default="",
        max_length=1_000,
        description="Push services that are trusted besides the browsers' own, with commas.",
    )
    heartbeat_url: str = Field(
        default="",
        repr=False,
        description="Asked for once a minute while all is well; empty: nobody outside.",
    )
    secure_cookie: bool = Field(default=False, description="Send the log-in cookie by HTTPS only.")
    log_level: str = Field(
        default="info", pattern="^(debug|info|warning|error)$", description="Least level logged."
    )

    @model_validator(mode="after")
    def _whole_pair(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("give tls_certificate and tls_key together")
        return self

    @model_validator(mode="after")
    def _whole_oidc(self) -> Self:
        if bool(self.oidc_issuer) != bool(self.oidc_client_id):
            raise ValueError("give oidc_issuer and oidc_client_id together")
        return self

    @property
    def database_url(self) -> str:
        """The URL to open."""
        return self.database or f"sqlite:///{self.data / 'hub.db'}"

    @property
    def served(self) -> tuple[str, ...]:
        """Markets that this process ingests; none is every one."""
        return tuple(filter(None, (name.strip() for name in self.markets.split(","))))

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the pages."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def read(**given: Any) -> Settings:
    """What was given, over the environment, over the defaults.

    Raises:
        ValueError: a setting is unknown or out of its range; the sentence names it.
    """
    refuse_unknown()
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"setting {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def refuse_unknown(environment: Mapping[str, str] = os.environ) -> None:
    """Refuse LIANFANG_ variables that no setting has.

    Raises:
        ValueError: with the name and the nearest known one.
    """
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for name in environment:
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ValueError(f"no setting is called {name}{hint}")
