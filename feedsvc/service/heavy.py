"""Pages too heavy to read in a thread: a process of its own reads them, and is killed where that takes too long.

A parser or a pattern written in C cannot be interrupted, and what libraries do with a page of a hundred thousand
elements may grow with its square. Rule F6: no page costs more than five seconds of CPU, whatever it contains.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from feedsvc.errors import NothingFound
from feedsvc.lexicon.pagelooks import Look
from feedsvc.model import Draft, Entry, ListingItem, Page, Source
from feedsvc.scrape import ReadListing
from feedsvc.store.codec import decode, encode, entry_from

#: Beyond so many characters, or tags, a page is heavy; hardly one in a hundred real ones is.
TEXT_MAX, TAGS_MAX = 600_000, 8_000
#: Seconds of CPU that one page may cost, and of wall time that its reader may need for them on a busy machine.
CPU_MOST, WALL_MOST = 5.0, 50.0
#: Names of the tasks that the reader knows.
LISTING, DRAFT, ENTRY = "listing", "draft", "entry"


def is_heavy(page: Page) -> bool:
    """Whether a page is read by the process."""
    return len(page.text) > TEXT_MAX or page.text.count("<") > TAGS_MAX


class HeavyReader:
    """Reads one heavy page at a time; the process is started when it is first needed and ends itself when idle."""

    def __init__(self, *, seconds: float = CPU_MOST) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        #: The process that was asked had ended before it got the question.
        self._was_idle = False
        atexit.register(self.close)

    def listing(self, page: Page, source: Source) -> ReadListing:
        """The items of a listing page. Raises NothingFound where it is given up."""
        told, _spent = self._ask({"task": LISTING, "source": encode(source)}, page, subject=page.url)
        read = decode(ReadListing, told)
        return replace(read, look=Look(read.look) if read.look else None)

    def draft(self, page: Page, item: ListingItem | None, source: Source) -> tuple[Draft, float]:
        """A release page as printed, and the seconds that it cost. Raises NothingFound where it is given up."""
        request = {"task": DRAFT, "source": encode(source), "item": encode(item)}
        told, spent = self._ask(request, page, subject=page.url)
        return decode(Draft, told), spent

    def entry(
        self, draft: Draft, item: ListingItem | None, source: Source, *, now: datetime, spent: float = 0.0
    ) -> Entry:
        """The entry of a long draft, in what is left of the time. Raises NothingFound."""
        request = {"task": ENTRY, "source": encode(source), "item": encode(item), "now": encode(now)}
        request |= {"draft": encode(draft), "spent": spent}
        told, _spent = self._ask(request, None, subject=draft.url)
        fields, aliases = told["fields"], tuple(told["aliases"])
        names = ("link", "canonical_url", "title", "content", "raw_content")
        return replace(entry_from(fields, **{name: told[name] for name in names}), aliases=aliases)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, request: Mapping[str, Any], page: Page | None, *, subject: str) -> tuple[Any, float]:
        """What the process answers, and the CPU seconds that it took."""
        body = page.text.encode("utf-8", "surrogatepass") if page is not None else b""
        head = {"seconds": self._seconds, "page": _head(page), "length": len(body), **request}
        line = json.dumps(head).encode() + b"\n" + body
        with self._lock:
            answer = self._exchange(line) or (self._exchange(line) if self._was_idle else None)
        if answer is None:
            raise NothingFound(
                f"reading the page was given up: it takes more than {self._seconds:g} seconds of CPU",
                subject=subject,
                remedy="the page is too large or too odd; watch another address of the site",
            )
        if "error" in answer:
            raise NothingFound(**answer["error"])
        return answer["value"], float(answer["spent"])

    def _exchange(self, line: bytes) -> Any:
        """One request and its answer; None where the process died of it, or before it."""
        self._was_idle = self._process is not None
        process = self._process if self._process is not None and self._process.poll() is None else self._started()
        timer = threading.Timer(WALL_MOST, process.kill)
        timer.start()
        told = b""
        with suppress(OSError):
            cast("IO[bytes]", process.stdin).write(line)
            cast("IO[bytes]", process.stdin).flush()
            self._was_idle = False
            told = cast("IO[bytes]", process.stdout).readline()
        timer.cancel()
        if not told.endswith(b"\n"):
            self._end()
            return None
        return json.loads(told)

    def _started(self) -> subprocess.Popen[bytes]:
        self._end()
        command = [sys.executable, "-m", "feedsvc.service.heavy_child"]
        self._process = subprocess.Popen(  # noqa: S603 - a module of our own
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": _import_path()}
        )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()


def _import_path() -> str:
    """Where the process finds this very package, however the present one came to it."""
    here = str(Path(__file__).parents[2])
    return os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])


def _head(page: Page | None) -> dict[str, Any] | None:
    """What the process needs of a page besides its text."""
    if page is None:
        return None
    names = ("url", "requested_url", "status", "media_type", "content_language", "fetched_at")
    return {name: encode(getattr(page, name)) for name in names}
