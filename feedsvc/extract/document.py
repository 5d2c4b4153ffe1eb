"""A page as one tree: parsed once, shared by every voice that reads it.

The caps are rule F6 of the reliability specification: what a hostile page could use against a parser written in C,
which cannot be interrupted, is cut before anything walks the tree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import cast
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlComment, HtmlElement

from feedsvc.model import Page

#: Rule F6: open elements at once, tags a page, attributes an element, characters an attribute.
DEPTH_MAX, TAGS_MAX, ATTRIBUTES_MAX, ATTRIBUTE_LENGTH_MAX = 512, 200_000, 64, 1024 * 1024

#: Elements that HTML never closes (WHATWG HTML, "void elements"): they are not open, so they add no depth.
VOID = frozenset("area base br col embed frame hr img input link meta param source track wbr".split())
#: Those of them that libxml2 does not know as such.
_UNKNOWN_VOID = ("embed", "source", "track", "wbr")
#: Elements whose start tag closes an open one of the same name: unclosed ones are siblings, not ever deeper nesting.
SELF_CLOSING_SIBLINGS = frozenset({"dd", "dt", "li", "option", "p", "td", "th", "tr"})
#: Elements whose content is text whatever it looks like.
RAW_TEXT = frozenset({"script", "style", "textarea", "title"})

#: What XML 1.0 forbids (section 2.2) and lone surrogates: no tree that we write could hold them.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: The same in UTF-8: single bytes, and the two that are no characters.
_CONTROLS = bytes(code for code in (*range(0x20), 0x7F) if code not in (0x09, 0x0A, 0x0C, 0x0D))
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)")
#: A start tag, quoted values whole; where nothing closes it, it runs to the end: no letter is read twice.
_START = re.compile(r"<[a-zA-Z](?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|$)|'[^']*+(?:'|$))?)*+(?:>|$)")
_ATTRIBUTE = re.compile(r"(?<!\s)\s++[^\s=>/]++(?:\s*+=\s*+(?:\"[^\"]*\"|'[^']*'|[^\s>]*))?")
#: libxml2 takes time quadratic in the attributes of one element: beyond so many words a tag is shortened in the text.
_HOSTILE_WORDS = 1000
#: Every element is of the same kind: lxml.html's own parser asks Python for the kind of each that is looked at.
_HTML_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment)
_EMPTY = "<html><head></head><body></body></html>"
_LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{4}))?(?:[-_]([a-zA-Z]{2}|\d{3}))?(?![a-zA-Z0-9])")


@dataclass(frozen=True, eq=False)
class Document:
    """A page and its tree. The tree is shared: whoever changes it works on a copy."""

    page: Page
    #: The ``html`` element.
    root: HtmlElement

    @classmethod
    def parse(cls, page: Page) -> Document:
        """The document of any page whatever; one without text gives an empty body. Never raises."""
        root = _parse(_allowed(page.text).replace("\x0c", " "))
        _empty_voids(root)
        _cap_attributes(root, len(page.text))
        return cls(page=page, root=root)

    @property
    def url(self) -> str:
        """Where the page came from, after redirects."""
        return self.page.url

    @cached_property
    def base_url(self) -> str:
        """What relative links are resolved against: the first ``base`` with an address, else the page's own."""
        for element in self.root.iter("base"):
            if href := (element.get("href") or "").strip():
                base = _join(self.page.url, href)
                if urlsplit(base).scheme in ("http", "https"):
                    return base
        return self.page.url

    @cached_property
    def language(self) -> str | None:
        """What the page says of its own language, as BCP 47 ("zh-CN"), or None. Markup is believed before headers."""
        for text in self._declared_languages():
            if tag := language_tag(text):
                return tag
        return None

    def absolute(self, href: str | None) -> str | None:
        """``href`` as an absolute http(s) URL, or None for what is no such link (scripts, anchors alone, data)."""
        href = re.sub(r"[\t\r\n]", "", href or "").strip()
        if not href or href.startswith("#"):
            return None
        url = _join(self.base_url, href)
        return url if re.match(r"https?://[^/?#]", url, re.IGNORECASE) else None

    def select(self, selector: str) -> tuple[HtmlElement, ...]:
        """The elements that a CSS selector matches, in document order; raises ValueError for a wrong selector."""
        return tuple(_compiled(selector)(self.root))

    def _declared_languages(self) -> Iterator[str]:
        yield self.root.get("lang") or self.root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
        yield self.root.get("xml:lang") or ""
        for body in self.root.iter("body"):
            yield body.get("lang") or ""
        named: dict[str, str] = {}
        for meta in self.root.iter("meta"):
            name = (meta.get("http-equiv") or meta.get("property") or meta.get("name") or "").lower()
            named.setdefault(name, meta.get("content") or "")
        for name in ("content-language", "og:locale", "language", "dc.language"):
            yield named.get(name, "")
        yield self.page.content_language or ""


