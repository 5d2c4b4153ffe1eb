"""Every hostile server as a source of one ``up``: each fails with a reason, and the good one beside them comes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.support.hostile import BOMBS, BROKEN, DRIPS, FLOODS, coded
from tests.support.running import free_port
from tests.support.service import Service, answer, until
from tests.support.sites import Behaviour, Reply, Site, Visit, behaving, says

#: Much more than the scrapes of such a day take; a busy machine is slow.
PATIENCE = 240.0
#: Bytes that all processes may take more than before it began.
GROWTH = 150 * 1024 * 1024
XML = (("Content-Type", "application/xml"),)
TITLES = ("Harbour bridge opens to the public", "Museum shows glacier maps", "Orchard council meets in autumn")


def everything() -> dict[str, Behaviour]:
    """All that a server can do, by name."""
    bombs = {f"{coding} bomb": says(coded(coding.encode(), make())) for coding, make in BOMBS.items()}
    return {**DRIPS, **FLOODS, **BROKEN, **bombs}


def mazes(site: Site) -> dict[str, str]:
    """Ways that never end, on a site of their own: name -> the lines of a source file."""
    loop = f"<sitemapindex><sitemap><loc>{site.url}/loop.xml</loc></sitemap></sitemapindex>"
    wide = "".join(f"<sitemap><loc>{site.url}/wide/{number}.xml</loc></sitemap>" for number in range(3000))
    site["/loop.xml"] = Reply(loop.encode(), headers=XML)
    site["/wide.xml"] = Reply(f"<sitemapindex>{wide}</sitemapindex>".encode(), headers=XML)
    site["/deeper"] = lambda visit: Reply(_next_page(visit), headers=(("Content-Type", "text/html"),))
    entities = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
        f"<!ENTITY {one} '{f'&{before};' * 10}'>" for before, one in zip("abcdefgh", "bcdefghi", strict=True)
    )
    site["/entities.xml"] = Reply(f"{entities}]><rss><channel>&i;</channel></rss>".encode(), headers=XML)
    site["/nested.json"] = Reply(b"[" * 200_000, headers=(("Content-Type", "application/json"),))
    return {
        "sitemap of itself": f'url = "{site.url}/loop.xml"\nkind = "sitemap"\n',
        "sitemap of thousands": f'url = "{site.url}/wide.xml"\nkind = "sitemap"\n',
        "ever deeper": f'url = "{site.url}/deeper?page=1"\n',
        "entities": f'url = "{site.url}/entities.xml"\nkind = "feed"\n',
        "nested": f'url = "{site.url}/nested.json"\nkind = "json"\n',
    }


def _next_page(visit: Visit) -> bytes:
    number = int(visit.path.partition("page=")[2] or 1)
    items = "".join(f'<li><a href="/r/{number}/{at}">Release {at} of page {number} is here</a></li>' for at in range(9))
    return f'<ul>{items}</ul><a rel="next" href="/deeper?page={number + 1}">Next</a>'.encode()


def listing(titles: tuple[str, ...]) -> Reply:
    items = "".join(
        f'<li><a href="/r/{at}.html">{title}</a> <time>2026-05-0{at + 1}</time></li>' for at, title in enumerate(titles)
    )
    return Reply(f"<h1>News</h1><ul>{items}</ul>".encode(), headers=(("Content-Type", "text/html; charset=utf-8"),))


def page(title: str) -> Reply:
    story = "".join(
        f"<p>Sentence {at} says what there is to say of it, at some length and with care.</p>" for at in range(9)
    )
    return Reply(
        f"<title>{title}</title><h1>{title}</h1><p>Release date: 2026-05-01</p><div>{story}</div>".encode(),
        headers=(("Content-Type", "text/html; charset=utf-8"),),
    )


def memory(service: Service) -> int:
    """Bytes that all its processes take, what they share counted once."""
    total = 0
    for pid in service.descendants():
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next((int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return total


@contextmanager
def watched(service: Service) -> Iterator[list[int]]:
    """The memory of its processes, now and then as long as the context lasts."""
    found: list[int] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            found.append(memory(service))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()


@pytest.mark.slow
def test_hostile_sources_fail_with_a_reason_and_harm_nobody(tmp_path: Path) -> None:
    port = free_port()
    with ExitStack() as sites:
        good, maze = sites.enter_context(Site()), sites.enter_context(Site())
        good["/"] = listing(TITLES[:2])
        for at, title in enumerate(TITLES):
            good[f"/r/{at}.html"] = page(title)
        hostile = {name: sites.enter_context(behaving(behaviour)) for name, behaviour in everything().items()}
        lines = {name: f'url = "{site.url}/"\n' for name, site in hostile.items()} | mazes(maze)
        keys = {f"h{number}": name for number, name in enumerate(lines)}
        folder = tmp_path / "config" / "sources"
        folder.mkdir(parents=True)
        for key, name in keys.items():
            (folder / f"{key}.toml").write_text(lines[name] + 'every = "30s"\n')
        (folder / "good.toml").write_text(f'url = "{good.url}/"\nevery = "30s"\n')
        pairs = ", ".join(f'"{site.pair}"' for site in (good, maze, *hostile.values()))
        (tmp_path / "config" / "feedsvc.toml").write_text(
            f'[server]\nbase_url = "http://127.0.0.1:{port}"\n'
            f'[fetch]\nallow_targets = [{pairs}]\nhost_interval = "0s"\nhost_concurrency = 8\ntimeout = "5s"\n'
        )
        words = ("--config", str(tmp_path / "config"), "--data", str(tmp_path / "data"), "up", "--port", str(port))
        with Service(tmp_path, *words) as up:
            assert up.says("feedsvc is at")
            before = memory(up)
            with watched(up) as taken:
                ended = lambda: {key for key in keys if f"scraped source={key} result=" in up.log}  # noqa: E731
                assert until(lambda: ended() == set(keys), PATIENCE), [keys[key] for key in set(keys) - ended()]
                good["/"] = listing(TITLES)
                feed = f"http://127.0.0.1:{port}/sources/good.json"
                assert until(lambda: TITLES[2].encode() in answer(feed)[1], PATIENCE), up.log
            assert max(taken) - before < GROWTH
            said = [line for line in up.log.splitlines() if "scraped source=h" in line]
            assert "Traceback" not in up.log
    results = {name: [line for line in said if f"source={key} " in line] for key, name in keys.items()}
    silent = [name for name, told in results.items() if name in hostile and not any("reason=" in one for one in told)]
    assert silent == []
