"""Run by pipeline.py with an interpreter that has Scrapy: the same pages by the same rules into SQLite.

PYTHON scrapy_job.py PORT DATABASE    prints pages and CPU seconds, from the first request to the last commit
"""

from __future__ import annotations

import json
import resource
import sqlite3
import sys
from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess

FIELDS = {
    "title": "h1::text",
    "published": ".published::text",
    "author": ".author::text",
    "publisher": ".publisher::text",
    "category": ".crumbs a:last-child::text",
    "image": ".lead img::attr(src)",
    "body": ".story",
}


class Releases(scrapy.Spider):
    """The listing, then each release, as its documentation shows it."""

    name = "releases"

    def parse(self, response: Any) -> Iterator[Any]:
        for link in response.css("li.release a"):
            yield response.follow(link, self.release)

    def release(self, response: Any) -> Iterator[dict[str, str]]:
        yield {"url": response.url, **{name: response.css(rule).get() for name, rule in FIELDS.items()}}


class Rows:
    """Writes a row a release, each in a transaction of its own as feedsvc does."""

    def open_spider(self) -> None:
        self.database = sqlite3.connect(sys.argv[2], isolation_level=None)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = NORMAL")
        self.database.execute(f"CREATE TABLE releases (url PRIMARY KEY, {', '.join(FIELDS)})")

    def process_item(self, item: dict[str, str]) -> dict[str, str]:
        names = ", ".join(f":{name}" for name in item)
        self.database.execute(f"INSERT INTO releases VALUES ({names})", item)
        return item


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    settings = {"ITEM_PIPELINES": {Rows: 1}, "LOG_ENABLED": False, "DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False}
    process = CrawlerProcess(settings)
    process.crawl(Releases, start_urls=[f"http://127.0.0.1:{sys.argv[1]}/releases/"])
    begun = cpu()
    process.start()
    used = cpu() - begun
    count = sqlite3.connect(sys.argv[2]).execute("SELECT count(*) FROM releases WHERE body <> ''").fetchone()[0]
    print(json.dumps({"pages": count, "cpu": used}))


main()
