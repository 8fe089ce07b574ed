"""Solvers: values in, a plan and its figures out; run by hub.solve in a process of its own."""