def language_tag(text: str) -> str | None:
    """The first language of a declaration in BCP 47 form: "en_us" gives "en-US", "de, en" gives "de"."""
    match = _LANGUAGE.match(text.strip())
    if not match or match[1].lower() in ("und", "mul", "zxx"):
        return None
    parts = [match[1].lower()]
    if match[2]:
        parts.append(match[2].title())
    if match[3]:
        parts.append(match[3].upper())
    return "-".join(parts)


@lru_cache(maxsize=512)
def _compiled(selector: str) -> CSSSelector:
    try:
        return CSSSelector(selector, translator="html")
    except Exception as error:  # cssselect raises SyntaxError kinds of its own, AssertionError and more
        raise ValueError(f"{selector!r} is not a CSS selector: {error}") from error


def _join(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:  # "http://[": no address at all
        return ""


def _allowed(text: str) -> str:
    """``text`` without forbidden characters; that it has none, like nearly all, is told faster by its bytes."""
    try:
        coded = text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return _FORBIDDEN.sub("", text)
    is_clean = len(coded.translate(None, _CONTROLS)) == len(coded) and not any(one in coded for one in _NO_CHARACTERS)
    return text if is_clean else _FORBIDDEN.sub("", text)


def _parse(text: str) -> HtmlElement:
    """The tree of ``text``, no deeper and no larger than the caps allow.

    libxml2 itself stops at 256 open elements unless it is told that the tree may be huge, and says so; only then is
    the depth measured, and only where it is too great are tags taken out of the text.
    """
    text = _with_short_tags(text)
    if text.count("<") > TAGS_MAX:
        text = flatten(text)
    root, is_cut = _tree(text, is_huge=False)
    if is_cut:
        root, is_cut = _tree(text, is_huge=True)
        if is_cut or _depth(root) > DEPTH_MAX:
            root, _ = _tree(flatten(text), is_huge=True)
    return root


def _tree(text: str, *, is_huge: bool) -> tuple[HtmlElement, bool]:
    """The tree of ``text`` (an empty page where there is none), and whether the parser gave up for its limits.

    Raises MemoryError.
    """
    parser = etree.HTMLParser(
        encoding="utf-8",  # the text is decoded already: whatever encoding the markup declares is history
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        default_doctype=False,
        huge_tree=is_huge,
    )
    parser.set_element_class_lookup(_HTML_ELEMENTS)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, AssertionError):  # no element in it, or a tree that lxml cannot hold
        root = None
    errors = {error.type for error in parser.error_log}
    if etree.ErrorTypes.ERR_NO_MEMORY in errors:  # what there is of a tree then is not the page
        raise MemoryError
    is_cut = etree.ErrorTypes.ERR_RESOURCE_LIMIT in errors
    if root is None or not isinstance(root.tag, str) or root.tag != "html":
        page = etree.fromstring(_EMPTY, parser)
        if root is not None and isinstance(root.tag, str):
            page[-1].append(root)
        root = page
    return cast("HtmlElement", root), is_cut


