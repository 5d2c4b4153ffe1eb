"""What a page's head and embedded data claim: JSON-LD, microdata, RDFa, Open Graph, meta names of many systems."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from feedsvc.extract.document import Document
from feedsvc.extract.jsonld import ARTICLE_TYPES, Node, names_in, read_nodes, text_in, types_of
from feedsvc.extract.lines import bare, squash, text_of
from feedsvc.lexicon.languages import language_of
from feedsvc.model import Found

#: Field -> names of ``meta`` elements (name, property, itemprop, http-equiv), the surest first. Those of Chinese
#: government sites follow GB/T and the State Council's "site data" rules: ArticleTitle, PubDate, ContentSource ...
META_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": (
        "articletitle", "og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "dcterms.title",
        "citation_title", "headline", "article:title", "title", "mrc__share_title", "cxenseparse:recs:title",
        "bt:title",
    ),
    "published": (
        "article:published_time", "pubdate", "article.published", "publishdate", "publish-date", "publish_date",
        "datepublished",
        "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created",
        "dcterms.date",
        "citation_publication_date", "citation_date", "og:published_time", "article:publish_date", "publication_date",
        "originalpublicationdate", "published_time", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
        "pub_date", "published_at",
        "bt:pubdate", "article_date_original", "article:post_date", "shareaholic:article_published_time", "pubtime",
        "publishtime",
        "ptime", "og:release_date", "og:article:published_time", "og:pubdate", "rbpubdate", "publishedtime",
        "releasedate", "displaydate",
        "article:published", "dc.date", "date", "dc.date.publication", "created", "timestamp", "publication-date",
        "field-name-post-date",
        "weibo:article:create_at", "firstpublishedtime", "iso-8601-publish-date", "mediator_published_time",
        "vr:published_time",
        "lastpublished",
    ),
    "updated": (
        "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified",
        "bt:moddate", "updated_time",
        "modified_time", "last-modified", "lastmod", "revised", "article:modified", "article_date_updated",
        "og:modified_time", "moddate", "lastmodifiedtime",
    ),
    "author": (
        "author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator",
        "dcterms.creator", "dc.author",
        "citation_author", "byl", "byline", "og:article:author", "article.author", "authors", "bt:author",
        "cxenseparse:author",
        "shareaholic:article_author_name", "mediator_author", "twitter:data1", "rbauthors", "vr:author", "creator",
        "news:author",
    ),
    "publisher": (
        "contentsource", "source", "mediaid", "og:article:source", "article:source",
    ),
    "site": (
        "og:site_name", "sitename", "application-name", "dc.publisher", "publisher", "copyright_holder",
        "apple-mobile-web-app-title",
        "dcterms.publisher", "twitter:site", "cre", "citation_journal_title",
    ),
    "section": (
        "article:section", "columnname", "lanmu", "parsely-section", "section", "dc.subject.category", "category",
        "og:section", "sailthru.section",
        "cxenseparse:recs:category", "channel", "article.section", "bt:section", "news:section", "columntype",
    ),
    "tags": (
        "article:tag", "parsely-tags", "sailthru.tags", "news_keywords", "og:article:tag", "keywords", "dc.subject",
    ),
    "summary": (
        "og:description", "description", "twitter:description", "dc.description", "dcterms.description",
        "sailthru.description",
        "dcterms.abstract",
    ),
    "subtitle": ("subtitle", "og:subtitle", "article:subtitle"),
}  # fmt: skip
_FIELD_OF = {name: (key, rank) for key, names in META_NAMES.items() for rank, name in enumerate(names)}
_PROSE_ENOUGH = 4000
_EMPTY = re.compile(
    r"^(?:\W*|null|none|undefined|nan|n/?a|unknown|default|admin|administrator|no author|webmaster|root"
    r"|\{\{.*\}\}|\[.*\])$",
    re.IGNORECASE,
)
_MICRODATA = {
    "headline": "title", "datepublished": "published", "datecreated": "published", "datemodified": "updated",
    "author": "author", "creator": "author", "articlesection": "section", "alternativeheadline": "subtitle",
    "pubdate": "published", "dc:date": "published", "dc:creator": "author", "schema:headline": "title",
    "schema:datepublished": "published", "schema:author": "author",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The claims of one page by field, the surest first within each voice."""

    claims: Mapping[str, Sequence[Found]] = field(default_factory=dict)
    #: Breadcrumb of the structured data, outermost first.
    trail: Sequence[Found] = ()
    #: Whether structured data call the page an article.
    is_article: bool = False

    def all(self, name: str) -> Sequence[Found]:
        """Every claim about a field."""
        return self.claims.get(name, ())

    def first(self, name: str) -> Found | None:
        """The surest claim about a field."""
        return max(self.all(name), key=lambda found: found.confidence, default=None)


