"""Lists of addresses, one a line: plain ones, and newsboat's ``urls`` with tags and titles."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from feedsvc.importers.wish import Wish


def read_lines(text: str) -> Iterator[Wish]:
    """Each line that begins with a web address; a tag in quotes makes it a feed of newsboat's."""
    for line in text.splitlines():
        if line.strip().startswith(("http://", "https://")):
            yield _wish(line.strip())


def _wish(line: str) -> Wish:
    try:
        url, *tags = shlex.split(line)
    except ValueError:
        url, *tags = line.split()
    # newsboat: a tag that begins with ~ is the title, one that begins with ! hides the feed
    title = next((tag[1:] for tag in tags if tag.startswith("~")), "")
    folder = next((tag for tag in tags if not tag.startswith(("~", "!"))), "")
    return Wish(url=url, title=title, kind="feed" if tags else "auto", folders=(folder,) if folder else ())
