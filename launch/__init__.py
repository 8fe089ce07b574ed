"""What a fresh machine needs: set-up with visible progress, and every process of `make run` in one place."""
