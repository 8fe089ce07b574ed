"""Rounds over checkpoints: the shortest lap on foot, and a mix of laps that nobody can foresee."""
