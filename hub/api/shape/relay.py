"""What a page that looks live says and hears."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hub.api.shape.base import Given, Slug

MOST_STREAMS = 32


class Stream(Given):
    """One of a camera's two streams."""

    camera: Slug
    main: bool = False


class Watch(Given):
    """All that the page watches from now on; `csrf` came with its session."""

    csrf: Annotated[str, Field(max_length=100)]
    streams: Annotated[list[Stream], Field(max_length=MOST_STREAMS)]
