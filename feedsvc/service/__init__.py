"""Wiring of the rooms, and nothing else."""
