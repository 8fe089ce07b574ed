"""Plans of grids and groups: drawn up by solver or hand, submitted, approved by another, applied, undone.

cut: who is where, before and after · draw: drafts · solved: what the solver is asked and what it made · hand:
moves by hand · decide: submit, approve, reject · apply: from paper to the market, and back · page: as shown.
"""
