"""Knows and acts: market, duty, patrol, alerts, cases, evidence."""
