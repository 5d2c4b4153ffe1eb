"""Pages: looked at before anything is saved, kept as snapshots, read again by other rules, repaired."""

from __future__ import annotations

from dataclasses import replace

from feedsvc.config.values import check_web_url
from feedsvc.service.refusal import Unknown, sentence_of, unfit
from feedsvc.service.source_document import changed_source, new_source, read_rules
from feedsvc.web.api.cursor import cursor_of, number_of
from feedsvc.web.api.models.common import Page, Paged
from feedsvc.web.api.models.mending import Adoption, CheckedDocument, RepairDocument, ReplayDocument, Replaying
from feedsvc.web.api.models.pages import Look, PreviewDocument
from feedsvc.web.api.models.sources import SnapshotDocument, SourceDocument
from feedsvc.web.api.operation import Answer, Call, Nothing, operation

TAG = "pages"
#: Kept pages of one source that are listed.
_KEPT_MAX = 2000


@operation("POST", "/previews", tag=TAG, scope="write", body=Look, answer=PreviewDocument, also=(409,))
def preview(call: Call[Nothing, Look]) -> PreviewDocument:
    """Look at a page as a scrape would: ways in, items, and one release as printed and as published."""
    if fault := sentence_of(check_web_url, call.body.url):
        raise unfit("url", fault)
    source = new_source("preview", {"url": call.body.url}, call.desk.config())
    if call.body.source is not None:
        source = replace(changed_source(source, call.body.source.values()), urls=source.urls)
    return PreviewDocument.of(call.desk.look(source, number=call.body.plan))


@operation("GET", "/sources/{key}/snapshots", tag=TAG, scope="read", query=Paged, answer=Page[SnapshotDocument])
def list_snapshots(call: Call[Paged, Nothing]) -> Answer:
    """List the kept pages of a source, the latest first."""
    state, limit, before = call.desk.state(call.path["key"]), call.query.limit, number_of(call.query.cursor)
    kept = call.desk.store.snapshots.listed(state.key, limit=_KEPT_MAX)
    found = [one for one in kept if before is None or one.id < before]
    cursor = cursor_of(found[limit - 1].id) if len(found) > limit else ""
    items = [
        SnapshotDocument(number=one.id, kind=one.kind, url=one.url, fetched_at=one.fetched_at, size=one.size)
        for one in found[:limit]
    ]
    return Answer(document=Page(items=items, next=cursor or None), cursor=cursor)


@operation("GET", "/sources/{key}/snapshots/{number}", tag=TAG, scope="read", media_type="application/octet-stream")
def get_snapshot(call: Call[Nothing, Nothing]) -> Answer:
    """Download a kept page as it came."""
    found = call.desk.store.snapshots.get(call.desk.state(call.path["key"]).key, int(call.path["number"]))
    if found is None:
        raise Unknown("there is no such kept page", subject=call.path["number"])
    name = f"{call.path['key']}-{call.path['number']}.page"
    # what a website sent is never shown as a page of ours
    return Answer(raw=found.body, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@operation("POST", "/sources/{key}/replay", tag=TAG, scope="write", body=Replaying, answer=ReplayDocument, also=(409,))
def replay(call: Call[Nothing, Replaying]) -> ReplayDocument:
    """Read the kept pages of a source again, by other rules or those in force; nothing is stored."""
    body = call.body
    rules = read_rules(body.rules.model_dump(exclude_none=True)) if body.rules is not None else None
    return ReplayDocument.of(call.desk.replay(call.path["key"], rules, releases=body.releases))


@operation("POST", "/sources/{key}/test", tag=TAG, scope="write", answer=CheckedDocument)
def test_rules(call: Call[Nothing, Nothing]) -> CheckedDocument:
    """Check whether the rules in force still read the kept pages."""
    return CheckedDocument.of(call.desk.check(call.path["key"]))


@operation("POST", "/sources/{key}/repair", tag=TAG, scope="write", answer=RepairDocument, also=(409,))
def propose_repair(call: Call[Nothing, Nothing]) -> RepairDocument:
    """Look for rules that read the page as it is now; nothing is changed."""
    return RepairDocument.of(call.desk.repair(call.path["key"]))


@operation("POST", "/sources/{key}/repair/adopt", tag=TAG, scope="write", body=Adoption, answer=SourceDocument)
def adopt_repair(call: Call[Nothing, Adoption]) -> SourceDocument:
    """Put proposed rules in force in the place of all that are."""
    state = call.desk.state(call.path["key"])
    call.desk.adopt(state.key, read_rules(call.body.rules.model_dump(exclude_none=True)))
    return SourceDocument.of(call.desk.state(state.key))
