"""Heavy pages are read in a process of their own: the same comes of them, and what takes too long is given up (F6)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest

from feedsvc.errors import NothingFound, NoTurn
from feedsvc.fetch import page_from_bytes
from feedsvc.model import Found, ListingItem, Page, Rules
from feedsvc.service.heavy import CPU_MOST, HeavyReader, is_heavy
from feedsvc.service.reading import PageReader
from tests.support.centre import NOON, SOURCE

ITEM = ListingItem(url="https://news.example/1.html", title=Found(text="Harbour on schedule", where="listing"))
STORY = "".join(f"<p>Paragraph {n} tells of the harbour, and of its quays on that day.</p>" for n in range(40))
#: Comments that no reader sees make a page heavy and change nothing.
WEIGHT = f"<!-- {'x' * 700_000} -->"


def page(body: str, head: str = "") -> Page:
    html = f"<html><head><title>Harbour on schedule</title>{head}</head><body>{body}</body></html>"
    return page_from_bytes(html.encode(), url=ITEM.url, content_type="text/html; charset=utf-8", fetched_at=NOON)


@pytest.fixture(scope="module")
def heavy() -> Iterator[HeavyReader]:
    reader = HeavyReader()
    yield reader
    reader.close()


def test_a_heavy_release_page_gives_the_same_entry(heavy: HeavyReader) -> None:
    body = f"<h1>Harbour on schedule</h1><p>By Ann Smith</p><p>January 2, 2024</p>{STORY}<img src='/a.jpg' width=900>"
    light, weighty = page(body), page(body + WEIGHT)
    assert (is_heavy(light), is_heavy(weighty)) == (False, True)
    expected = PageReader(heavy=None).release(light, ITEM, SOURCE, now=NOON)
    assert PageReader(heavy).release(weighty, ITEM, SOURCE, now=NOON) == expected
    assert heavy.entry(PageReader().draft(light, ITEM, SOURCE), ITEM, SOURCE, now=NOON) == expected


def test_a_heavy_listing_page_gives_the_same_items(heavy: HeavyReader) -> None:
    items = "".join(f"<li><a href='/{n}.html'>Release {n} on the harbour</a> 2024-01-{n:02}</li>" for n in range(2, 21))
    light, weighty = page(f"<ul>{items}</ul>"), page(f"<ul>{items}</ul>{WEIGHT}")
    expected = PageReader(heavy=None).listing(light, SOURCE)
    assert len(expected.listing.items) == 19
    assert PageReader(heavy).listing(weighty, SOURCE) == expected
    (plan,) = PageReader(heavy).ways(weighty, lambda url: pytest.fail(url))
    assert plan.listing == expected.listing
    assert PageReader(heavy).plans(weighty, lambda url: pytest.fail(url)) == (), "a scrape reads it once"


def test_a_wall_is_called_what_it_is(heavy: HeavyReader) -> None:
    with pytest.raises(NothingFound, match="looks like this"):
        PageReader(heavy).release(page(f"<div id=app></div>{WEIGHT}"), None, SOURCE, now=NOON)


def test_a_page_that_takes_too_long_is_given_up_and_the_next_one_is_read() -> None:
    endless = page("".join(f"<div style='display:none'>x{n}</div>" for n in range(60_000)))
    heavy = HeavyReader(seconds=1.0)
    with pytest.raises(NothingFound, match="given up") as caught:
        PageReader(heavy).release(endless, ITEM, SOURCE, now=NOON)
    assert (caught.value.subject, bool(caught.value.remedy)) == (ITEM.url, True)
    heavy._seconds = CPU_MOST
    assert PageReader(heavy).release(page(f"<h1>Harbour on schedule</h1>{STORY}{WEIGHT}"), ITEM, SOURCE, now=NOON)
    heavy.close()


def test_a_reader_that_ended_is_started_again(heavy: HeavyReader) -> None:
    weighty = page(f"<h1>Harbour on schedule</h1>{STORY}{WEIGHT}")
    first = PageReader(heavy).release(weighty, ITEM, SOURCE, now=NOON)
    assert heavy._process is not None
    heavy._process.kill()
    heavy._process.wait()
    assert PageReader(heavy).release(weighty, ITEM, SOURCE, now=NOON) == first


def test_a_page_that_takes_too_much_memory_is_given_up_and_says_so() -> None:
    boxes = "".join(f"<i class='a{n} b{n} c{n}' title='{n}' lang='{n}'>x</i>" for n in range(100_000))
    heavy = HeavyReader(seconds=60, wall=600)
    with pytest.raises(NothingFound, match="given up: it takes more than 90 MiB of memory"):
        PageReader(heavy).listing(page(boxes), SOURCE)
    heavy.close()


def test_a_page_of_more_tags_than_can_be_read_in_time_is_not_tried(heavy: HeavyReader) -> None:
    with pytest.raises(NothingFound, match="was not read: 400010 tags"):
        PageReader(heavy).listing(page("<b>" * 400_002), SOURCE)
    with pytest.raises(NothingFound, match="was not read: its text takes"):
        PageReader(heavy).listing(page("\U0001f600" * 1 + "word " * 1_000_000), SOURCE)


def test_while_one_heavy_page_is_read_another_waits_for_its_turn_and_is_no_failure(heavy: HeavyReader) -> None:
    weighty = page(f"<h1>Harbour on schedule</h1>{STORY}{WEIGHT}")
    in_a_hurry = HeavyReader(turn=0.01)
    with in_a_hurry._in_turn(weighty.url), pytest.raises(NoTurn, match="other pages as heavy"):
        in_a_hurry.listing(weighty, SOURCE)
    in_a_hurry.close()


def test_many_threads_take_turns(heavy: HeavyReader) -> None:
    found: list[str] = []

    def read(number: int) -> None:
        body = f"<h1>Harbour {number} on schedule</h1>{STORY}{WEIGHT}"
        found.append(PageReader(heavy).release(page(body), None, SOURCE, now=NOON).title)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [f"Harbour {number} on schedule" for number in range(4)]


#: Shapes of modest size that once took minutes: each costs little more than its length.
HOSTILE = {
    "a title of separators": f"<title>{': ' * 30_000}</title>",
    "a title of labels": f"<title>{'Source: ' * 10_000}</title><h1>{'Source: ' * 10_000}</h1>",
    "a heading of Chinese labels": f"<h1>{'来源：' * 20_000}</h1><h1>{'发布日期：' * 20_000}</h1>",
    "claims of titles": "".join(f"<meta property='og:title' content='Title {n}'>" for n in range(3_000)),
    "authors": "".join(f"<a rel='author' href='/{n}'>Author {n}</a> " for n in range(2_000)),
    "dates in words that nobody reads": "".join(f"<p>发布日期：2024年1月{n}日 来源：新华社</p>" for n in range(2_000)),
    "one letter, a million times": "<" * 590_000,
    "deep formatting": "<b><i>" * 1_900 + "x",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_page_of_modest_size_is_read_in_a_thread_and_ends(name: str) -> None:
    hostile = page(HOSTILE[name])
    with suppress(NothingFound):
        assert PageReader().release(hostile, ITEM, SOURCE, now=NOON)
    with suppress(NothingFound):
        assert PageReader().listing(hostile, SOURCE)


@pytest.mark.parametrize("rules", [Rules(), Rules(item="li"), Rules(item="li", link="a", published=".day")])
def test_a_list_of_very_many_items_is_read_to_its_end(rules: Rules) -> None:
    numbers = range(1, 3001)
    items = "".join(
        f"<li><a href='/harbour-{n}.html'>Release {n} on the harbour</a><i class='day'>2024-01-{n % 28 + 1:02}</i></li>"
        for n in numbers
    )
    heavy = HeavyReader(seconds=60, wall=600)  # whatever else this machine does
    read = PageReader(heavy).listing(page(f"<ul>{items}</ul>"), replace(SOURCE, rules=rules)).listing.items
    heavy.close()
    assert [item.title.text for item in read if item.title] == [f"Release {n} on the harbour" for n in numbers]
    assert all(item.published for item in read)
