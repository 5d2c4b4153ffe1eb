"""A website with bad days, on loopback: real HTTP and the real client under names that no resolver knows."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape

from feedsvc.fetch import Client, FetchSettings
from feedsvc.lexicon.pagelooks import Look
from feedsvc.model import NotModified, Page, Validators
from tests.support.bad_days import Row, View
from tests.support.sites import Reply, Site, Visit

LISTING = "https://n.example/news/"
#: How a list, and each of its items, can be marked up.
LAYOUTS = {
    "list": (
        '<ul class="list">{}</ul>',
        '<li class="item"><h3><a href="{url}">{title}</a></h3><span class="date">{date}</span></li>',
    ),
    "table": ("<table><tbody>{}</tbody></table>", '<tr><td>{date}</td><td><a href="{url}">{title}</a></td></tr>'),
    "cards": (
        '<div class="grid">{}</div>',
        (
            '<article class="card"><a href="{url}"><img src="/teaser.png" alt=""><h2>{title}</h2></a>'
            '<p>What it is about, in a sentence.</p><time datetime="{date}">{date}</time></article>'
        ),
    ),
}
#: What stands on a page of each look: its title and its text.
WALLS = {
    Look.EMPTY: ("", ""),
    Look.LOGIN: ("Log in", "<form><p>Please log in to continue.</p><input name=user><input type=password></form>"),
    Look.CHALLENGE: ("Just a moment...", "<p>Verify you are human by completing the action below.</p>"),
    Look.ERROR: ("Error", "<p>An unexpected error occurred. Internal server error.</p>"),
    Look.MAINTENANCE: ("Maintenance", "<p>We are down for scheduled maintenance and will be right back.</p>"),
    Look.NOT_FOUND: ("Page not found", "<p>The page you are looking for does not exist. Popular pages:</p>"),
    Look.APP_SHELL: ("News", "<div id=app></div><noscript>You need to enable JavaScript.</noscript><p>Loading...</p>"),
    Look.CONSENT: ("Before you continue", "<p>We value your privacy. Accept all cookies?</p>"),
    Look.BLOCKED: ("Access denied", "<p>Access to this page has been denied. Your IP has been blocked.</p>"),
    Look.PAYWALL: ("Subscribers only", "<p>Subscribe to continue reading. Already a subscriber?</p>"),
    Look.PARKED: ("n.example", "<p>This domain may be for sale. Buy this domain.</p>"),
}


HTML = "text/html; charset=utf-8"
#: How a listing can be served, and its media type.
FORMS = {
    "html": HTML,
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json feed": "application/feed+json",
    "wordpress": "application/json",
    "state": HTML,
    "json": "application/json",
}


def in_form(form: str, rows: Sequence[Row]) -> str:
    """A listing as machines read it."""
    if form == "rss":
        items = "".join(
            f"<item><title>{escape(r.title)}</title><link>{escape(r.url)}</link><pubDate>{r.date}</pubDate></item>"
            for r in rows
        )
        return f"<?xml version='1.0'?><rss version='2.0'><channel><title>News</title>{items}</channel></rss>"
    if form == "atom":
        items = "".join(
            f"<entry><title>{escape(r.title)}</title><link href='{escape(r.url)}'/><published>{r.date}</published>"
            "</entry>"
            for r in rows
        )
        return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title>{items}</feed>"
    if form == "json feed":
        records = [{"id": r.url, "url": r.url, "title": r.title, "date_published": r.date} for r in rows]
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": records})
    if form == "wordpress":
        return json.dumps([{"link": r.url, "title": {"rendered": r.title}, "date": r.date} for r in rows])
    told = json.dumps({"page": {"news": [{"url": r.url, "headline": r.title, "date": r.date} for r in rows]}})
    if form == "json":
        return told
    return f"<html><body><div id=app></div><script type='application/json'>{told}</script></body></html>"


@dataclass
class Newsroom:
    """Answers every address: the listing as ``view`` has it, and a page for whatever it ever linked to."""

    site: Site
    now: datetime
    view: View = View(())  # noqa: RUF009 - a frozen value
    form: str = "html"
    rows: dict[str, Row] = field(default_factory=dict)
    #: Stories as their own pages tell them, whatever the listing says that day.
    truth: dict[int, Row] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.turn_back(self.now)

    def turn_back(self, now: datetime) -> None:
        """Another day, and a client that remembers nothing of what came after it."""
        self.now = now
        self._client = Client(
            FetchSettings(allow_targets=(self.site.pair,), host_interval=0.0),
            clock=lambda: self.now,
            monotonic=lambda: self.now.timestamp(),
        )

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def show(self, view: View) -> None:
        """What the listing shows from now on."""
        self.view = view
        self.rows.update({row.url: row for row in view.rows})

    # protocols.Fetcher

    def fetch(self, url: str, *, validators: Validators | None = None) -> Page | NotModified:
        """The page from loopback, under its own name."""
        path = "/" + urlsafe_b64encode(url.encode()).decode()
        self.site[path] = self._reply
        answer = self._client.fetch(f"{self.site.url}{path}", validators=validators)
        if isinstance(answer, NotModified):
            return replace(answer, url=url)
        return replace(answer, url=url, requested_url=url)

    def _reply(self, visit: Visit) -> Reply:
        url = urlsafe_b64decode(visit.path[1:]).decode()
        if url == LISTING:
            kind = HTML if self.view.look is not None else FORMS[self.form]
            body = (self._wall(self.view.look) if self.view.look is not None else self._listing()).encode()
            headers = {"Content-Type": kind, **dict(self.view.headers)}
            whole = body[: int(len(body) * self.view.share)]
            return Reply(whole, status=self.view.status, headers=tuple(headers.items()))
        return Reply(self._instead(self.rows.get(url)).encode(), status=self.view.release_status)

    def _wall(self, look: Look) -> str:
        title, text = WALLS[look]
        menu = "".join(f'<a href="{escape(row.url)}">{escape(row.title)}</a> ' for row in self.view.rows)
        return f"<html><head><title>{title}</title></head><body>{text}<nav>{menu}</nav></body></html>"

    def _listing(self) -> str:
        return self._html() if self.form == "html" else in_form(self.form, self.view.rows)

    def _html(self) -> str:
        whole, each = LAYOUTS[self.view.layout]
        items = "".join(
            each.format(url=escape(r.url), title=escape(r.title), date=escape(r.date)) for r in self.view.rows
        )
        return (
            "<html><head><title>News of the town</title></head><body><header><a href='/'>Home</a></header>"
            f"<main><h1>News</h1>{whole.format(items)}</main></body></html>"
        )

    def _instead(self, row: Row | None) -> str:
        """What the site answers for a release today."""
        shows = self.view.release_shows
        if isinstance(shows, Look):
            return self._wall(shows)
        if shows == "the listing":
            return self._html()
        return self._release(self.view.rows[3] if shows else row)

    def _release(self, row: Row | None) -> str:
        if row is not None and row.story is not None:
            row = self.truth.get(row.story, row)
        title, date = (row.title, row.date) if row is not None else ("A page", "")
        text = "".join(f"<p>{escape(title)}: paragraph {n} of what the council decided that day.</p>" for n in range(4))
        return (
            f"<html><head><title>{escape(title)}</title></head><body><article><h1>{escape(title)}</h1>"
            f'<p class="date">{escape(date)}</p>{text}</article></body></html>'
        )
