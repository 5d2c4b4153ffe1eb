"""A way in to a source's releases, with the evidence by which one is preferred over another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from feedsvc.model.draft import Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One way in: what a scrape would fetch, and what it would find there now."""

    #: What kind of source it makes: "feed", "wordpress", "json", "html", "sitemap" (``Source.kind``).
    kind: str
    #: Address that each scrape fetches.
    url: str
    #: What was found there; empty with a reason where it could not be tried.
    listing: Listing
    #: Share of items (0 to 1) that have a title, a date, a summary, an image, a body: by field name.
    fill: Mapping[str, float] = field(default_factory=dict)
    #: Requests that a first scrape costs: the listing, and each release page whose body the listing lacks.
    requests: int = 1
    #: Share of the page's own list that this way shows too; None where the page shows no list.
    agreement: float | None = None
    #: 0 to 1; the best plan is used unless another is pinned.
    score: float = 0.0
    #: What robots.txt says of ``url``: "allowed", "refused", or "" where it was not asked.
    robots: str = ""
    #: A remark for admins: "the site's own feed, full text".
    note: str = ""
