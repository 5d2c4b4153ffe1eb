"""What is refused is refused by name, and a page without a list says because of what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.extract.document import Document
from feedsvc.extract.listing import read_listing
from feedsvc.model import Listing, Page, Rules

URL = "https://news.example/releases/"
WORDS = ("harbour", "ferry", "crane", "report", "summer")
MAIN = (
    "<main>"
    + "".join(
        f"<article><h2><a href='/releases/{w}/'>The {w} in the news</a></h2><time datetime='2026-05-01'>1 May</time></article>"  # noqa: E501
        for w in WORDS
    )
    + "</main>"
)
STORY = (
    "<p>" + "The harbour has been opened to ships of every size, and many of them have come to see it. " * 4 + "</p>"
)


def read(markup: str, *, status: int = 200) -> Listing:
    page = Page(url=URL, requested_url=URL, status=status, text=markup, fetched_at=datetime(2026, 5, 1, tzinfo=UTC))
    return read_listing(Document.parse(page), Rules())


def links(path: str, *, count: int = 5) -> str:
    return "".join(f"<li><a href='{path.format(n=n)}'>Link {n} here</a></li>" for n in range(1, count + 1))


JUNK = {
    "navigation": f"<nav><ul>{links('/part{n}/')}</ul></nav>",
    "tag cloud": f"<ul>{links('/tags/word{n}/')}</ul>",
    "category links": f"<ul>{links('/category/word{n}/')}</ul>",
    "author links": f"<ul>{links('/author/name{n}/')}</ul>",
    "month archive": f"<ul>{links('/archives/2025/0{n}/')}</ul>",
    "pager": f"<ul class='pagination'>{links('/releases/page/{n}/')}</ul>",
    "popular posts": f"<div class='popular'><ul>{links('/releases/old-{n}/')}</ul></div>",
    "feeds and files": f"<p>{links('/feeds/{n}.xml')}</p>",
    "sidebar": f"<aside><ul>{links('/part{n}/')}</ul></aside>",
    "footer": f"<footer><ul>{links('/part{n}/')}</ul></footer>",
    "advertisement": f"<div class='ads'>{links('https://shop.example/{n}')}</div>",
    "share links": f"<ul class='share'>{links('https://facebook.com/share?{n}')}</ul>",
    "breadcrumb": f"<ol class='breadcrumb'>{links('/part{n}/')}</ol>",
    "links to other sites": f"<ul>{links('https://friend{n}.example/')}</ul>",
}


@pytest.mark.parametrize("reason", JUNK)
def test_junk_beside_a_list_is_refused_with_its_name(reason: str) -> None:
    listing = read(f"<body>{MAIN}{JUNK[reason]}</body>")
    assert len(listing.items) == len(WORDS)
    assert reason in {refusal.reason for refusal in listing.refused}
    assert any("Link 1 here" in refusal.what for refusal in listing.refused)


NOTHING = {
    "empty": ("", "it is empty"),
    "a few words": ("<p>Greetings, all.</p>", "a page of a few words"),
    "an app shell": ("<div id=root></div><script src=/app.js></script>", "empty app shell"),
    "a login": (f"<h1>Sign in</h1><form><input name=u><input type=password></form>{'<p>Welcome.</p>' * 30}", "login"),
    "a search": (f"<form role=search><input type=search></form>{'<p>Try other words.</p>' * 30}", "search"),
    "not found": ("<title>404 Not Found</title><h1>Not found</h1><p>This page is gone.</p>", "error page"),
    "not found in German": ("<title>Fehler</title><h1>Seite nicht gefunden</h1><p>Schade.</p>", "error page"),
    "a captcha": ("<title>Just a moment...</title><h1>Checking your browser</h1>", "human"),
    "an embedded file": ("<embed src='/report.pdf' type='application/pdf'>", "embeds another document"),
    "a release": (f"<meta property='og:type' content='article'><article><h1>One story</h1>{STORY * 4}</article>", "single release"),  # noqa: E501
    "only navigation": (f"<nav><ul>{links('/part{n}/')}</ul></nav>{'<p>Welcome to us.</p>' * 30}", "navigation"),
    "no links": ("<p>Welcome to our site.</p>" * 30, "links to no other page"),
}  # fmt: skip


@pytest.mark.parametrize("page", NOTHING)
def test_a_page_without_a_list_says_because_of_what(page: str) -> None:
    markup, because = NOTHING[page]
    listing = read(f"<html><body>{JUNK['footer']}{markup}</body></html>" if page == "a release" else markup)
    assert not listing.items
    assert listing.reason.startswith("nothing here, because ")
    assert because in listing.reason


def test_an_error_status_is_the_reason_whatever_the_page_says() -> None:
    assert read("<p>Oops</p>", status=503).reason == "nothing here, because the server answered with status 503"


def test_stories_told_in_full_under_linked_headings_are_a_list() -> None:
    stories = "".join(
        f"<h2><a href='/releases/{w}/'>The {w} in the news</a></h2>{STORY * (1 + 3 * n)}"
        for n, w in enumerate(WORDS[:3])
    )
    assert len(read(f"<body><div>{stories}</div></body>").items) == 3
