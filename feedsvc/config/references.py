"""What saved feeds and webhooks refer to, and what keeps them from standing beside the tree of categories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from feedsvc.config.fault import Fault, nearest, shown
from feedsvc.model import Category, Filter, Source, Webhook


def strangers_in(
    folder: Path,
    filters: Sequence[Filter],
    webhooks: Sequence[Webhook],
    categories: Iterable[Category],
    sources: Iterable[Source],
) -> Iterator[Fault]:
    """A fault for each name that nothing has, and for each saved feed that takes a category's address."""
    paths, keys = {one.path for one in categories}, {one.key for one in sources}
    for one in filters:
        file = str(folder / "filters.toml")
        if one.name in paths:
            yield Fault(file=file, key=one.name, message="is a category already", remedy="choose another name")
        for key in one.sources:
            if key not in keys:
                yield _unknown(file, f"{one.name}.sources", key, keys)
    for hook in webhooks:
        # A category may still come, from a breadcrumb; a source only from a file.
        room, _, key = hook.feed.partition("/")
        if room == "sources" and key not in keys:
            yield _unknown(str(folder / "webhooks.toml"), f"{hook.name}.feed", key, keys)


def _unknown(file: str, key: str, value: str, known: Iterable[str]) -> Fault:
    names = tuple(known)
    close = nearest(value, names)
    remedy = f"did you mean {close}?" if close else f"there are: {', '.join(sorted(names)[:12])}"
    return Fault(file=file, key=key, value=shown(value), message="there is no such source", remedy=remedy)
