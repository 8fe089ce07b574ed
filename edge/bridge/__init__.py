"""What speaks to cameras and platforms of other makers in their own tongue."""
