"""Pages whose size or shape costs whoever reads them dearly, by name: their media type and their bytes, made anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import islice

HTML, XML, JSON = "text/html; charset=utf-8", "application/xml", "application/json"
#: What a fetch brings at most (rule F5), and a little less: the page that it just brings.
FULL = 10 * 1024 * 1024 - 5_000

Make = Callable[[], bytes]
PAGES: dict[str, tuple[str, Make]] = {}


def whole(body: str, head: str = "") -> bytes:
    """An HTML page."""
    return f"<!doctype html><html><head><title>News</title>{head}</head><body>{body}</body></html>".encode()


def filled(pieces: Iterator[str], size: int = FULL) -> str:
    """As many pieces as a fetch brings."""
    kept, length = [], 0
    for piece in pieces:
        length += len(piece.encode())
        if length > size:
            break
        kept.append(piece)
    return "".join(kept)


def again(piece: str, size: int = FULL) -> str:
    """One piece as often as a fetch brings it."""
    return piece * (size // len(piece.encode()))


def counted(form: str, count: int) -> str:
    """``form`` with each number up to ``count``."""
    return "".join(form.replace("#", str(number)) for number in range(count))


def endlessly(form: str) -> str:
    """``form`` with one number after the other, as many as a fetch brings."""
    return filled(form.replace("#", str(number)) for number in range(10**7))


def nested(*names: str, depth: int) -> str:
    """Elements in elements."""
    return "".join(f"<{names[at % len(names)]}>" for at in range(depth)) + "x"


def rss(items: str) -> bytes:
    """An RSS document."""
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>News</title>{items}</channel></rss>".encode()


def atom(entries: str) -> bytes:
    """An Atom document."""
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title>{entries}</feed>".encode()


def json_feed(items: list[object]) -> bytes:
    """A JSON Feed."""
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": items}).encode()


def records(count: int) -> list[object]:
    """Items of a JSON Feed."""
    return [{"id": f"https://n.example/{n}", "url": f"https://n.example/{n}", "title": f"No {n}"} for n in range(count)]


def html(name: str, make: Callable[[], str], head: Callable[[], str] = lambda: "") -> None:
    """Take in an HTML page by its body and the end of its head."""
    PAGES[name] = (HTML, lambda: whole(make(), head()))


ITEM = "<li><h3><a href='/n/#.html'>Release # on the harbour</a></h3><span>2024-01-02</span></li>"
html("a list of a hundred thousand links", lambda: counted("<li><a href='/n/#.html'>Release no #</a></li>", 100_000))
html("a full page of links", lambda: endlessly("<a href=/#>#</a>"))
html("a full page of items", lambda: endlessly(ITEM))
html("a full page of paragraphs", lambda: endlessly("<p>Paragraph # tells of the harbour and of its quays.</p>"))
html("a full page of one word", lambda: again("word "))
html("a full page of one letter", lambda: again("x"))
html("a full page of spaces", lambda: again(" "))
html("a full page of wide letters", lambda: again("\U0001f600"))
html("a full page of Chinese", lambda: again("新闻发布会今日举行。"))
html("one wide letter in a full page", lambda: "\U0001f600" + again("word ", FULL - 20))
html("wide letters between links", lambda: endlessly("<p><a href=/#>\U0001f600#</a></p>"))
html("a full page of empty elements", lambda: again("<b>"))
html("a full page of breaks", lambda: again("<br>"))
html("a full page of closing tags", lambda: again("</p>"))
html("a full page of opening brackets", lambda: again("<"))
html("a full page of ampersands", lambda: again("&"))
html("a full page of entities", lambda: again("&lt;b&gt;"))
html("a full page of comments", lambda: again("<!-- x -->"))
html("one endless comment", lambda: "<!--" + again("- "))
html("one endless script", lambda: "<script>" + again("x<y;"))
html("one endless style", lambda: "<style>" + again("a{} "))
html("one endless tag", lambda: "<a " + again("x=y "))
html("one endless attribute", lambda: "<a href='" + again("x"))
html("attributes of a megabyte", lambda: again(f"<i title='{'x' * 1_048_000}'>x</i>"))
html("many attributes on each element", lambda: again("<p " + " ".join(f"a{n}=1" for n in range(60)) + ">x</p>"))
html("a thousand attributes on each element", lambda: again("<p " + " ".join(f"a{n}" for n in range(1000)) + ">x</p>"))
html("a hundred thousand levels", lambda: nested("div", depth=100_000))
html("a hundred thousand levels of formatting", lambda: nested("b", "i", depth=100_000))
html("a hundred thousand levels of links", lambda: counted("<a href=/n/#><div>", 100_000))
html("a hundred thousand levels of lists", lambda: nested("ul", "li", depth=100_000))
html("a hundred thousand levels of tables", lambda: nested("table", "tr", "td", depth=100_000))
html("two hundred thousand rows", lambda: counted("<tr><td>#</td></tr>", 200_000))
html("formatting that never closes, in paragraphs", lambda: counted("<p><b><i><a href=/#>x", 40_000))
html("drawings in drawings", lambda: again("<svg><math><mtext>", 2_000_000))
html("hidden boxes", lambda: counted("<div style='display:none'>x#</div>", 60_000))
html("a hundred thousand classes", lambda: counted("<div class='c# d# e#'>x</div>", 100_000))
html("a hundred thousand dates", lambda: counted("<p>2 January 2024, no #</p>", 100_000))
html("a hundred thousand headings", lambda: counted("<h2>Heading no # of this page</h2>", 100_000))
html("a hundred thousand times", lambda: counted("<time datetime='2024-01-02'>#</time>", 100_000))
html("a hundred thousand pictures", lambda: counted("<img src=/#.jpg width=900>", 100_000))
html("claims in the head", lambda: "x", lambda: counted("<meta property='og:title' content='Title #'>", 100_000))
html("links in the head", lambda: "x", lambda: counted("<link rel=alternate href=/#>", 100_000))
html("a base that grows", lambda: "x", lambda: f"<base href='/{'a/' * 400_000}'>")
html("nested JSON-LD", lambda: "x", lambda: f"<script type='application/ld+json'>{'[' * 100_000}</script>")
html("long JSON-LD", lambda: "x", lambda: f"<script type='application/ld+json'>[{again('{}, ', 9_000_000)}1]</script>")
html(
    "long state of an application",
    lambda: f"<script id='__NEXT_DATA__' type='application/json'>{json.dumps({'items': records(100_000)})}</script>",
)
html("one paragraph of a hundred thousand links", lambda: "<p>" + counted("<a href=/n/#>story #</a>, ", 100_000))
html("a wall of labels", lambda: counted("<p>Source: Office #</p><p>Release date: 2024-01-02</p>", 50_000))
html("a title without end", lambda: "x", lambda: f"<title>{again('Harbour | ', 5_000_000)}")
html("an article without end", lambda: f"<article><h1>Harbour</h1>{endlessly('<p>Paragraph # of it.</p>')}")
html(
    "very long words of letters and dots",
    lambda: again("a." * 100_000 + " ", 5_000_000),
)
PAGES["a feed of a hundred thousand items"] = (
    XML,
    lambda: rss(counted("<item><title>No #</title><link>https://n.example/#</link></item>", 100_000)),
)
PAGES["a feed of a hundred thousand entries"] = (
    XML,
    lambda: atom(counted("<entry><title>No #</title><link href='https://n.example/#'/></entry>", 100_000)),
)
PAGES["a JSON feed of a hundred thousand items"] = (JSON, lambda: json_feed(records(100_000)))
PAGES["a feed of one endless item"] = (XML, lambda: rss(f"<item><title>{again('x ')}</title></item>"))
PAGES["a feed of empty items"] = (XML, lambda: rss(again("<item/>", FULL - 200)))
PAGES["a feed nested a hundred thousand times"] = (XML, lambda: rss("<item>" * 100_000))
PAGES["a feed of attributes"] = (XML, lambda: rss("<item " + counted("a#='1' ", 100_000) + "/>"))
PAGES["a feed of namespaces"] = (XML, lambda: rss(counted("<a#:item xmlns:a#='urn:#'/>", 100_000)))
PAGES["a billion laughs"] = (
    XML,
    lambda: (
        b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'ha'>"
        + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
        + b"]><rss><channel><item><title>&m;</title></item></channel></rss>"
    ),
)
PAGES["a quadratic blow-up"] = (
    XML,
    lambda: (
        b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a '"
        + b"x" * 100_000
        + b"'>]><rss><channel><title>"
        + b"&a;" * 100_000
        + b"</title></channel></rss>"
    ),
)
PAGES["a sitemap of a hundred thousand pages"] = (
    XML,
    lambda: f"<urlset>{counted('<url><loc>https://n.example/#</loc></url>', 100_000)}</urlset>".encode(),
)
PAGES["an index of a hundred thousand sitemaps"] = (
    XML,
    lambda: f"<sitemapindex>{counted('<sitemap><loc>/m/#</loc></sitemap>', 100_000)}</sitemapindex>".encode(),
)
PAGES["JSON nested a hundred thousand times"] = (JSON, lambda: b"[" * 100_000)
PAGES["JSON objects nested a hundred thousand times"] = (JSON, lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000)
PAGES["JSON of a million numbers"] = (JSON, lambda: json.dumps(list(range(1_000_000))).encode())
PAGES["JSON of one number"] = (JSON, lambda: b"[" + b"9" * 5_000_000 + b"]")
PAGES["JSON of a million objects"] = (JSON, lambda: b"[" + b"{}, " * 2_000_000 + b"{}]")
PAGES["a WordPress answer of fifty thousand posts"] = (
    JSON,
    lambda: json.dumps(
        [
            {"id": n, "link": f"https://n.example/{n}", "title": {"rendered": f"No {n}"}, "date": "2024-01-02T03:04:05"}
            for n in range(50_000)
        ]
    ).encode(),
)


def ten_thousand_entries() -> bytes:
    """A long list as real sites have them, of some three megabytes: no attack, to be read whole (rule F11)."""
    form = (
        "<li class='item'><div class='card'><a class='more' href='/news/2024/harbour-works-#.html'><h3>Harbour works,"
        " part #: what the council decided</h3></a><span class='date'>{}</span><p>What the council decided on that day,"
        " in a sentence, and what comes of it for the town and for its # quays.</p></div></li>"
    )
    items = (form.replace("#", str(n)).replace("{}", f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}") for n in range(10_000))
    return whole(f"<main><h1>News</h1><ul>{''.join(islice(items, 10_000))}</ul></main>")
