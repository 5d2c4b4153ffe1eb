"""CPU from a committed change to one feed of 100 entries of 5 KB in all formats and codings.

    python tests/benchmarks/render.py [--runs 5] [--check]

Everything a change costs counts: noticing it, reading the entries, writing RSS, Atom and JSON, gzip and brotli, and
keeping them in the store. The median of the runs is compared with what it must be.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from feedsvc.model import FeedRef, Format
from feedsvc.service.document import Document
from tests.support.serving import Serving, serving
from tests.support.stores import record, release

#: Milliseconds.
MUST = 250.0
WORDS = "release expo forum trade region results opening company growth market research statement visitors".split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--check", action="store_true", help="exit 1 where it takes longer than it must")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        service = serving(Path(folder), entries=0)
        service.publish(*[release(number, content=text(number)) for number in range(1, 101)])
        taken = [change(service, 200 + run) for run in range(arguments.runs)]
        service.feeds.close()
        service.store.close()
    median = statistics.median(taken)
    print(f"100 entries of 5 KB in 3 formats and 3 codings: {median:.0f} ms of CPU after a change, must {MUST:.0f}")
    if arguments.check and median > MUST:
        sys.exit(1)


def change(service: Serving, number: int) -> float:
    """Milliseconds of CPU after a new entry is committed."""
    documents = [Document(ref=FeedRef(kind="category", key="company/releases"), format=one) for one in Format]
    for document in documents:
        service.feeds.rendering(document)
    record(service.store, release(number, content=text(number)), now=service.now)
    before = time.process_time()
    service.feeds.poll()
    made = [service.feeds.rendering(document) for document in documents]
    taken = (time.process_time() - before) * 1000
    assert all(one is not None and f"Release number {number}".encode() in one.identity for one in made)
    return taken


def text(number: int) -> str:
    """About 5 KB of prose that compresses as prose does."""
    picked = (WORDS[(number * 31 + at * at * 7 + at * 13) % len(WORDS)] for at in range(650))
    return "<p>" + " ".join(picked) + "</p>"


if __name__ == "__main__":
    main()
