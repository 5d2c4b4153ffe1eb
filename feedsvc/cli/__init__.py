"""The command line: what people and scripts type."""

from feedsvc.cli.main import main

__all__ = ["main"]
