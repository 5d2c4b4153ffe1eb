"""Hostile pages through the whole path into the feeds: nothing that runs, loads or lies comes out at the other end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape

import pytest
from bs4 import BeautifulSoup
from lxml import etree

from feedsvc.config import Settings
from feedsvc.model import FeedRef, Format
from feedsvc.protocols import FeedIdentity, Window
from feedsvc.publish.assemble import FeedFacts, assemble
from feedsvc.publish.rendering import render
from feedsvc.store import Store
from tests.support.centre import NOON, SiteInMemory, scrape

ALL = FeedRef(kind="all")
#: Each says ``boom()`` where it would run.
VECTORS = (
    "<script>boom()</script>",
    "<ScRiPt src=//evil.example/x.js></ScRiPt>",
    "<scr<script>ipt>boom()</scr</script>ipt>",
    "<script/x>boom()</script>",
    "<svg onload=boom()>",
    "<svg><script>boom()</script></svg>",
    '<svg><a xlink:href="javascript:boom()"><text>x</text></a></svg>',
    "<svg><style><img src=x onerror=boom()></style></svg>",
    '<svg><use href="data:image/svg+xml,<svg onload=boom()>"/></svg>',
    '<svg><animate attributeName=href values="javascript:boom()"/></svg>',
    "<math><mtext><table><mglyph><style><img src=x onerror=boom()></style></table></mtext></math>",
    '<math href="javascript:boom()">x</math>',
    "<img src=x onerror=boom()>",
    "<img src=x onerror  =\n boom()>",
    '<img src="x` `<script>boom()</script>"` `>',
    '<img/src="x"/onerror="boom()">',
    '<img srcset="javascript:boom() 1x, x.jpg 2x">',
    '<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9Ym9vbSgpPg==">',
    '<a href="javascript:boom()">x</a>',
    '<a href=" java\tscript:boom()">x</a>',
    '<a href="&#106;avascript:boom()">x</a>',
    '<a href="&#x6A&#x61vascript:boom()">x</a>',
    '<a href="JaVaScRiPt:boom()">x</a>',
    '<a href="\x01javascript:boom()">x</a>',
    '<a href="vbscript:boom()">x</a>',
    '<a href="data:text/html,<script>boom()</script>">x</a>',
    '<a href="https://good.example/" onclick=boom()>x</a>',
    '<a href="https://user:secret@evil.example/">x</a>',
    '<a href="x" style="background:url(javascript:boom())">x</a>',
    '<a target=_blank href="//evil.example" ping="//evil.example/p">x</a>',
    "<iframe src=javascript:boom()></iframe>",
    "<iframe srcdoc='<script>boom()</script>'></iframe>",
    '<iframe src="https://evil.example/"></iframe>',
    "<object data=javascript:boom()></object>",
    "<embed src=javascript:boom()>",
    "<applet code=boom></applet>",
    '<form action="javascript:boom()"><button>x</button></form>',
    '<button formaction="javascript:boom()">x</button>',
    "<input autofocus onfocus=boom()>",
    "<select onfocus=boom() autofocus></select>",
    "<textarea autofocus onfocus=boom()></textarea>",
    "<details open ontoggle=boom()>x</details>",
    "<video onloadstart=boom() src=x></video>",
    "<video><source onerror=boom()></video>",
    '<video poster="javascript:boom()"></video>',
    "<audio src onerror=boom()></audio>",
    "<body onload=boom()>",
    "<marquee onstart=boom()>x</marquee>",
    '<meta http-equiv=refresh content="0;url=javascript:boom()">',
    '<base href="javascript:boom()//">',
    '<link rel=stylesheet href="javascript:boom()">',
    "<style>@import 'javascript:boom()';</style>",
    "<style>*{background:url('javascript:boom()')}</style>",
    '<div style="behavior:url(#default#time2)" onbegin=boom()>x</div>',
    '<p style="width:expression(boom())">x</p>',
    "<noscript><p title='</noscript><img src=x onerror=boom()>'></noscript>",
    "<template><script>boom()</script></template>",
    "<!--><img src=x onerror=boom()>-->",
    "<!--[if gte IE 4]><script>boom()</script><![endif]-->",
    "<?xml-stylesheet href='javascript:boom()'?>",
    "<![CDATA[<script>boom()</script>]]>",
    "]]><script>boom()</script>",
    "<xmp><script>boom()</script></xmp>",
    "<plaintext><script>boom()</script>",
    "<title><img src=x onerror=boom()></title>",
    "<p id=x name=y class=z onmouseover=boom()>x</p>",
    "<table background='javascript:boom()'><tr><td background='javascript:boom()'>x</td></tr></table>",
    "<q cite='javascript:boom()'>x</q><blockquote cite='javascript:boom()'>y</blockquote>",
    "<del cite='javascript:boom()'>x</del>",
    "<isindex action=javascript:boom() type=image>",
    "<frameset onload=boom()><frame src=javascript:boom()></frameset>",
    "<bgsound src=javascript:boom()>",
    "<keygen autofocus onfocus=boom()>",
    "<portal src=javascript:boom() onload=boom()></portal>",
    "<custom-element onclick=boom()>x</custom-element>",
    "<img src='x' alt='\"><script>boom()</script>'>",
    "&lt;script&gt;boom()&lt;/script&gt;",
    "&amp;lt;script&amp;gt;boom()&amp;lt;/script&amp;gt;",
    "\u202e<script>boom()</script>\u0000\u000b\ufffe",
    "<a href='tel:+1'>t</a><a href='mailto:a@b.example'>m</a><a href='file:///etc/passwd'>f</a>",
)
#: Places where a browser reads markup by other rules than in a paragraph, as what stands before and after it.
_CONTEXTS = (
    ("<table><tr><td>", "</table>"),
    ("<svg><desc>", "</desc></svg>"),
    ("<math><annotation-xml encoding='text/html'>", "</annotation-xml></math>"),
    ("<select><option>", "</select>"),
    ("<noscript>", "</noscript>"),
    ("<xmp>", "</xmp>"),
    ("<![CDATA[", "]]>"),
    ("<!-- ", "--!>"),
    ("<?x ", "?>"),
    ("<a title='", "'>"),
    ("<bdo dir='rtl'>", "</bdo>"),
)
_CORES = (
    "<img src=x onerror=boom()>",
    "<a href=&#106&#97&#118&#97&#115&#99&#114&#105&#112&#116&#58boom()>x</a>",
)
VECTORS += tuple(before + core + after for before, after in _CONTEXTS for core in _CORES)
#: Elements and attributes that may stand in a feed's content at most; what else comes out is a finding.
FORBIDDEN = (
    "script", "style", "svg", "math", "iframe", "object", "embed", "applet", "form", "input", "button", "select",
    "textarea", "base", "meta", "link", "template", "noscript", "frame", "frameset", "portal", "marquee",
)  # fmt: skip
ADDRESSES = ("href", "src", "cite", "poster", "srcset", "background", "action", "data")


def findings(html: str) -> list[str]:
    """Whatever in a feed's HTML could run, load from a forbidden scheme, or dress the page."""
    found = []
    for element in BeautifulSoup(html, "html.parser").find_all(True):
        if element.name in FORBIDDEN:
            found.append(f"<{element.name}>")
        for name, value in element.attrs.items():
            text = " ".join(value) if isinstance(value, list) else str(value)
            plain = "".join(text.split()).casefold()
            if name.startswith("on") or name in ("style", "id", "name", "ping", "srcdoc", "formaction"):
                found.append(f"{element.name}@{name}")
            if name in ADDRESSES and not plain.startswith(("https:", "http:", "mailto:", "tel:")):
                found.append(f"{element.name}@{name}={text}")
            if name in ADDRESSES and "@" in plain and not plain.startswith("mailto:"):
                found.append(f"{element.name}@{name}: credentials")
    return found


