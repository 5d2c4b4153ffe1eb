"""The list of all feeds as OPML, kept so that its dates say when the list last changed."""

from __future__ import annotations

import hashlib
from datetime import datetime

import brotli

from feedsvc.errors import StoreError
from feedsvc.log import get_logger
from feedsvc.model import FeedRef, Format, Rendering
from feedsvc.publish.opml import CONTENT_TYPE, Outline, write_opml
from feedsvc.publish.rendering import compressed, etag_of
from feedsvc.service.facts import Catalogue
from feedsvc.store import Store

#: Where the store keeps it: among the renderings of the feed of everything.
_REF, _FORMAT, _KEPT_AS = FeedRef(kind="all"), Format.ATOM, "opml"
_MAX_AGE = 300

_log = get_logger(__name__)


def outline_rendering(known: Catalogue, store: Store, *, now: datetime) -> Rendering:
    """The list as it was kept, or made now where a feed came, went or was renamed. Raises StoreError."""
    listed = _outlines(known)
    base_url, title = known.settings.server.base_url.rstrip("/"), known.settings.feeds.title
    recipe = hashlib.sha256(repr((listed, title, base_url)).encode("utf-8", "replace")).hexdigest()[:32]
    kept = store.renderings.get(_REF, _FORMAT, _KEPT_AS)
    if kept is not None and kept.recipe == recipe:
        return kept.rendering
    created_at = store.feed_identity(_REF).created_at
    changed_at = max(now, created_at).replace(microsecond=0)
    body = write_opml(listed, title=title, base_url=base_url, created_at=created_at, changed_at=changed_at)
    made = Rendering(
        content_type=CONTENT_TYPE,
        identity=body,
        gzip=compressed(body),
        brotli=brotli.compress(body, quality=5),
        etag=etag_of(body),
        last_modified=changed_at,
        max_age=_MAX_AGE,
    )
    try:
        return store.renderings.keep(_REF, _FORMAT, _KEPT_AS, made, version=0, recipe=recipe, now=now)
    except StoreError as error:
        _log.error("list of feeds not kept", reason=str(error))
        return made


def _outlines(known: Catalogue) -> tuple[Outline, ...]:
    """Every feed, as OPML lists it."""
    return tuple(Outline(ref=ref, title=known.title(ref), description=known.description(ref)) for ref in known.refs())
