"""Shapes of what pages send and get; the pages' types are made from them."""

from hub.api.shape.base import Given, Name, Pair, Problem, Shown, Words

__all__ = ["Given", "Name", "Pair", "Problem", "Shown", "Words"]
