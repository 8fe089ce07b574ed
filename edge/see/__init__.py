"""Seeing: pictures in, values out; nothing is read or written but the detector's own file."""
