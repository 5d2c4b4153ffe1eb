"""Release pages end to end into the store, a second a core: found automatically, and by rules.

``python tests/benchmarks/pipeline.py [PAGES] [PYTHON]`` prints one line of JSON. A newsroom on loopback serves a
listing and release pages of about 50 KB, without an interval between requests; fetch, extraction, normalization,
sanitizing, snapshots and SQLite are the real ones. CPU is this process' own (the site runs in another), so a busy
machine disturbs little. Beside it, in the same run: trafilatura alone on the same pages and, where PYTHON is
an interpreter that has Scrapy, nh3, dateparser and SQLAlchemy (Scrapy is no dependency of ours), the same job by
Scrapy, and what is left of it when fields are written as they stand.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import random
import resource
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path

from feedsvc import log
from feedsvc.cli.main import COLLECT_AFTER
from feedsvc.fetch import Client, FetchSettings
from feedsvc.model import ReleaseRules, Rules, Source
from feedsvc.scrape import Progress, Scraper, ScrapeSettings
from feedsvc.scrape.decide import Limits
from feedsvc.service.reading import PageReader
from feedsvc.store import Store

WORDS = (
    "release expo forum trade region results opening company growth market research statement visitors harbour engine"
    " granite lantern orchard signal meadow copper violin glacier window timber council budget bridge museum library"
).split()
RULES = Rules(
    item="li.release",
    link="a",
    title="a",
    published=".date",
    release=ReleaseRules(
        title="h1",
        body=".story",
        published=".published",
        author=".author",
        publisher=".publisher",
        category=".crumbs a",
        image=".lead img",
    ),
)


def sentences(rnd: random.Random, count: int) -> str:
    return " ".join(
        " ".join(rnd.choice(WORDS) for _ in range(rnd.randint(8, 18))).capitalize() + "." for _ in range(count)
    )


def title_of(number: int) -> str:
    """What listing and page call a release."""
    return f"{sentences(random.Random(-number), 1)[:70]} {number}"


def release_page(number: int) -> str:
    """A page of about 50 KB: a story of 6 KB among menus, teasers, scripts and styles, as news centres have them."""
    rnd, title = random.Random(number), title_of(number)
    story = "".join(f"<p>{sentences(rnd, rnd.randint(2, 5))}</p>" for _ in range(12))
    menu = "".join(f'<li><a href="/section/{at}/">{rnd.choice(WORDS).title()} {at}</a></li>' for at in range(60))
    teasers = "".join(
        f'<div class="teaser"><a href="/releases/t{at}.html"><img src="/t{at}.jpg" alt=""></a>'
        f'<h4><a href="/releases/t{at}.html">{sentences(rnd, 1)[:80]}</a></h4><p>{sentences(rnd, 1)}</p></div>'
        for at in range(24)
    )
    script = "".join(f"window.d{at}={{'k':'{rnd.random()}','v':[{at},{at + 1}]}};" for at in range(420))
    style = "".join(f".c{at}{{margin:{at}px;padding:{at % 7}px}}" for at in range(360))
    day = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)).strftime("%Y-%m-%d %H:%M")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | Newsroom</title>'
        f'<meta property="og:title" content="{title}"><style>{style}</style><script>{script}</script></head><body>'
        f'<nav><ul>{menu}</ul></nav><div class="crumbs"><a href="/">Home</a> &gt; <a href="/news/">News</a></div>'
        f'<article><h1>{title}</h1><p class="meta">Release date: <span class="published">{day}</span> '
        f'Source: <span class="publisher">Example Bureau</span> By <span class="author">Ada Writer</span></p>'
        f'<figure class="lead"><img src="/l{number}.jpg" width="800" height="450" alt=""></figure>'
        f'<div class="story">{story}</div></article><aside>{teasers}</aside>'
        f"<footer><ul>{menu}</ul></footer></body></html>"
    )


def listing_page(count: int) -> str:
    items = "".join(
        f'<li class="release"><a href="/releases/{at}.html">{title_of(at)}</a>'
        f'<span class="date">{(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=at)).date()}</span></li>'
        for at in range(count)
    )
    return f"<html><head><title>Releases</title></head><body><h1>Releases</h1><ul>{items}</ul></body></html>"


def serve(count: int, pipe: Connection) -> None:
    """The newsroom, in a process of its own."""
    pages = {f"/releases/{at}.html": release_page(at).encode() for at in range(count)}
    pages["/releases/"] = listing_page(count).encode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = pages.get(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    pipe.send(server.server_port)
    server.serve_forever()


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def scraped(port: int, count: int, rules: Rules) -> float:
    """Pages a second of CPU, from the first request to the last commit."""
    source = Source(key="b", urls=(f"http://127.0.0.1:{port}/releases/",), title="B", category="b", kind="html")
    settings = ScrapeSettings(limits=Limits(details=count, flood=count), cut_after=None)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/bench.sqlite3")
        kept = FetchSettings(allow_targets=(f"127.0.0.1:{port}",), host_interval=0.0, ledger_file=f"{folder}/hosts.db")
        client = Client(kept)
        scraper = Scraper(store, client, PageReader(), clock=lambda: datetime.now(UTC), settings=settings)
        store.sources.sync([replace(source, rules=rules)], now=datetime.now(UTC))
        begun = cpu()
        outcome = scraper.scrape("b", owner="bench:1:a", progress=Progress(cut_after=None))
        used = cpu() - begun
        client.close()
        store.close()
    if len(outcome.new) != count:
        sys.exit(f"{len(outcome.new)} of {count} pages became entries: {outcome.reason} {outcome.failures[:1]}")
    return count / used


def trafilatura_alone(count: int) -> float:
    """Pages a second of CPU that trafilatura gives text and metadata for, without network or store."""
    import trafilatura

    pages = [release_page(at) for at in range(count)]
    trafilatura.bare_extraction(pages[0], with_metadata=True)
    begun = cpu()
    for page in pages:
        trafilatura.bare_extraction(page, with_metadata=True)
    return count / (cpu() - begun)


def by_scrapy(python: str, port: int, count: int, *options: str) -> float:
    """Pages a second of CPU that Scrapy follows, reads by the same rules and writes to SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        job = str(Path(__file__).with_name("scrapy_job.py"))
        command = [python, job, str(port), f"{folder}/rows.sqlite3", *options]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    if found["pages"] != count:
        sys.exit(f"Scrapy brought {found['pages']} of {count} pages")
    return float(count / found["cpu"])


def main(count: int, python: str) -> None:
    log.configure(level="error")
    gc.set_threshold(COLLECT_AFTER)
    here, there = multiprocessing.Pipe()
    site = multiprocessing.Process(target=serve, args=(count, there), daemon=True)
    site.start()
    port = here.recv()
    try:
        automatic, ruled = scraped(port, count, Rules()), scraped(port, count, RULES)
        scrapy = {}
        if python:
            scrapy["scrapy_same_job_per_cpu_second"] = round(by_scrapy(python, port, count, "--same"), 1)
            scrapy["scrapy_fields_alone_per_cpu_second"] = round(by_scrapy(python, port, count), 1)
    finally:
        site.terminate()
        site.join()
    print(
        json.dumps(
            {
                "pages": count,
                "page_kb": round(len(release_page(1)) / 1000, 1),
                "automatic_per_cpu_second": round(automatic, 1),
                "by_rules_per_cpu_second": round(ruled, 1),
                **scrapy,
                "trafilatura_alone_per_cpu_second": round(trafilatura_alone(min(count, 40)), 1),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, sys.argv[2] if len(sys.argv) > 2 else "")