def read_metadata(document: Document) -> Metadata:
    """All claims of a page. Never raises, whatever the page holds."""
    claims: dict[str, list[Found]] = {}
    nodes = read_nodes(document.root)
    node = _article(nodes, document)
    if node is not None:
        _read_node(node, nodes, claims)
    for other in nodes:
        if other is not node and {"organization", "newsmediaorganization", "website"} & set(types_of(other)):
            _add(claims, "site", text_in(other.get("name")), f"jsonld:{types_of(other)[0]}", 0.4)
    _read_meta(document.root, claims)
    _read_microdata(document.root, claims)
    if not document.language:
        _add(claims, "language", language_of(_prose(document.root)), "text", 0.4)
    is_article = node is not None and "article" in "".join(types_of(node)) + "blogposting"
    return Metadata(claims=claims, trail=_trail(nodes), is_article=is_article)


def _prose(root: HtmlElement) -> str:
    """The first paragraphs, enough to tell the language by."""
    paragraphs: list[str] = []
    for element in islice(root.iter("p", "h1", "h2", "td"), 200):
        paragraphs.append(text_of(element)[:1000])
        if sum(map(len, paragraphs)) > _PROSE_ENOUGH:
            break
    return " ".join(paragraphs)


def _add(claims: dict[str, list[Found]], name: str, text: str | None, where: str, confidence: float) -> None:
    text = squash(html.unescape(text or ""))
    if text and not _EMPTY.match(text) and len(text) < 2000:
        claims.setdefault(name, []).append(Found(text=text, where=where, confidence=confidence))


def _article(nodes: Sequence[Node], document: Document) -> Node | None:
    """The node that is the page's own article: by its address or headline, else by the surest type."""
    path = urlsplit(document.url).path.rstrip("/")
    title = bare(next((text_of(element) for element in document.root.iter("title")), ""))
    best: tuple[tuple[bool, int], Node] | None = None
    for node in nodes:
        kinds = [ARTICLE_TYPES.index(kind) for kind in types_of(node) if kind in ARTICLE_TYPES]
        if not kinds:
            continue
        headline = bare(text_in(node.get("headline")) or text_in(node.get("name")) or "")
        address = text_in(node.get("url")) or text_in(node.get("@id")) or ""
        is_own = bool((len(headline) > 8 and headline in title) or (len(path) > 8 and path in address))
        rank = (not is_own and min(kinds) < len(ARTICLE_TYPES) - 2, min(kinds))
        if best is None or rank < best[0]:
            best = (rank, node)
    return best[1] if best else None


