"""What counts as an event: one file a kind.

A scene in, changes out; time is an argument, and nothing is read or written.
"""