def _with_short_tags(text: str) -> str:
    """``text``, its start tags without the attributes beyond the cap where they are hostile in number.

    Tags are looked at one by one, for a list of the pieces of a page can be ten times as large as the page.
    """
    if max(map(len, map(itemgetter(0), _START.finditer(text))), default=0) < 2 * _HOSTILE_WORDS:
        return text  # as nearly all are
    kept: list[str] = []
    position = 0
    for tag in _START.finditer(text):
        if tag.end() - tag.start() >= 2 * _HOSTILE_WORDS:
            kept += (text[position : tag.start()], _shortened(tag))
            position = tag.end()
    return "".join([*kept, text[position:]]) if kept else text


def _shortened(tag: re.Match[str]) -> str:
    """A long start tag as written, or without the attributes beyond the cap."""
    if len(tag[0].split(None, _HOSTILE_WORDS)) <= _HOSTILE_WORDS:
        return tag[0]
    name = re.match(r"<[^\s>]*", tag[0])
    attributes = [match[0] for _, match in zip(range(ATTRIBUTES_MAX), _ATTRIBUTE.finditer(tag[0]), strict=False)]
    return (name[0] if name else "<p") + "".join(attributes) + ">"


def _depth(root: HtmlElement) -> int:
    deepest = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _empty_voids(root: HtmlElement) -> None:
    """Set what stands in elements that hold nothing behind them: libxml2 closes these only with their parents.

    A film or a sound above a story would hold all of it.
    """
    for element in list(root.iter(*_UNKNOWN_VOID)):
        parent, tail, children = element.getparent(), element.tail, list(element)
        if parent is None or not (children or element.text):
            continue
        element.tail, element.text = element.text, None
        place = parent.index(element) + 1
        parent[place:place] = children
        last = children[-1] if children else element
        last.tail = (last.tail or "") + (tail or "") or None


def _cap_attributes(root: HtmlElement, length: int) -> None:
    for element in root.xpath(f"//*[@*[{ATTRIBUTES_MAX + 1}]]"):
        for name in list(element.attrib)[ATTRIBUTES_MAX:]:
            del element.attrib[name]
    if length > ATTRIBUTE_LENGTH_MAX:
        for element in root.xpath(f"//*[@*[string-length() > {ATTRIBUTE_LENGTH_MAX}]]"):
            for name, value in element.attrib.items():
                if len(value) > ATTRIBUTE_LENGTH_MAX:
                    del element.attrib[name]


def flatten(text: str, *, depth: int = DEPTH_MAX, tags: int = TAGS_MAX) -> str:
    """``text`` without the tags that open deeper than ``depth`` or come after ``tags`` of them; all words stay.

    One pass, each character looked at a bounded number of times, however broken the markup.
    """
    kept: list[str] = []
    opened: list[str] = []
    dropped: Counter[str] = Counter()
    position = count = 0
    # html and body, which the parser adds where they are not written, count too.
    room = depth - 2
    while match := _TAG.search(text, position):
        end = text.find(">", match.end())
        if end < 0:
            break
        kept.append(text[position : match.start()])
        name, tag = match[2].lower(), text[match.start() : end + 1]
        position = end + 1
        if match[1]:
            if dropped[name]:
                dropped[name] -= 1
                continue
            if name in opened:
                while opened.pop() != name:
                    pass
        elif count >= tags:
            dropped[name] += name not in VOID
            kept.append(" ")
            continue
        elif name not in VOID and not tag.endswith("/>"):
            if name in SELF_CLOSING_SIBLINGS and opened and opened[-1] == name:
                opened.pop()
            if len(opened) >= room:
                dropped[name] += 1
                kept.append(" ")
                continue
            if name in RAW_TEXT:
                close = text.lower().find(f"</{name}", position) if count < 5_000 else -1
                if close >= 0:
                    tag += text[position:close]
                    position = close
            opened.append(name)
        count += not match[1]
        kept.append(tag)
    kept.append(text[position:])
    return "".join(kept)
