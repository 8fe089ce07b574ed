"""`python -m hub serve` runs the hub; `python -m hub openapi` prints its interface."""

from __future__ import annotations

import json
import logging
import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer

from hub import config
from hub.api.build import build
from hub.app import HubError, serve
from hub.gear.broker import BrokerError

main = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@main.command("serve")
def serve_command(
    demo: Annotated[bool | None, typer.Option("--demo", help="Load the reference market.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of everything that is kept.")] = None,
    host: Annotated[str | None, typer.Option(help="Address that HTTP listens on.")] = None,
    port: Annotated[int | None, typer.Option(help="HTTP port; 0 takes a free one.")] = None,
    mqtt_port: Annotated[int | None, typer.Option(help="MQTT port; 0 takes a free one.")] = None,
    device_keys: Annotated[Path | None, typer.Option(help="Folder for the demo devices' keys.")] = None,
    database: Annotated[str | None, typer.Option(help="SQLAlchemy URL; SQLite below data if none.")] = None,
) -> None:
    """Serve until SIGINT or SIGTERM; prints one JSON line when ready."""
    given = {name: value for name, value in locals().items() if value is not None}
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    try:
        settings = config.read(**given)
        _log(settings.log_level)
        serve(settings)
    except (HubError, BrokerError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(1) from error


@main.command()
def openapi() -> None:
    """Print the HTTP interface as OpenAPI JSON."""
    sys.stdout.write(json.dumps(build(None, Path()).openapi(), ensure_ascii=False, indent=1) + "\n")


def _leave(_number: int, _frame: object) -> None:
    sys.exit(0)


def _log(level: str) -> None:
    """Lines on stderr, in colour for a person, as JSON for a program."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    person = sys.stderr.isatty()
    shown = (
        structlog.dev.ConsoleRenderer() if person else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    last: list[Any] = [] if person else [structlog.processors.format_exc_info]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last, shown],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # Library chatter below a warning says nothing to whoever runs a market.
    logging.getLogger("alembic").setLevel(logging.WARNING)


if __name__ == "__main__":
    main()
