"""Detectors as files: what a card says of each, and fetching, building, trying and judging them."""
