"""The outside world, seen through the ports."""
