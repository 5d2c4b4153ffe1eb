"""Entries with revisions, sources with state, history, snapshots, renderings."""
