"""Pages at an address of their own: a phone opens its page there, whatever follows the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Depends
from fastapi.responses import FileResponse

from hub.api.guard import Guarded, Public

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import APIRouter

PHONE = "phone.html"


def phone(web: Path) -> APIRouter:
    """The routes of the phone's page, which `web` holds."""
    router = Guarded(most=0)

    @router.get("/phone", dependencies=[Depends(Public())], include_in_schema=False)
    @router.get("/phone/{rest:path}", dependencies=[Depends(Public())], include_in_schema=False)
    def page() -> FileResponse:
        """The page of a phone."""
        return FileResponse(web / PHONE, media_type="text/html")

    return router
