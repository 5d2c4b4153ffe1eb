"""What an entry says of itself to readers, the same in every format: headline, text, names, category labels."""

from __future__ import annotations

from feedsvc.model import Entry, Feed, StoredEntry
from feedsvc.publish.text import gist, legal, line

HEADLINE_MAX = 80


def headline(entry: Entry) -> str:
    """The title; else the beginning of the text, else the link: readers show nothing for an entry without one."""
    title = line(entry.title)
    if title:
        return title
    words = line(entry.summary) or gist(entry.content)
    return words[:HEADLINE_MAX].strip() or entry.link


def body(entry: Entry) -> str:
    """The content, "" where it is nothing but white space (W3C NotBlank)."""
    content = legal(entry.content)
    return content if content.strip() else ""


def credited(entry: Entry) -> tuple[str, ...]:
    """Who is named: the byline, else the organisation that the page credits."""
    names = tuple(line(name) for name in entry.authors) or (line(entry.publisher or ""),)
    return tuple(dict.fromkeys(name for name in names if name))


def labels(feed: Feed, stored: StoredEntry) -> tuple[tuple[str, str], ...]:
    """(term, label) of each category, then of each tag that says something new."""
    found = {path: line(feed.categories.get(path, path)) for path in stored.categories}
    said = {label.casefold() for label in found.values()}
    for tag in map(line, stored.entry.tags):
        if tag and tag.casefold() not in said:
            said.add(tag.casefold())
            found.setdefault(tag, tag)
    return tuple((term, label or term) for term, label in found.items())
