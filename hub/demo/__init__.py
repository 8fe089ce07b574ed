"""The reference market as data: made by plain arithmetic, the same at every start."""
