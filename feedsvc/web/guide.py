"""What readers may want to know of the service itself: how to subscribe, and whether all is well."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from feedsvc.model import FeedRef
from feedsvc.publish.address import page_url
from feedsvc.service.feeds import FeedService
from feedsvc.service.public_status import public_status
from feedsvc.web.pages import public_page, too_many
from feedsvc.web.view import moment_words, topics

guide = Blueprint("guide", __name__)


def _feeds() -> FeedService:
    service: FeedService = current_app.extensions["feedsvc"].feeds
    return service


@guide.get("/subscribe")
def subscribe() -> Response:
    """What a feed is, and the way from here into a reader."""
    known = _feeds().catalogue
    return public_page("subscribe.html", known, topics=topics(known))


@guide.get("/status")
def status() -> Response:
    """Whether pages are read; a question to the database, so it is limited as searches are."""
    if refusal := too_many("searches"):
        return refusal
    feeds, desk = _feeds(), current_app.extensions["feedsvc"].desk
    known, now = feeds.catalogue, desk.clock()
    found = public_status(desk.store, now=now)
    base = known.settings.server.base_url.rstrip("/")
    return public_page(
        "status.html",
        known,
        status=found,
        trouble=bool(feeds.trouble),
        scraped=moment_words(found.scraped_at),
        found=moment_words(found.found_at),
        named=[
            (one.title, page_url(base, FeedRef(kind="source", key=one.key)), moment_words(one.read_at))
            for one in found.named
        ],
    )
