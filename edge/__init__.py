"""Sees and says: one process tree beside the cameras and patrol devices."""

VERSION = "0.1.0"
"""Of this program, as its beats tell it."""
