"""What people see: home, a page for each feed and entry, search; and the list of feeds for their readers."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request

from feedsvc.model import FeedRef
from feedsvc.publish.address import entry_page_url, page_url
from feedsvc.service.facts import Catalogue
from feedsvc.service.feeds import FeedService
from feedsvc.web.allowance import allowance
from feedsvc.web.conditional import Coding, choose_coding
from feedsvc.web.gate import address
from feedsvc.web.prepared import Prepared
from feedsvc.web.security import ENTRY_POLICY
from feedsvc.web.view import EntryView, FeedLinks, Topic, days, topics

pages = Blueprint("pages", __name__)

PAGE_SIZE, LATEST, FOUND_MAX, WORDS_MAX, PAGES_MAX = 50, 30, 50, 200, 1000
#: Sources that the home page names; the list of all feeds has every one.
NAMED_MOST = 100
PAGE_MAX_AGE = 60
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ALL = FeedRef(kind="all")


def _feeds() -> FeedService:
    service: FeedService = current_app.extensions["feedsvc"].feeds
    return service


def _base(catalogue: Catalogue) -> str:
    return catalogue.settings.server.base_url.rstrip("/")


def public_page(template: str, catalogue: Catalogue, **facts: Any) -> Response:
    """A finished page with its own tag; browsers may keep it a minute."""
    base = _base(catalogue)
    everything = FeedLinks.of(base, _ALL, catalogue.title(_ALL))
    # assets by path alone: pages look right at any port and name, whatever address feeds are given
    root = urlsplit(base).path.rstrip("/")
    body = render_template(
        template, base=base, root=root, site=catalogue.settings.feeds.title, everything=everything, **facts
    )
    response = make_response(body)
    response.headers["Cache-Control"] = f"public, max-age={PAGE_MAX_AGE}"
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


@pages.get("/")
def home() -> Response:
    """Categories, the latest entries, and how to subscribe."""
    feeds = _feeds()
    known = feeds.catalogue
    latest = [EntryView.of(one, known) for one in feeds.history(_ALL, limit=LATEST)]
    return public_page("home.html", known, days=days(latest), topics=topics(known), **_sources(known))


@pages.get("/feeds/<path:path>", defaults={"kind": "feeds"})
@pages.get("/sources/<path:path>", defaults={"kind": "sources"})
def feed(kind: str, path: str) -> Response:
    """A feed's entries, its subtopics and its addresses; older entries on further pages."""
    feeds = _feeds()
    known = feeds.catalogue
    moved = known.gone.get(f"{kind}/{path}")
    if moved is not None:
        return redirect(f"{_base(known)}/{quote(moved)}", 301) if moved else abort(410)  # type: ignore[return-value]
    ref = known.find(f"{kind}/{path}")
    if ref is None:
        abort(404)
    number = _number(request.args.get("page", "1"))
    found = feeds.history(ref, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE)
    if number > 1 and not found:
        abort(404)
    views = [EntryView.of(one, known) for one in found[:PAGE_SIZE]]
    category = known.categories.get(ref.key) if ref.kind == "category" else None
    return public_page(
        "feed.html",
        known,
        feed=FeedLinks.of(_base(known), ref, known.title(ref)),
        description=category.description if category else "",
        is_source=ref.kind == "source",
        source=known.sources.get(ref.key) if ref.kind == "source" else None,
        parents=_parents(known, ref),
        topics=topics(known, below=ref.key) if ref.kind == "category" else [],
        days=days(views),
        number=number,
        has_more=len(found) > PAGE_SIZE,
    )


@pages.get("/entries/<uuid>")
def entry(uuid: str) -> Response:
    """One release, with the way to the original, which search engines are told to prefer."""
    feeds = _feeds()
    stored = feeds.entry(uuid) if _UUID.fullmatch(uuid) else None
    if stored is None:
        abort(404)
    if stored.merged_into is not None:
        return redirect(entry_page_url(_base(feeds.catalogue), stored.merged_into), 301)  # type: ignore[return-value]
    if stored.withdrawn_at is not None:
        abort(410)
    response = public_page("entry.html", feeds.catalogue, entry=EntryView.of(stored, feeds.catalogue))
    response.headers["Content-Security-Policy"] = ENTRY_POLICY
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@pages.get("/search")
def search() -> Response:
    """Entries that hold all the words; each search is work for the database, so they are limited."""
    if refusal := too_many("searches"):
        return refusal
    feeds = _feeds()
    words = " ".join(request.args.get("q", "")[:WORDS_MAX].split())
    found = feeds.search(words, limit=FOUND_MAX) if words else ()
    response = public_page(
        "search.html",
        feeds.catalogue,
        words=words,
        found=[EntryView.of(one, feeds.catalogue) for one in found],
        is_cut=len(found) == FOUND_MAX,
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def too_many(what: str) -> Response | None:
    """The refusal of a request beyond the allowance of its address for ``what``; None within it."""
    wait = allowance(what).wait(address())
    if not wait:
        return None
    answer = Response("Too Many Requests\n", status=429, content_type="text/plain; charset=utf-8")
    answer.headers["Retry-After"] = str(wait)
    return answer


@pages.get("/opml")
def opml() -> Response:
    """Every feed in one file, for import into a reader; conditional as feeds are."""
    rendering = _feeds().opml()
    coded = Prepared(rendering).coded(
        Coding.GZIP if choose_coding(request.headers.get("Accept-Encoding")) is not Coding.IDENTITY else Coding.IDENTITY
    )
    _, headers, body = coded.found
    response = Response(body)
    for name, value in headers:
        response.headers[name] = value
    return response.make_conditional(request)  # type: ignore[return-value]


@pages.get("/robots.txt")
def robots() -> Response:
    """Feeds, archives and pages are for everyone; searches are work without end."""
    return Response(
        "User-agent: *\nDisallow: /search\nDisallow: /admin/\nAllow: /\n", content_type="text/plain; charset=utf-8"
    )


def _number(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text) or int(text) > PAGES_MAX:
        abort(404)
    return int(text)


def _parents(known: Catalogue, ref: FeedRef) -> list[Topic]:
    parts = ref.key.split("/")[:-1] if ref.kind == "category" else []
    paths = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
    return [
        Topic(title=known.categories[path].title, href=page_url(_base(known), FeedRef(kind="category", key=path)))
        for path in paths
        if path in known.categories
    ]


def _sources(known: Catalogue) -> dict[str, Any]:
    """Links to the first sources by title, and how many more there are."""
    enabled = [(source.title or key, key) for key, source in known.sources.items() if source.is_enabled]
    named = sorted(enabled, key=lambda pair: pair[0].casefold()) if len(enabled) > NAMED_MOST else enabled
    return {
        "sources": [
            Topic(title=title, href=page_url(_base(known), FeedRef(kind="source", key=key)))
            for title, key in named[:NAMED_MOST]
        ],
        "more_sources": max(len(enabled) - NAMED_MOST, 0),
    }
