"""`python -m hub` runs the whole hub; `python -m hub api`, `ingest` and `timer` run its roles apart."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from wire.memory import bound_arenas, return_large, unsearched

with unsearched():
    import typer

    from hub import config
    from hub.api.build import build
    from hub.app import HubError, keep, log, serve
    from hub.gear.broker import BrokerError
    from hub.gear.certificate import CertificateError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.app import Role
    from hub.config import Settings

PORTS = {"ingest": 8081, "timer": 8082}
"""Where roles that show nothing to people answer for their health, if no port is given."""

main = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Data = Annotated[Path | None, typer.Option(help="Folder of everything that is kept.")]
Host = Annotated[str | None, typer.Option(help="Address that HTTP listens on.")]
Port = Annotated[int | None, typer.Option(help="HTTP port; 0 takes a free one.")]
MqttPort = Annotated[int | None, typer.Option(help="MQTT port; 0 takes a free one.")]
BackupFile = Annotated[Path, typer.Argument(help="The backup, a zip file.")]
Database = Annotated[str | None, typer.Option(help="SQLAlchemy URL; SQLite below data if none.")]


@main.callback(invoke_without_command=True)
def whole(context: typer.Context) -> None:
    """Lianfang's hub. Without a command: serve."""
    if context.invoked_subcommand is None:
        _run("serve", {})


@main.command("serve")
def serve_command(
    demo: Annotated[bool | None, typer.Option("--demo", help="Load the reference market.")] = None,
    data: Data = None,
    host: Host = None,
    port: Port = None,
    mqtt_port: MqttPort = None,
    device_keys: Annotated[Path | None, typer.Option(help="Folder for the demo devices' keys.")] = None,
    database: Database = None,
) -> None:
    """Serve everything until SIGINT or SIGTERM; prints one JSON line when ready."""
    _run("serve", locals())


@main.command()
def api(data: Data = None, host: Host = None, port: Port = None, database: Database = None) -> None:
    """Serve pages and devices' HTTP only; any number may run."""
    _run("api", locals())


@main.command()
def ingest(
    data: Data = None,
    host: Host = None,
    port: Port = None,
    mqtt_port: MqttPort = None,
    database: Database = None,
) -> None:
    """Take what the devices say by the broker."""
    _run("ingest", locals())


@main.command()
def timer(data: Data = None, host: Host = None, port: Port = None, database: Database = None) -> None:
    """Do what falls due; any number may run."""
    _run("timer", locals())


@main.command()
def move(
    to: Annotated[str, typer.Option(help="URL of an empty database, such as postgresql+psycopg://…")],
    data: Data = None,
    database: Database = None,
) -> None:
    """Move everything into another database; the hub must not run. Stopped, it goes on when called again."""
    _keep(data, database, lambda settings: keep.move_to(settings, to))


@main.command()
def backup(file: BackupFile, data: Data = None, database: Database = None) -> None:
    """Write everything that the database keeps into one file; the hub may run."""
    _keep(data, database, lambda settings: keep.back_up(settings, file))


@main.command()
def restore(file: BackupFile, data: Data = None, database: Database = None) -> None:
    """Write a backup into an empty database, and check it and its media files."""
    _keep(data, database, lambda settings: keep.restore_from(settings, file))


@main.command()
def openapi() -> None:
    """Print the HTTP interface as OpenAPI JSON."""
    sys.stdout.write(json.dumps(build(None, Path()).openapi(), ensure_ascii=False, indent=1) + "\n")


def _run(role: Role, words: dict[str, Any]) -> None:
    given = {name: value for name, value in words.items() if value is not None}
    if role in PORTS and not os.environ.get(f"{config.PREFIX}PORT"):
        given.setdefault("port", PORTS[role])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    bound_arenas()
    return_large()
    try:
        settings = config.read(**given)
        log.set_up(settings.log_level)
        serve(settings, role)
    except (HubError, BrokerError, CertificateError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(1) from error


def _keep(data: Path | None, database: str | None, act: Callable[[Settings], None]) -> None:
    given = {name: value for name, value in (("data", data), ("database", database)) if value is not None}
    try:
        act(config.read(**given))
    except (HubError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(1) from error
    except KeyboardInterrupt as error:
        sys.stderr.write("stopped; the same command goes on or begins again\n")
        raise typer.Exit(130) from error


def _leave(_number: int, _frame: object) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
