"""Sees and says: one process tree beside the cameras and patrol devices."""
