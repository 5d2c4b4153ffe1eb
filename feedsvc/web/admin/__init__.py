"""The admin's desk: one blueprint a page."""

from feedsvc.web.admin.adding import adding
from feedsvc.web.admin.entry import entry
from feedsvc.web.admin.overview import overview
from feedsvc.web.admin.schedule import schedule
from feedsvc.web.admin.signing import signing
from feedsvc.web.admin.source import source

ADMIN = (signing, overview, adding, source, schedule, entry)

__all__ = ["ADMIN"]
