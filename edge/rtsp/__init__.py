"""Serves video files as real RTSP cameras, for the demo, tests and drills: `python -m edge.rtsp`."""
