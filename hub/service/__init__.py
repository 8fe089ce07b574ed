"""The acts: one function, one act, one line in the ledger. None of them commits."""
