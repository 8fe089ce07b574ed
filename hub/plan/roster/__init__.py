"""Rosters: the rotation of ten-shop groups, the guards of a workroom, and who covers when one is sick."""
