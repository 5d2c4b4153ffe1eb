"""Memory of one web worker that was asked for every one of 1,000 feeds in every format and coding.

    python tests/benchmarks/memory.py [--feeds 1000] [--check]

Each feed has 100 entries of about 5 KB. They are rendered once and kept under the name of every category, as 1,000
renderings would take minutes and use the same memory. What counts is the resident memory that the kernel names for the
process, at its highest and at its end.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from feedsvc.config import load  # noqa: E402
from feedsvc.model import Category, FeedRef, Format  # noqa: E402
from feedsvc.service.document import Document  # noqa: E402
from tests.benchmarks.serve import family  # noqa: E402
from tests.support.serving import Serving, serving  # noqa: E402
from tests.support.stores import release  # noqa: E402
from tests.support.worker import configure, worker  # noqa: E402

#: MB that the process may have.
MUST = 250
CODINGS = ("br", "gzip", "identity")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--check", action="store_true", help=f"exit 1 where it is more than {MUST} MB")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        highest = measure(Path(name), count=arguments.feeds)
    if arguments.check and highest > MUST:
        sys.exit(1)


def measure(folder: Path, *, count: int) -> float:
    """Ask for everything; the MB that the worker had at most."""
    service = serving(folder, entries=0)
    service.config = load(configure(folder), {}, {"data": folder})
    chance = Random(1)
    service.publish(*[release(number, content=_prose(chance)) for number in range(1, 101)])
    refs = [FeedRef(kind="category", key=f"company/{number}") for number in range(count)]
    sizes = _fill(service, refs)
    service.feeds.close()
    service.store.close()
    with worker(folder) as (port, process):
        server = family(process)[-1]
        print(f"{'at start':<24} {_memory(server, 'VmRSS'):6.0f} MB")
        for format, coding in itertools.product(Format, CODINGS):
            _ask_for_all(port, refs, format, coding, size=sizes[format, coding])
            print(f"{f'{count} feeds: {format.value} {coding}':<24} {_memory(server, 'VmRSS'):6.0f} MB")
        highest = _memory(server, "VmHWM")
    print(f"{'at most':<24} {highest:6.0f} MB, must be {MUST}")
    return highest


def _prose(chance: Random) -> str:
    """5 KB of words that nobody said, which compress about as well as prose."""
    words = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9))) for _ in range(400)]
    return f"<p>{' '.join(chance.choices(words, k=780))}</p>"


def _fill(service: Serving, refs: list[FeedRef]) -> dict[tuple[Format, str], int]:
    """Keep finished bytes for each of these feeds; (format, coding) -> their length."""
    service.store.categories_kept.declare([Category(path=ref.key, title=ref.key) for ref in refs])
    service.feeds.poll()
    sizes = {}
    for format in Format:
        made = service.feeds.rendering(Document(ref=FeedRef(kind="all"), format=format))
        assert made is not None
        sizes |= {(format, coding): len(getattr(made, {"br": "brotli"}.get(coding, coding))) for coding in CODINGS}
        for ref in refs:
            document = Document(ref=ref, format=format)
            recipe = service.feeds.assembler.recipe(document, service.store.feeds.ensure(ref, now=service.now))
            own = replace(made, etag=f"{ref.key}-{format.value}".replace("/", "-"))
            version = service.feeds.assembler.version(document)
            service.store.renderings.keep(ref, format, "", own, version=version, recipe=recipe, now=service.now)
    return sizes


def _ask_for_all(port: int, refs: list[FeedRef], format: Format, coding: str, *, size: int) -> None:
    """Every feed twice, as the second answer is made otherwise than the first."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for ref in refs:
        for _ in range(2):
            connection.request("GET", f"/{ref.path}.{format.value}", headers={"Accept-Encoding": coding})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200 or len(body) != size:
                raise SystemExit(f"{ref.path}.{format.value} in {coding}: {answer.status}, {len(body)} of {size} bytes")
    connection.close()


def _memory(process: int, what: str) -> float:
    """A figure of /proc in MB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:")) / 1000


if __name__ == "__main__":
    main()
