"""The nouns of feedsvc: frozen values, standard library only."""

from feedsvc.model.draft import Draft, Found, FoundMedia, Listing, ListingItem, Refusal
from feedsvc.model.entry import Entry, Media, Precision, Provenance, StoredEntry, When
from feedsvc.model.feed import Feed, FeedRef, Format, Rendering
from feedsvc.model.filter import Filter
from feedsvc.model.page import NotModified, Page, Validators
from feedsvc.model.plan import Plan
from feedsvc.model.push import Webhook
from feedsvc.model.source import DEFAULT_CATEGORY, Cadence, Category, ReleaseRules, Rules, Source, segment

__all__ = [
    "DEFAULT_CATEGORY",
    "Cadence",
    "Category",
    "Draft",
    "Entry",
    "Feed",
    "FeedRef",
    "Filter",
    "Format",
    "Found",
    "FoundMedia",
    "Listing",
    "ListingItem",
    "Media",
    "NotModified",
    "Page",
    "Plan",
    "Precision",
    "Provenance",
    "Refusal",
    "ReleaseRules",
    "Rendering",
    "Rules",
    "Source",
    "StoredEntry",
    "Validators",
    "Webhook",
    "When",
    "segment",
]
