"""A small news centre of our own writing, and the configuration with which feedsvc watches it."""

from feedsvc.demo.configuration import write_configuration
from feedsvc.demo.server import SiteServer
from feedsvc.demo.site import Site

__all__ = ["Site", "SiteServer", "write_configuration"]
