"""feedsvc watches pages that have no feed and publishes them as feeds that people and machines can trust."""

__version__ = "0.1.0"
