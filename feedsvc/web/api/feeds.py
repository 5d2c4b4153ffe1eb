"""Feeds: those that are published, saved ones as an admin makes them, and who reads."""

from __future__ import annotations

from feedsvc.model import FeedRef, Format
from feedsvc.publish.address import feed_url
from feedsvc.web.api.cursor import cursor_of, number_of
from feedsvc.web.api.entries import feed_named
from feedsvc.web.api.models.categories import FilterDocument, FilterValues, NewFilter
from feedsvc.web.api.models.common import Page, Paged
from feedsvc.web.api.models.entries import DayQuery, DeliveryDocument
from feedsvc.web.api.models.standing import FeedDocument, SubscriptionDocument, SubscriptionQuery
from feedsvc.web.api.operation import Answer, Call, Document, Nothing, operation

TAG = "feeds"


@operation("GET", "/feeds", tag=TAG, scope="read", query=Paged, answer=Page[FeedDocument])
def list_feeds(call: Call[Paged, Nothing]) -> Answer:
    """List every feed that is published, with its addresses."""
    store, offset, limit = call.desk.store, number_of(call.query.cursor) or 0, call.query.limit
    base = call.desk.config().settings.server.base_url.rstrip("/")
    counts = {kind: store.entries.counts(kind) for kind in ("all", "category", "source")}
    refs = [(state.ref, "") for state in store.feeds.states() if state.gone_at is None and "\x1f" not in state.ref.key]
    refs.sort(key=lambda pair: pair[0].path)
    titles = _titles(call)
    cursor = cursor_of(offset + limit) if len(refs) > offset + limit else ""
    items = [
        FeedDocument(
            path=ref.path,
            kind=ref.kind,
            title=titles.get(ref, ref.key or call.desk.config().settings.feeds.title),
            entries=counts[ref.kind].get(ref.key, 0) if ref.kind in counts else None,
            atom=feed_url(base, ref, Format.ATOM),
            rss=feed_url(base, ref, Format.RSS),
            json_feed=feed_url(base, ref, Format.JSON),
        )
        for ref, _ in refs[offset : offset + limit]
    ]
    return Answer(document=Page(items=items, next=cursor or None), cursor=cursor)


def _titles(call: Call[Paged, Nothing]) -> dict[FeedRef, str]:
    desk = call.desk
    return {
        **{FeedRef(kind="category", key=one.path): one.title for one in desk.store.categories()},
        **{FeedRef(kind="filter", key=one.filter.name): one.filter.title for one in desk.filters.all()},
        **{FeedRef(kind="source", key=place.key): place.title for place in desk.store.overview.places()},
    }


@operation("GET", "/filters", tag=TAG, scope="read", answer=Page[FilterDocument])
def list_filters(call: Call[Nothing, Nothing]) -> Page[FilterDocument]:
    """List saved feeds."""
    return Page(items=[FilterDocument.of(one) for one in call.desk.filters.all()])


@operation("POST", "/filters", tag=TAG, scope="write", body=NewFilter, answer=FilterDocument, status=201)
def add_filter(call: Call[Nothing, NewFilter]) -> Answer:
    """Make a saved feed."""
    name = call.body.name
    call.desk.filters.save(name, call.body.texts(), is_new=True)
    return Answer(document=FilterDocument.of(call.desk.filters.get(name)), location=f"/filters/{name}")


@operation("GET", "/filters/{feed}", tag=TAG, scope="read", answer=FilterDocument)
def get_filter(call: Call[Document, Document]) -> FilterDocument:
    """Read a saved feed."""
    return FilterDocument.of(call.desk.filters.get(call.path["feed"]))


@operation(
    "PUT", "/filters/{feed}", tag=TAG, scope="write", body=FilterValues, answer=FilterDocument, matches="get_filter"
)
def replace_filter(call: Call[Nothing, FilterValues]) -> FilterDocument:
    """Put another choice in the place of a saved feed."""
    call.desk.filters.save(call.path["feed"], call.body.texts())
    return get_filter(call)


@operation("DELETE", "/filters/{feed}", tag=TAG, scope="write", matches="get_filter")
def remove_filter(call: Call[Nothing, Nothing]) -> Answer:
    """End a saved feed that was made here (410)."""
    call.desk.filters.remove(call.path["feed"])
    return Answer()


@operation("POST", "/filters/{feed}/reset", tag=TAG, scope="write", answer=FilterDocument)
def reset_filter(call: Call[Nothing, Nothing]) -> FilterDocument:
    """Let a saved feed be again as it is declared."""
    call.desk.filters.reset(call.path["feed"])
    return get_filter(call)


@operation("GET", "/deliveries", tag=TAG, scope="read", query=DayQuery, answer=Page[DeliveryDocument])
def list_deliveries(call: Call[DayQuery, Nothing]) -> Page[DeliveryDocument]:
    """Read how often feeds were asked for, by day, answer and software; without addresses of anybody."""
    found = call.desk.readership.of_last(call.query.days, feed=call.query.feed)
    return Page(items=[DeliveryDocument.of(one) for one in found])


@operation("GET", "/subscriptions", tag=TAG, scope="read", query=SubscriptionQuery, answer=Page[SubscriptionDocument])
def list_subscriptions(call: Call[SubscriptionQuery, Nothing]) -> Answer:
    """List subscriptions at our hub."""
    after, limit = number_of(call.query.cursor) or 0, call.query.limit
    every = sorted(call.desk.subscriptions(feed_named(call.query.feed)), key=lambda one: one.number)
    found = [one for one in every if one.number > after]
    cursor = cursor_of(found[limit - 1].number) if len(found) > limit else ""
    items = [SubscriptionDocument.of(one) for one in found[:limit]]
    return Answer(document=Page(items=items, next=cursor or None), cursor=cursor)
