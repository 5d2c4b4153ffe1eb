"""Entries: read with their revisions, and what an admin decides about them."""

from __future__ import annotations

from feedsvc.model import FeedRef
from feedsvc.service.refusal import unfit
from feedsvc.store import EntryPage
from feedsvc.web.api.cursor import cursor_of, number_of
from feedsvc.web.api.models.common import Page
from feedsvc.web.api.models.entries import (
    EntryDocument,
    EntryPatch,
    EntryQuery,
    EntrySummary,
    Merge,
    RevisionDocument,
)
from feedsvc.web.api.operation import Answer, Call, Document, Nothing, operation

TAG = "entries"


def feed_named(path: str | None) -> FeedRef | None:
    """The feed of this path, None for none; whether it exists is for the store to say. Raises Unfit."""
    if path is None:
        return None
    kind, _, key = path.partition("/")
    if kind == "sources" and key:
        return FeedRef(kind="source", key=key)
    if kind == "feeds" and key:
        return FeedRef(kind="all") if key == "all" else FeedRef(kind="category", key=key)
    raise unfit("feed", 'is no path of a feed: write "feeds/all", "feeds/company/releases" or "sources/acme".')


@operation("GET", "/entries", tag=TAG, scope="read", query=EntryQuery, answer=Page[EntrySummary])
def list_entries(call: Call[EntryQuery, Nothing]) -> Answer:
    """List entries, the latest recorded first."""
    query = call.query
    wanted = EntryPage(
        feed=feed_named(query.feed) or FeedRef(kind="all"),
        state=query.state,
        words=query.words or "",
        limit=query.limit + 1,
        before=number_of(query.cursor),
    )
    found = call.desk.editing.find(wanted)
    cursor = cursor_of(found[query.limit - 1].sequence) if len(found) > query.limit else ""
    items = [EntrySummary.of(one) for one in found[: query.limit]]
    return Answer(document=Page(items=items, next=cursor or None), cursor=cursor)


@operation("GET", "/entries/{uuid}", tag=TAG, scope="read", answer=EntryDocument)
def get_entry(call: Call[Document, Document]) -> EntryDocument:
    """Read everything about an entry, withdrawn ones included."""
    return EntryDocument.of(call.desk.editing.get(call.path["uuid"]))


@operation(
    "PATCH", "/entries/{uuid}", tag=TAG, scope="write", body=EntryPatch, answer=EntryDocument, matches="get_entry"
)
def change_entry(call: Call[Nothing, EntryPatch]) -> EntryDocument:
    """Withdraw, hide or file an entry, or take that back."""
    uuid, body, editing = call.path["uuid"], call.body, call.desk.editing
    if "filed_under" in call.given:
        editing.file_under(uuid, body.filed_under)
    if body.is_hidden is not None:
        (editing.hide if body.is_hidden else editing.show)(uuid)
    if body.is_withdrawn is not None:
        (editing.withdraw if body.is_withdrawn else editing.reinstate)(uuid)
    return EntryDocument.of(editing.get(uuid))


@operation("GET", "/entries/{uuid}/revisions", tag=TAG, scope="read", answer=Page[RevisionDocument])
def list_revisions(call: Call[Nothing, Nothing]) -> Page[RevisionDocument]:
    """List what an entry was before each of its changes, the first one first."""
    found = call.desk.store.entries.revisions(call.desk.editing.get(call.path["uuid"]).uuid)
    return Page(items=[RevisionDocument.of(one) for one in found])


@operation("GET", "/entries/{uuid}/duplicates", tag=TAG, scope="read", answer=Page[EntrySummary])
def list_duplicates(call: Call[Nothing, Nothing]) -> Page[EntrySummary]:
    """List entries that are likely the same story, the likeliest first."""
    return Page(items=[EntrySummary.of(one) for one in call.desk.editing.duplicates(call.path["uuid"])])


@operation("POST", "/entries/{uuid}/merge", tag=TAG, scope="write", body=Merge, answer=EntryDocument)
def merge_entry(call: Call[Nothing, Merge]) -> EntryDocument:
    """Say that another entry is this story: it is withdrawn, and its address leads here."""
    return EntryDocument.of(call.desk.editing.merge(call.path["uuid"], call.body.other))
