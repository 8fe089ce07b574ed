"""All routes in one app: guarded, bounded, and the pages below everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from hub.api import (
    alerts,
    areas,
    businesses,
    calendar,
    cases,
    components,
    coverage,
    edge,
    filing,
    ground,
    groups,
    handovers,
    health,
    imports,
    leaves,
    letters,
    live,
    market,
    media,
    notices,
    oidc,
    orders,
    pages,
    patrol,
    people,
    phone,
    plans,
    rebuild,
    recordings,
    refusal,
    registers,
    relay,
    rights,
    rosters,
    rotations,
    scenes,
    session,
    sessions,
    setup,
    silences,
    sos,
    tasks,
    tries,
    turning,
    turns,
    wall,
    workrooms,
)
from hub.api.early import Early
from hub.api.guard import every_route
from hub.api.headers import SecurityHeaders
from hub.api.measure import Measure, times

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from fastapi import APIRouter

    from hub.api.parts import Parts

PAGES = (
    session,
    market,
    plans,
    rebuild,
    coverage,
    filing,
    wall,
    live,
    turning,
    alerts,
    cases,
    media,
    recordings,
    relay,
    orders,
    scenes,
    tries,
    letters,
    rights,
    sessions,
    setup,
    people,
    areas,
    registers,
    components,
    workrooms,
    rosters,
    leaves,
    handovers,
    tasks,
    groups,
    turns,
    rotations,
    calendar,
    businesses,
    imports,
    ground,
    oidc,
    sos,
    notices,
    silences,
    phone,
    patrol,
)
ROUTERS = tuple(module.router for module in (*PAGES, edge, health))


def build(
    parts: Parts | None,
    web: Path,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
    more: tuple[APIRouter, ...] = (),
    *,
    whole: bool = True,
) -> FastAPI:
    """The app that serves `parts`, with the built pages of `web` where there are any.

    Without parts it can only be described. Not `whole`, it answers for its health alone: a process that shows
    nothing to people.

    Raises:
        TypeError: a route has no guard.
    """
    app = FastAPI(
        title="Lianfang",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.parts, app.state.times = parts, times()
    built = (web / "index.html").is_file()
    shown = (*ROUTERS, *(() if built else (health.unbuilt,))) if whole else (health.router,)
    phone = (pages.phone(web),) if whole and (web / pages.PHONE).is_file() else ()
    for router in (*shown, *phone, *more):
        app.include_router(router)
    for path, _, guards in every_route(app):
        if not guards:
            raise TypeError(f"{path} has no guard")
    refusal.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Measure, times=app.state.times)
    app.add_middleware(Early, times=app.state.times)
    app.add_middleware(SecurityHeaders)
    if whole and built:
        app.frontend("/", directory=web, fallback="index.html")
    return app
