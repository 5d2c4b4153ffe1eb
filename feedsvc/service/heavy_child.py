"""The process that reads heavy pages (``python -m feedsvc.service.heavy_child``), a request a line on standard input.

Each request gets its CPU seconds as a limit of the operating system: beyond it, the kernel ends the process, and the
one that asked takes the page for unreadable. Memory is limited in the same way.
"""

from __future__ import annotations

import json
import math
import os
import resource
import select
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from feedsvc.errors import ScrapeError
from feedsvc.model import Draft, Entry, ListingItem, Page, Source
from feedsvc.normalize.entry import normalize
from feedsvc.service.heavy import DRAFT, LISTING
from feedsvc.service.reading import PageReader
from feedsvc.store.codec import decode, encode, entry_fields
from feedsvc.store.columns import moment_of

#: Seconds without work after which the process ends.
_IDLE = 30.0
#: Bytes that one page may take beyond what the program itself takes (rule F5).
_MEMORY = 150 * 1024 * 1024
#: What Linux tells of a process' memory, in pages; the sixth number is what RLIMIT_DATA counts.
_STATM, _DATA = Path("/proc/self/statm"), 5


def main() -> None:
    """Answer requests until nobody asks any more."""
    _limit(resource.RLIMIT_CORE, 0)
    if _STATM.exists():
        taken = int(_STATM.read_text(encoding="ascii").split()[_DATA]) * resource.getpagesize()
        _limit(resource.RLIMIT_DATA, taken + _MEMORY)
    reader, asked = PageReader(heavy=None), sys.stdin.buffer
    # what libraries print must not come between the answers
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while select.select([asked], [], [], _IDLE)[0] and (line := asked.readline()):
        request = json.loads(line)
        text = asked.read(request["length"]).decode("utf-8", "surrogatepass")
        left = max(request["seconds"] - request.get("spent", 0.0), 0.5)
        begun = time.process_time()
        _limit(resource.RLIMIT_CPU, math.ceil(begun + left))
        try:
            answer: dict[str, Any] = {"value": _value(reader, request, text)}
        except ScrapeError as error:
            answer = {"error": {"message": error.message, "subject": error.subject, "remedy": error.remedy}}
        except MemoryError:
            return
        answer["spent"] = time.process_time() - begun
        told.write(json.dumps(answer).encode() + b"\n")
        told.flush()


def _value(reader: PageReader, request: Mapping[str, Any], text: str) -> Any:
    source = decode(Source, request["source"])
    item = decode(ListingItem, request["item"]) if request.get("item") else None
    if request["task"] == LISTING:
        return encode(reader.listing(_page(request["page"], text), source))
    if request["task"] == DRAFT:
        return encode(reader.printed(_page(request["page"], text), item, source))
    draft = decode(Draft, request["draft"])
    return _told(normalize(draft, item=item, source=source, now=moment_of(request["now"])))


def _page(head: Mapping[str, Any], text: str) -> Page:
    return decode(Page, {**head, "text": text})


def _told(entry: Entry) -> dict[str, Any]:
    names = ("link", "canonical_url", "title", "content", "raw_content", "aliases")
    return {"fields": entry_fields(entry), **{name: getattr(entry, name) for name in names}}


def _limit(what: int, value: int) -> None:
    """Set the soft limit; the hard one stays, so that the next request can have its own."""
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


if __name__ == "__main__":
    main()
