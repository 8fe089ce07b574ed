"""Coverage: cameras as lenses, what they see as pages show it, what is blind now, and moving a camera."""
