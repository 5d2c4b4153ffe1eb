"""Draft → Entry."""
