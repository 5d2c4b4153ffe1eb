"""Flask and the layer in front of it."""
