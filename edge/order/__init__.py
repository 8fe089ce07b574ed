"""Obeys the hub: checks that an order is really the hub's, carries it out once, and answers."""