@pytest.fixture(scope="module")
def store_of_vectors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Each vector as title, body, author, publisher, summary and date of a release of its own."""
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('vectors') / 'v.sqlite3'}", clock=lambda: NOON)
    site = SiteInMemory()
    count = len(VECTORS)
    site.publish(*range(1, count + 1))
    for number, vector in enumerate(VECTORS, 1):
        title = site.releases[number]
        page = site.release_page(f"/releases/{number}.html")
        page = page.replace("<article>", f"<article>{vector}", 1)
        page = page.replace(f"<h1>{title}</h1>", f"<h1>{title} {vector}</h1><p>By {vector}</p>", 1)
        page = page.replace("</article>", f"<p>before {vector} after</p></article>", 1)
        head = (
            f'<meta name="description" content="{escape(vector)} about {title}">'
            f'<meta name="author" content="{escape(vector)}">'
        )
        site.pages[f"/releases/{number}.html"] = page.replace("<head>", f"<head>{head}", 1)
    outcome = scrape(store, site)
    assert outcome.result.is_good
    assert len(outcome.new) >= 0.9 * count, outcome.failures[:3]
    yield store
    store.close()


def rendered(store: Store, format: Format) -> bytes:
    entries = store.window(ALL, Window(minimum=200, maximum=200), now=NOON)
    facts = FeedFacts(
        ref=ALL,
        identity=FeedIdentity(uuid="0b5c7f0e-6f0f-4d53-9c3c-0a1b2c3d4e5f", created_at=NOON),
        title="All",
        base_url=Settings().server.base_url,
        author="All",
        sources={"acme": ("Acme", "https://news.example/releases/")},
    )
    return render(assemble(facts, entries), format).identity


def test_no_vector_survives_in_atom(store_of_vectors: Store) -> None:
    root = etree.fromstring(rendered(store_of_vectors, Format.ATOM))
    space = {"a": "http://www.w3.org/2005/Atom"}
    entries = root.findall("a:entry", space)
    assert len(entries) >= 0.9 * len(VECTORS)
    for entry in entries:
        for content in (*entry.findall("a:content", space), *entry.findall("a:summary", space)):
            assert content.get("type") in ("html", "text", None)
            if content.get("type") == "html":
                assert findings(content.text or "") == []
        for title in entry.findall("a:title", space):
            assert title.get("type") in ("text", None)


def test_no_vector_survives_in_rss_under_either_reading_of_a_title(store_of_vectors: Store) -> None:
    root = etree.fromstring(rendered(store_of_vectors, Format.RSS))
    for item in root.iter("item"):
        for name in ("title", "description", "{http://purl.org/rss/1.0/modules/content/}encoded"):
            assert findings(item.findtext(name) or "") == []


def test_no_vector_survives_in_json(store_of_vectors: Store) -> None:
    for item in json.loads(rendered(store_of_vectors, Format.JSON))["items"]:
        assert findings(item.get("content_html") or "") == []
