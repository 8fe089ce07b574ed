"""The rules: standard library and wire only; no I/O, and `now` is an argument."""
