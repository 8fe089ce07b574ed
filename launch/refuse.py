"""How this room says no."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - a sentence for the person at the keyboard
    """It cannot go on; the text says why and what to do."""


class Broken(Exception):  # noqa: N818 - an outcome that is tried again
    """A download or a program ended badly; the text is its last word."""


class Skipped(Exception):  # noqa: N818 - a step that may be missing
    """A step that can be done without; the text says what will be missing and how to get it."""


class Stopped(Exception):  # noqa: N818 - the person's own wish
    """Ctrl-C, SIGTERM or a closed terminal."""