def _read_node(node: Node, nodes: Sequence[Node], claims: dict[str, list[Found]]) -> None:
    by_id = {key: each for each in nodes if isinstance(key := each.get("@id"), str) and each.get("name")}
    kind = (types_of(node) or ("",))[0]
    is_page = kind in ("webpage", "itempage", "creativework", "videoobject")
    sure = 0.6 if is_page else 0.9
    _add(claims, "title", text_in(node.get("headline")), "jsonld:headline", sure)
    _add(claims, "title", text_in(node.get("name")), "jsonld:name", sure - 0.2)
    _add(claims, "subtitle", text_in(node.get("alternativeHeadline")), "jsonld:alternativeHeadline", 0.5)
    for key in ("datePublished", "dateCreated", "uploadDate"):
        _add(
            claims, "published", text_in(node.get(key)), f"jsonld:{key}", sure if key == "datePublished" else sure - 0.3
        )
    _add(claims, "updated", text_in(node.get("dateModified")), "jsonld:dateModified", sure)
    for key in ("author", "creator"):
        names = list(dict.fromkeys(names_in(node.get(key), by_id)))
        for name in names:
            _add(claims, "author", name, f"jsonld:{key}", sure if key == "author" else sure - 0.2)
    for name in names_in(node.get("publisher"), by_id):
        _add(claims, "site", name, "jsonld:publisher", 0.7)
    for name in names_in(node.get("articleSection"), {}):
        _add(claims, "section", name, "jsonld:articleSection", 0.8)
    for name in names_in(node.get("keywords"), {}):
        _add(claims, "tags", name, "jsonld:keywords", 0.6)
    _add(claims, "summary", text_in(node.get("description")), "jsonld:description", 0.5)
    _add(claims, "language", text_in(node.get("inLanguage")), "jsonld:inLanguage", 0.5)


def _read_meta(root: HtmlElement, claims: dict[str, list[Found]]) -> None:
    ranked: list[tuple[str, int, Found]] = []
    for meta in root.iter("meta"):
        content = meta.get("content") or meta.get("value")
        if not content:
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (meta.get(attribute) or "").strip().lower()
            if name in _FIELD_OF:
                key, rank = _FIELD_OF[name]
                text = squash(html.unescape(content))
                if text and not _EMPTY.match(text) and len(text) < 2000:
                    sure = max(0.3, 0.8 - rank * 0.02)
                    ranked.append((key, rank, Found(text=text, where=f"meta:{name}", confidence=round(sure, 2))))
                break
    for key, _, found in sorted(ranked, key=lambda row: row[1]):
        claims.setdefault(key, []).append(found)


def _read_microdata(root: HtmlElement, claims: dict[str, list[Found]]) -> None:
    """Properties of items that are articles, and of pages that forgot to say so."""
    counts: dict[str, int] = {}
    for element in root.xpath("//*[@itemprop or @property]"):
        for name in ((element.get("itemprop") or "") + " " + (element.get("property") or "")).lower().split():
            key = _MICRODATA.get(name)
            if key is None or (element.tag == "meta" and not element.get("itemprop")):
                continue
            counts[name] = counts.get(name, 0) + 1
            if counts[name] > 8:
                continue
            text = _property(element, key)
            _add(claims, key, text, f"itemprop:{name}", 0.6 if counts[name] == 1 else 0.3)


def _property(element: HtmlElement, key: str) -> str:
    if element.get("content"):
        return element.get("content") or ""
    if key in ("published", "updated") and element.get("datetime"):
        return element.get("datetime") or ""
    if key == "author":
        names = element.xpath(".//*[@itemprop='name']")
        if names:
            return names[0].get("content") or text_of(names[0])
    text = text_of(element)
    return text if len(text) < 300 else ""


def _trail(nodes: Sequence[Node]) -> tuple[Found, ...]:
    """The longest BreadcrumbList."""
    best: tuple[Found, ...] = ()
    for node in nodes:
        items = node.get("itemListElement")
        if "breadcrumblist" not in types_of(node) or not isinstance(items, list):
            continue
        crumbs: list[tuple[int, str]] = []
        for place, item in enumerate(items[:12]):
            if not isinstance(item, Mapping):
                continue
            inner = item.get("item")
            name = text_in(item.get("name")) or (text_in(inner.get("name")) if isinstance(inner, Mapping) else None)
            position = item.get("position")
            if name:
                crumbs.append((int(str(position)) if str(position).isdecimal() else place, squash(name)))
        trail = tuple(Found(text=name, where="jsonld:BreadcrumbList", confidence=0.9) for _, name in sorted(crumbs))
        best = max(best, trail, key=len)
    return best
