"""What the world sees: feeds, pages, health."""

from feedsvc.web.application import create_app

__all__ = ["create_app"]
