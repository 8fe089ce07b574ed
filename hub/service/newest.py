"""Pages of lists, newest first, from the index alone: a page costs the same however long the list is.

A list that shows what fulfils any of several conditions is walked once for each condition, every walk down
its own index and no further than a page; what the walks found is put together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, tuple_, union

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select, Subquery
    from sqlalchemy.orm import InstrumentedAttribute

    Row = Select[str, datetime]

Last = tuple["datetime", str]
"""Moment and id of the last row of the page before."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Down the index of `at` and `id` among the rows that fulfil `where`."""

    id: InstrumentedAttribute[str]
    at: InstrumentedAttribute[datetime]
    where: tuple[ColumnElement[bool], ...]
    join: tuple[Any, ColumnElement[bool]] | None = None
    """Another table on which a part of `where` hangs, and how it joins."""

    def page(self, last: Last | None, limit: int) -> Row:
        """Ids and moments of at most `limit` rows after the row `last`."""
        query = select(self.id.label("id"), self.at.label("at")).where(*self.where)
        if self.join is not None:
            query = query.join(*self.join)
        if last is not None:
            query = query.where(tuple_(self.at, self.id) < last)
        return query.order_by(self.at.desc(), self.id.desc()).limit(limit)


def newest(walks: Sequence[Walk], last: Last | None, limit: int) -> Subquery:
    """Ids (column `id`) of the `limit` newest rows after `last` that any of `walks` comes by."""
    pages = [select(walk.page(last, limit).subquery()) for walk in walks]
    if len(pages) == 1:
        return walks[0].page(last, limit).subquery()
    every = union(*pages).subquery()
    return select(every.c.id).order_by(every.c.at.desc(), every.c.id.desc()).limit(limit).subquery()
