"""Recordings run through drawn rules, to tune them without waiting; nothing found here is an event."""
