"""The ground of four markets: the reference, a small one, an irregular one and a large one.

Each is the same at every call.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hub.demo.irregular import irregular
from hub.demo.site import Site, laid

if TYPE_CHECKING:
    from hub.core.ground import Ground

__all__ = ["LARGE", "REFERENCE", "SMALL", "irregular", "large", "reference", "small"]

REFERENCE = Site(
    width=320.0,
    height=200.0,
    columns=(96.0, 104.0, 88.0),
    rows=(88.0, 92.0),
    fronts=(3.6, 4.2, 4.8, 4.3, 3.7, 5.3),
    depths=(4.6, 4.2, 5.0, 4.6, 4.4, 5.0),
    seed=13,
)
SMALL = Site(76.0, 50.0, (62.0,), (38.0,), (5.8,), (4.6,), seed=3, street=6.0)
LARGE = replace(
    REFERENCE, width=446.0, height=416.0, columns=(98.0, 106.0, 94.0, 98.0), rows=(94.0, 92.0, 94.0, 92.0)
)


def reference() -> Ground:
    """The market of the demo: six halls, about 1,800 stalls, ten gates, 64,000 m2."""
    return laid(REFERENCE)


def small() -> Ground:
    """One hall of 60 stalls."""
    return laid(SMALL)


def large() -> Ground:
    """Sixteen halls, about 5,000 stalls."""
    return laid(LARGE)
