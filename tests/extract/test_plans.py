"""Every way in is found, tried, and ranked by what it carries and whether it shows the page's own releases."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from feedsvc.errors import BadStatus
from feedsvc.extract.document import Document
from feedsvc.extract.listing import read_page
from feedsvc.extract.plans import feed_urls, find_plans
from feedsvc.model import Page, Plan, Rules

URL = "https://news.example/releases/"
NOW = datetime(2026, 5, 9, tzinfo=UTC)
NUMBERS = range(1, 6)
LIST = "<main>" + "".join(
    f"<article><h2><a href='/releases/{n}/'>Release number {n}</a></h2><time datetime='2026-05-0{n}'></time></article>"
    for n in NUMBERS
) + "</main>"  # fmt: skip


def page(text: str, url: str = URL) -> Page:
    return Page(url=url, requested_url=url, text=text, fetched_at=NOW)


def rss(folder: str, *, body: str = "<p>All of it</p>") -> str:
    items = "".join(
        f"<item><title>Release number {n}</title><link>https://news.example/{folder}/{n}/</link>"
        f"<pubDate>2026-05-0{n}</pubDate><content><![CDATA[{body}]]></content></item>"
        for n in NUMBERS
    )
    return f"<rss><channel>{items}</channel></rss>"


def plans(head: str, site: dict[str, str], body: str = LIST) -> tuple[Plan, ...]:
    def fetch(url: str) -> Page:
        if url not in site:
            raise BadStatus("the server answered 404", status=404, subject=url)
        return page(site[url], url)

    return find_plans(page(f"<html><head>{head}</head><body>{body}</body></html>"), fetch)


FEED_LINK = "<link rel=alternate type='application/rss+xml' href='/feed.xml'>"


def test_the_sites_own_feed_comes_first() -> None:
    found = plans(FEED_LINK, {"https://news.example/feed.xml": rss("releases")})
    assert [plan.kind for plan in found] == ["feed", "html"]
    assert found[0].agreement == 1.0
    assert found[0].requests == 1
    assert found[0].fill["body"] == 1.0
    assert found[1].requests == 1 + len(NUMBERS)


def test_a_feed_of_something_else_comes_after_the_list() -> None:
    found = plans(FEED_LINK, {"https://news.example/feed.xml": rss("jobs")})
    assert [plan.kind for plan in found] == ["html", "feed"]
    assert found[1].agreement == 0.0


def test_a_feed_that_cannot_be_had_stays_with_its_reason() -> None:
    last = plans(FEED_LINK, {})[-1]
    assert (last.kind, last.score) == ("feed", 0.0)
    assert "404" in last.listing.reason


def test_without_fetching_ways_are_named_but_not_tried() -> None:
    found = find_plans(page(f"<html><head>{FEED_LINK}</head><body>{LIST}</body></html>"), None)
    assert [(plan.kind, bool(plan.listing.items)) for plan in found] == [("html", True), ("feed", False)]


def test_one_feed_in_two_formats_is_one_plan() -> None:
    head = FEED_LINK + "<link rel=alternate type='application/atom+xml' href='/atom.xml'>"
    feed = rss("releases")
    found = plans(head, {"https://news.example/feed.xml": feed, "https://news.example/atom.xml": feed})
    assert [plan.kind for plan in found] == ["feed", "html"]


def test_feeds_of_comments_come_last() -> None:
    head = "<link rel=alternate type='application/rss+xml' title='Comments' href='/comments/feed/'>" + FEED_LINK
    document = Document.parse(page(f"<head>{head}</head><a href='/news.rss'>RSS</a>"))
    assert feed_urls(document) == tuple(
        f"https://news.example/{one}" for one in ("feed.xml", "news.rss", "comments/feed/")
    )


def test_wordpress_is_asked_for_the_category_that_the_page_shows() -> None:
    posts = [
        {
            "link": f"https://news.example/releases/{n}/", "title": {"rendered": f"Release &#8211; {n}"},
            "date_gmt": f"2026-05-0{n}T10:00:00", "excerpt": {"rendered": "<p>Short</p>"},
            "content": {"rendered": "<p>All of it</p>"},
            "_embedded": {"author": [{"name": "Ann Lee"}], "wp:term": [[{"taxonomy": "category", "name": "Port"}]],
                          "wp:featuredmedia": [{"source_url": "https://news.example/i.jpg", "mime_type": "image/jpeg"}]},  # noqa: E501
        }
        for n in NUMBERS
    ]  # fmt: skip
    head = "<link rel='https://api.w.org/' href='/wp-json/'>"
    address = "https://news.example/wp-json/wp/v2/posts?per_page=20&_embed=author,wp:featuredmedia,wp:term&categories=7"
    found = find_plans(
        page(f"<html><head>{head}</head><body class='archive category category-7 category-port'>{LIST}</body></html>"),
        lambda url: page(json.dumps(posts), url) if url == address else page("", url),
    )
    assert found[0].kind == "wordpress"
    item = found[0].listing.items[0]
    assert item.published[0].text == "2026-05-01T10:00:00Z"
    assert item.categories == ("Port",)
    assert item.image is not None
    assert [author.text for author in item.authors] == ["Ann Lee"]


def test_a_news_sitemap_is_the_last_resort() -> None:
    news = "".join(
        f"<url><loc>https://news.example/releases/{n}/</loc><n:news><n:publication_date>2026-05-0{n}</n:publication_date>"
        f"<n:title>Release number {n}</n:title></n:news></url>"
        for n in NUMBERS
    )
    index = (
        "<sitemapindex><sitemap><loc>/pages.xml</loc></sitemap><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>"
    )
    site = {
        "https://news.example/sitemap.xml": index,
        "https://news.example/news.xml": f"<urlset xmlns:n='urn:n'>{news}</urlset>",
    }
    found = plans("", site)
    assert [(plan.kind, plan.url) for plan in found][-1] == ("sitemap", "https://news.example/news.xml")
    assert found[-1].listing.items[0].url == "https://news.example/releases/5/"


def test_an_index_of_sitemaps_leads_to_the_likeliest_of_them() -> None:
    index = "".join(
        f"<sitemap><loc>/{name}.xml</loc><lastmod>{day}</lastmod></sitemap>"
        for name, day in {"about": "2026-05-09", "post-1": "2025-01-01", "post-2": "2026-05-01"}.items()
    )
    site = {
        "https://news.example/post-2.xml": "<urlset><url><loc>/releases/5/</loc></url></urlset>",
        "https://news.example/post-1.xml": "<urlset><url><loc>/releases/1/</loc></url></urlset>",
    }
    itself = page(f"<sitemapindex>{index}</sitemapindex>", "https://news.example/sitemap.xml")

    def fetch(url: str) -> Page:
        return page(site[url], url)

    assert [(plan.kind, plan.url) for plan in find_plans(itself, fetch)] == [
        ("sitemap", "https://news.example/post-2.xml")
    ]
    assert [plan.url for plan in find_plans(itself, None)] == ["https://news.example/sitemap.xml"]


def test_an_address_that_is_a_feed_itself_is_its_own_plan() -> None:
    only = find_plans(page(rss("releases"), "https://news.example/feed.xml"), None)
    assert [(plan.kind, plan.url, len(plan.listing.items)) for plan in only] == [
        ("feed", "https://news.example/feed.xml", 5)
    ]


RECORDS = [
    {"headline": f"Release number {n}", "url": f"/releases/{n}/", "datePublished": f"2026-05-0{n}"} for n in NUMBERS
]
NUXT = [["Reactive", 1], {"data": 2}, [3, 6], {"title": 4, "link": 5}, "One release", "/releases/1/", {"title": 7, "link": 8}, "Two releases", "/releases/2/"]  # fmt: skip  # noqa: E501
CARRIED = {
    "a JSON-LD list": f"<script type='application/ld+json'>{json.dumps({'@type': 'Blog', 'blogPost': RECORDS})}</script>",  # noqa: E501
    "a JSON-LD list of list items": "<script type='application/ld+json'>"
    + json.dumps(
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": one} for one in RECORDS]}
    )
    + "</script>",
    "Next.js": f"<script id=__NEXT_DATA__ type='application/json'>{json.dumps({'props': {'pageProps': {'news': RECORDS}}})}</script>",  # noqa: E501
    "Nuxt 3": f"<script id=__NUXT_DATA__ type='application/json'>{json.dumps(NUXT)}</script>",
    "an assigned state": f"<script>window.__STATE__ = {json.dumps({'list': RECORDS})};\nboot();</script>",
    "edges": f"<script type='application/json'>{json.dumps({'edges': [{'cursor': 'c', 'node': one} for one in RECORDS]})}</script>",  # noqa: E501
}


def test_json_in_the_page_is_read_however_it_is_carried() -> None:
    for name, script in CARRIED.items():
        listing = read_page(page(f"<div id=app></div>{script}"), "json", Rules())
        assert [item.url for item in listing.items][:2] == [f"{URL}{n}/" for n in (1, 2)], name
        assert all(item.title for item in listing.items), name


def test_slugs_become_addresses_by_the_links_of_the_page() -> None:
    slugs = [{"title": f"Release number {n}", "slug": f"release-{n}"} for n in NUMBERS]
    links = "".join(f"<a href='/r/2026/release-{n}'>x</a>" for n in NUMBERS)
    listing = read_page(page(f"{links}<script type='application/json'>{json.dumps(slugs)}</script>"), "json", Rules())
    assert listing.items[0].url == "https://news.example/r/2026/release-1"


def test_an_address_that_answers_with_json_is_read() -> None:
    assert len(read_page(page(json.dumps({"data": {"items": RECORDS}})), "auto", Rules()).items) == len(NUMBERS)


def test_a_page_without_json_says_so() -> None:
    assert read_page(page("<p>words</p>"), "json", Rules()).reason.startswith("nothing here, because ")
