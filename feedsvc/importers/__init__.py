"""What other tools watch or read, as wishes for sources."""

from feedsvc.importers.reading import read
from feedsvc.importers.wish import Wish

__all__ = ["Wish", "read"]
