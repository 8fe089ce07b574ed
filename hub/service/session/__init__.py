"""Sessions: how somebody's log-in begins, lives and ends."""
