"""A page in, politely and safely."""
