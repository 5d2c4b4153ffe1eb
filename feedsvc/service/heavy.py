"""Pages too heavy to read in a thread: a process of its own reads them, and is killed where that takes too long.

A parser or a pattern written in C cannot be interrupted, and what libraries do with a page of a hundred thousand
elements may grow with its square. Rules F5 and F6: no page costs more than five seconds of CPU or 150 MiB, here and
there together, whatever it contains; and an answer that is read ends in time even where the machine is busy.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from feedsvc.errors import NothingFound, NoTurn
from feedsvc.extract.listing import ReadListing
from feedsvc.lexicon.pagelooks import Look
from feedsvc.model import Draft, Entry, ListingItem, Page, Source
from feedsvc.model.codec import decode, encode, entry_from
from feedsvc.service.heavy_child import DRAFT, ENTRY, LISTING, MEMORY_MOST, OUT_OF_MEMORY

#: Beyond so many characters, or tags, a page is heavy; hardly one in a hundred real ones is.
TEXT_MAX, TAGS_MAX = 600_000, 8_000
#: Beyond so many bytes of text in memory, or tags (those that open and those that close), none is worth trying.
_BYTES_HOPELESS, _TAGS_HOPELESS = 12 * 1024 * 1024, 400_000
#: Seconds of CPU that one page may cost; of wall time that it may take on a busy machine; and for how many of those it
#: may wait while another page is read.
CPU_MOST, WALL_MOST, TURN_MOST = 5.0, 30.0, 10.0
#: Characters that are written to the process at once: a second copy of a whole page would be as large as the page.
_PIECE = 1 << 18
_REMEDY = "the page is too large or too odd; watch another address of the site"


def is_heavy(page: Page) -> bool:
    """Whether a page is read by the process."""
    return len(page.text) > TEXT_MAX or page.text.count("<") > TAGS_MAX


class HeavyReader:
    """Reads one heavy page at a time; the process is started when it is first needed and ends itself when idle."""

    def __init__(self, *, seconds: float = CPU_MOST, wall: float = WALL_MOST, turn: float = TURN_MOST) -> None:
        self._seconds, self._wall, self._turn = seconds, wall, turn
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def listing(self, page: Page, source: Source) -> ReadListing:
        """The items of a listing page. Raises NothingFound where it is given up, NoTurn where others are read."""
        told, _spent = self._ask({"task": LISTING, "source": encode(source)}, page, subject=page.url)
        read = decode(ReadListing, told)
        return replace(read, look=Look(read.look) if read.look else None)

    def draft(self, page: Page, item: ListingItem | None, source: Source) -> tuple[Draft, float]:
        """A release page as printed, and the seconds that it cost. Raises NothingFound, NoTurn."""
        request = {"task": DRAFT, "source": encode(source), "item": encode(item)}
        told, spent = self._ask(request, page, subject=page.url)
        return decode(Draft, told), spent

    def entry(
        self, draft: Draft, item: ListingItem | None, source: Source, *, now: datetime, spent: float = 0.0
    ) -> Entry:
        """The entry of a long draft, in what is left of the time. Raises NothingFound, NoTurn."""
        request = {"task": ENTRY, "source": encode(source), "item": encode(item), "now": encode(now)}
        told, _spent = self._ask(request | {"draft": encode(draft)}, None, subject=draft.url, spent=spent)
        fields, aliases = told["fields"], tuple(told["aliases"])
        names = ("link", "canonical_url", "title", "content", "raw_content")
        return replace(entry_from(fields, **{name: told[name] for name in names}), aliases=aliases)

    def close(self) -> None:
        """End the process, whatever it does."""
        if (process := self._process) is not None:
            process.kill()
        with self._lock:
            self._end()

    def _ask(
        self, request: Mapping[str, Any], page: Page | None, *, subject: str, spent: float = 0.0
    ) -> tuple[Any, float]:
        """What the process answers, and the CPU seconds that it took."""
        text = page.text if page is not None else ""
        if hopeless := _hopeless(text):
            raise NothingFound(f"the page was not read: {hopeless}", subject=subject, remedy=_REMEDY)
        left = max(self._seconds - spent, 0.5)
        length = sum(len(piece) for piece in _pieces(text))
        head = json.dumps({"seconds": left, "page": _head(page), "length": length, **request}).encode() + b"\n"
        end = time.monotonic() + self._wall * left / self._seconds
        with self._in_turn(subject):
            answer = self._exchange(head, text, end=end)
        if isinstance(answer, str):
            raise NothingFound(f"reading the page was given up: {answer}", subject=subject, remedy=_REMEDY)
        if "error" in answer:
            raise NothingFound(**answer["error"])
        return answer["value"], float(answer["spent"])

    @contextmanager
    def _in_turn(self, subject: str) -> Iterator[None]:
        if not self._lock.acquire(timeout=self._turn):
            raise NoTurn("other pages as heavy are being read", subject=subject, remedy="it is asked for again soon")
        try:
            yield
        finally:
            self._lock.release()

    def _exchange(self, head: bytes, text: str, *, end: float) -> Any:
        """The answer to a request; a string says why none came."""
        while True:
            is_fresh = self._process is None or self._process.poll() is not None
            process = self._started() if is_fresh else cast("subprocess.Popen[bytes]", self._process)
            timer = threading.Timer(max(end - time.monotonic(), 0.1), process.kill)
            timer.start()
            is_taken, told = _exchanged(process, head, text)
            timer.cancel()
            if told.endswith(b"\n"):
                return json.loads(told)
            self._end()
            # one that had ended before the request reached it, for want of work, says nothing of the page
            if is_taken or is_fresh:
                return self._why(process.returncode)

    def _why(self, status: int) -> str:
        """Why the process ended while it read."""
        if status == -signal.SIGXCPU:
            return f"it takes more than {self._seconds:g} seconds of CPU"
        if status == -signal.SIGKILL:
            return f"it takes longer than {self._wall:g} seconds as busy as this machine is"
        if status == OUT_OF_MEMORY:
            return f"it takes more than {MEMORY_MOST // 1024 // 1024} MiB of memory"
        return f"its reader ended with status {status}"

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
        # one that has answered its last, or died of a page, is left its own status
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.2)
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()


def _exchanged(process: subprocess.Popen[bytes], head: bytes, text: str) -> tuple[bool, bytes]:
    """Whether the process has taken the request, and what it answers; b"" where it ended before."""
    into, out = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    try:
        into.write(head)
        for piece in _pieces(text):
            into.write(piece)
        into.flush()
        is_taken = bool(out.readline())
        return is_taken, out.readline()
    except OSError:
        return False, b""


def _pieces(text: str) -> Iterator[bytes]:
    """The text as bytes, a piece at a time."""
    for start in range(0, len(text), _PIECE):
        yield text[start : start + _PIECE].encode("utf-8", "surrogatepass")


def _hopeless(text: str) -> str:
    """Why a text is not worth trying, or ""."""
    if (size := sys.getsizeof(text)) > _BYTES_HOPELESS:
        return f"its text takes {size // 1024 // 1024} MiB"
    if (tags := text.count("<")) > _TAGS_HOPELESS:
        return f"{tags} tags are more than can be read in time"
    return ""


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
