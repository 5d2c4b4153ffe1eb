"""Run by pipeline.py with an interpreter that has Scrapy: the same pages by the same rules into SQLite.

PYTHON scrapy_job.py PORT DATABASE          fields as they stand, one row each, as Scrapy's documentation shows it
PYTHON scrapy_job.py PORT DATABASE --same   what feedsvc does, too: robots.txt, safe text with absolute links, dates,
    a summary, permanent ids, looking for known stories, feeds and the page itself, through SQLAlchemy; for that the
    interpreter needs nh3, dateparser and SQLAlchemy as well. Still without revisions, fingerprints, provenance, retries

Prints pages and CPU seconds, from the first request to the last commit.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sqlite3
import sys
import uuid
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
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
    """The listing, then each release."""

    name = "releases"

    def parse(self, response: Any) -> Iterator[Any]:
        for link in response.css("li.release a"):
            yield response.follow(link, self.release)

    def release(self, response: Any) -> Iterator[dict[str, Any]]:
        yield {"url": response.url, **{name: response.css(rule).get() for name, rule in FIELDS.items()}}


class SameReleases(Releases):
    """Releases, normalized."""

    def release(self, response: Any) -> Iterator[dict[str, Any]]:
        import dateparser
        import nh3
        from lxml import html

        for found in super().release(response):
            story = html.fragment_fromstring(found["body"])
            story.make_links_absolute(response.url)
            yield {
                **found,
                "body": nh3.clean(html.tostring(story, encoding="unicode")),
                "summary": " ".join(story.text_content().split())[:300],
                "image": response.urljoin(found["image"]),
                "published": dateparser.parse(found["published"], settings={"TIMEZONE": "UTC"}),
                "page": response.body,
            }


class Rows:
    """Writes a row a release, each in a transaction of its own as feedsvc does."""

    def open_spider(self) -> None:
        self.database = sqlite3.connect(sys.argv[2], isolation_level=None)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = NORMAL")
        self.database.execute(f"CREATE TABLE releases (url PRIMARY KEY, {', '.join(FIELDS)})")

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        names = ", ".join(f":{name}" for name in item)
        self.database.execute(f"INSERT INTO releases VALUES ({names})", item)
        return item


class SameRows:
    """Writes a release with its feeds and its page in one transaction, unless its story is known."""

    def open_spider(self) -> None:
        import sqlalchemy as sa

        self.engine = sa.create_engine(f"sqlite:///{sys.argv[2]}")
        sa.event.listen(self.engine, "connect", _prepare)
        kinds = {"published": sa.DateTime, "seen": sa.DateTime}
        texts = ("uuid", "url", *FIELDS, "summary", "seen")
        columns = [sa.Column(name, kinds.get(name, sa.Text), index=name in ("url", "title")) for name in texts]
        whole = sa.MetaData()
        number = sa.Column("id", sa.Integer, primary_key=True)
        self.releases = sa.Table("releases", whole, number, *columns)
        self.pages = sa.Table(
            "pages", whole, sa.Column("url", sa.Text), sa.Column("digest", sa.Text), sa.Column("body", sa.LargeBinary)
        )
        self.feeds = sa.Table(
            "feeds", whole, sa.Column("feed", sa.Text, index=True), sa.Column("release", sa.Integer, index=True)
        )
        whole.create_all(self.engine)
        self.known = sa.select(self.releases.c.id).where(
            sa.or_(self.releases.c.url == sa.bindparam("at"), self.releases.c.title == sa.bindparam("called"))
        )

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        page = item.pop("page")
        with self.engine.begin() as connection:
            if connection.execute(self.known, {"at": item["url"], "called": item["title"]}).first():
                return item
            ids = {"uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, item["url"])), "seen": datetime.now(UTC)}
            made = connection.execute(self.releases.insert().returning(self.releases.c.id), {**item, **ids})
            number = made.scalar_one()
            names = ("all", "source", item["category"])
            connection.execute(self.feeds.insert(), [{"feed": name, "release": number} for name in names])
            kept = {"url": item["url"], "digest": hashlib.sha256(page).hexdigest(), "body": zlib.compress(page, 4)}
            connection.execute(self.pages.insert(), kept)
        return item


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main(*, is_same: bool) -> None:
    settings = {
        "ITEM_PIPELINES": {SameRows if is_same else Rows: 1},
        "LOG_ENABLED": False,
        "DOWNLOAD_DELAY": 0,
        "TELNETCONSOLE_ENABLED": False,
        "ROBOTSTXT_OBEY": is_same,
    }
    process = CrawlerProcess(settings)
    process.crawl(SameReleases if is_same else Releases, start_urls=[f"http://127.0.0.1:{sys.argv[1]}/releases/"])
    begun = cpu()
    process.start()
    used = cpu() - begun
    count = sqlite3.connect(sys.argv[2]).execute("SELECT count(*) FROM releases WHERE body <> ''").fetchone()[0]
    print(json.dumps({"pages": count, "cpu": used}))


main(is_same="--same" in sys.argv[3:])
