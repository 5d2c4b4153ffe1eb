"""The admin's desk: one blueprint a page."""

from feedsvc.web.admin.adding import adding
from feedsvc.web.admin.categories import categories
from feedsvc.web.admin.entries import entries
from feedsvc.web.admin.entry import entry
from feedsvc.web.admin.health import health
from feedsvc.web.admin.kept import kept
from feedsvc.web.admin.overview import overview
from feedsvc.web.admin.readers import readers
from feedsvc.web.admin.repair import repair
from feedsvc.web.admin.rules import rules
from feedsvc.web.admin.saved import saved
from feedsvc.web.admin.schedule import schedule
from feedsvc.web.admin.settings import settings
from feedsvc.web.admin.signing import signing
from feedsvc.web.admin.source import source
from feedsvc.web.admin.tokens import tokens

ADMIN = (
    signing, overview, adding, source, rules, schedule, kept, repair,
    entries, entry, categories, saved, readers, health, settings, tokens,
)  # fmt: skip

__all__ = ["ADMIN"]
