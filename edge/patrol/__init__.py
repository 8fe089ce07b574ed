"""A patrol terminal: readers of tags and printed codes, satellites, keys that call for help."""
