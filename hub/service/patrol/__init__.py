"""Patrols: checkpoints and their codes, plans, rounds, visits, dangers found, and who walks alone."""
