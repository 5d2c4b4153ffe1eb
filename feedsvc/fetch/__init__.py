"""A page in, politely and safely."""

from feedsvc.fetch.client import Client
from feedsvc.fetch.decoding import page_from_bytes
from feedsvc.fetch.default import fetch
from feedsvc.fetch.guard import Target, allowed_pair, check_addresses, check_url
from feedsvc.fetch.politeness import HostTurns
from feedsvc.fetch.robots import RobotsVerdict
from feedsvc.fetch.settings import FetchSettings

__all__ = [
    "Client",
    "FetchSettings",
    "HostTurns",
    "RobotsVerdict",
    "Target",
    "allowed_pair",
    "check_addresses",
    "check_url",
    "fetch",
    "page_from_bytes",
]
