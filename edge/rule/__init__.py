"""What counts as an event: one file a kind.

Tracks in, changes out; time is an argument, and nothing is read or written.
"""
