"""The process that reads heavy pages (``python -m feedsvc.service.heavy_child``), one request after the other.

A request is a line of JSON on standard input and then the page's text; it is acknowledged with an empty line as soon
as it is here, and answered with a line of JSON. Each request gets its CPU seconds as a limit of the operating system:
beyond it, the kernel ends the process, and the one that asked takes the page for unreadable. So it is with memory.
"""

from __future__ import annotations

import gc
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
from feedsvc.model import Draft, ListingItem, Page, Source
from feedsvc.model.codec import decode, encode, entry_fields, moment_of
from feedsvc.service.lists import read_list

#: Names of the tasks.
LISTING, DRAFT, ENTRY = "listing", "draft", "entry"
#: Status with which the process ends where a page takes more memory than it may.
OUT_OF_MEMORY = 77
#: Bytes that pages may take beyond what the program takes that reads listings. With that program (some 30 MiB), and
#: with the page where it was fetched, this stays below what one answer may cost (150 MiB, rule F5).
MEMORY_MOST = 90 * 1024 * 1024
#: Seconds without work after which the process ends.
_IDLE = 30.0
#: What Linux tells of a process' memory, in pages; the sixth number is what RLIMIT_DATA counts.
_STATM, _DATA = Path("/proc/self/statm"), 5


def main() -> None:
    """Answer requests until nobody asks any more."""
    _limit(resource.RLIMIT_CORE, 0)
    before = _taken()
    if before is not None:
        _limit(resource.RLIMIT_DATA, before + MEMORY_MOST)
    # what is made of one page is given back as a whole; looking for cycles in it costs a tenth of the time
    gc.disable()
    asked = sys.stdin.buffer
    # what libraries print must not come between the answers
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while select.select([asked], [], [], _IDLE)[0] and (line := asked.readline()):
        try:
            request = json.loads(line)
            text = asked.read(request["length"]).decode("utf-8", "surrogatepass")
            told.write(b"\n")
            told.flush()
            answer = json.dumps(_answer(request, text)).encode() + b"\n"
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        told.write(answer)
        told.flush()
        del request, text, answer
        if before is not None and (_taken() or 0) > before + MEMORY_MOST // 3:
            return  # a fresh process has all of it for the next page


def _answer(request: Mapping[str, Any], text: str) -> dict[str, Any]:
    begun = time.process_time()
    _limit(resource.RLIMIT_CPU, math.ceil(begun + request["seconds"]))
    try:
        answer: dict[str, Any] = {"value": _value(request, text)}
    except ScrapeError as error:
        answer = {"error": {"message": error.message, "subject": error.subject, "remedy": error.remedy}}
    return {**answer, "spent": time.process_time() - begun}


def _value(request: Mapping[str, Any], text: str) -> Any:
    source = decode(Source, request["source"])
    if request["task"] == LISTING:
        return encode(read_list(_page(request["page"], text), source))
    # a third of the program, and none of it is needed for listings
    from feedsvc.normalize.entry import normalize
    from feedsvc.service.reading import PageReader

    item = decode(ListingItem, request["item"]) if request.get("item") else None
    if request["task"] == DRAFT:
        return encode(PageReader(heavy=None).printed(_page(request["page"], text), item, source))
    entry = normalize(decode(Draft, request["draft"]), item=item, source=source, now=moment_of(request["now"]))
    names = ("link", "canonical_url", "title", "content", "raw_content", "aliases")
    return {"fields": entry_fields(entry), **{name: getattr(entry, name) for name in names}}


def _page(head: Mapping[str, Any], text: str) -> Page:
    return decode(Page, {**head, "text": text})


def _taken() -> int | None:
    """Bytes of data that the process has taken; None where the system does not tell."""
    if not _STATM.exists():
        return None
    return int(_STATM.read_text(encoding="ascii").split()[_DATA]) * resource.getpagesize()


def _limit(what: int, value: int) -> None:
    """Set the soft limit; the hard one stays, so that the next request can have its own."""
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


if __name__ == "__main__":
    main()
