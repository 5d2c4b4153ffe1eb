"""A news centre of our own, for a first look."""
