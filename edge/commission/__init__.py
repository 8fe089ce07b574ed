"""A camera is looked at before it is relied on: what is good, what to change and how."""
