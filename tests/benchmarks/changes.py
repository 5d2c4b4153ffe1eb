"""Seconds from a committed change until each feed that it concerns shows it, from `feedsvc up` as readers see it.

    python tests/benchmarks/changes.py [--runs 10] [--saved 5]

Another process commits a release to a store of 100 entries of 5 KB, as a scrape does. Every feed that it concerns, in
demand in all formats, is asked for again and again: its own category is to show it within 1 s, every other within 5 s,
and nobody is to wait for that. Printed are the median and the longest time, and how long the slowest answer took.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from feedsvc.model import Format
from feedsvc.store import Store
from tests.benchmarks.render import text
from tests.support.running import free_port, wait_for
from tests.support.service import Service
from tests.support.serving import serving
from tests.support.stores import record, release
from tests.support.worker import configure

OWN = "feeds/company/releases"
#: path of a feed -> seconds within which it must show a change.
FEEDS = {OWN: 1.0, "feeds/company": 5.0, "feeds/all": 5.0, "sources/acme": 5.0}
#: Seconds between two rounds of requests.
PAUSE = 0.05


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--saved", type=int, default=5, help="saved feeds, which any change may concern")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        prepare(folder, saved=arguments.saved)
        feeds = FEEDS | {f"feeds/saved{number}": 5.0 for number in range(arguments.saved)}
        command = ("--config", str(folder / "config"), "--data", name, "up", "--port", str(port))
        with Service(folder, *command), closing(Store.open(f"sqlite:///{folder / 'feedsvc.sqlite3'}")) as store:
            wait_for(port, seconds=60)
            readers = Readers(port, list(feeds))
            readers.round()
            taken = [readers.follow(store, 200 + run) for run in range(arguments.runs)]
            print_table(feeds, taken, slowest=readers.slowest)


def prepare(folder: Path, *, saved: int) -> None:
    made = serving(folder, entries=0)
    made.publish(*[release(number, content=text(number)) for number in range(1, 101)])
    made.feeds.close()
    made.store.close()
    config = configure(folder)
    with (config / "sources" / "acme.toml").open("a", encoding="utf-8") as source:
        source.write("enabled = false\n")
    filters = "".join(f'[saved{number}]\ntitle = "Saved"\nwords = ["release"]\n' for number in range(saved))
    (config / "filters.toml").write_text(filters, encoding="utf-8")
    (folder / "test.sqlite3").rename(folder / "feedsvc.sqlite3")


class Readers:
    """Readers of every feed in every format, with the tags of what they have."""

    def __init__(self, port: int, paths: list[str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._tags = {f"/{path}.{format.value}": "" for path in paths for format in Format}
        #: Seconds that the slowest answer took, after the first round.
        self.slowest = 0.0

    def round(self) -> list[str]:
        """Ask for everything once; what was new."""
        new = []
        for path, tag in self._tags.items():
            begun = time.perf_counter()
            self._connection.request("GET", path, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
            answer = self._connection.getresponse()
            answer.read()
            if tag:
                self.slowest = max(self.slowest, time.perf_counter() - begun)
            if answer.status == 200:
                self._tags[path] = answer.headers["ETag"]
                new.append(path)
        return new

    def follow(self, store: Store, number: int) -> dict[str, float]:
        """Commit a release; the feed -> seconds until the last of its formats showed it."""
        record(store, release(number, content=text(number)), now=datetime.now(UTC))
        committed, shown, missing = time.perf_counter(), {}, set(self._tags)
        while missing:
            for path in self.round():
                missing.discard(path)
                shown[path.rpartition(".")[0][1:]] = time.perf_counter() - committed
            time.sleep(PAUSE)
        return shown


def print_table(feeds: dict[str, float], taken: list[dict[str, float]], *, slowest: float) -> None:
    by_feed = defaultdict(list)
    for shown in taken:
        for path, seconds in shown.items():
            by_feed[path].append(seconds)
    print(f"{'feed':<26}{'median s':>10}{'longest s':>11}{'must s':>8}")
    for path, must in feeds.items():
        print(f"{path:<26}{statistics.median(by_feed[path]):>10.2f}{max(by_feed[path]):>11.2f}{must:>8.1f}")
    print(f"slowest answer meanwhile: {slowest * 1000:.0f} ms")


if __name__ == "__main__":
    main()
