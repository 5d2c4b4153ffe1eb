"""XML of strangers, read safely: no DTD, no entities, nothing fetched, sizes as fetching capped them (rule F7)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin

from lxml import etree

_DECLARATION = re.compile(r"\A\ufeff?\s*(?:<\?xml[^>]*\?>)?\s*")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[<>]*+>", re.IGNORECASE)
_ENTITY_NAMES = re.compile(r"&([A-Za-z][A-Za-z0-9]+);")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Atomic, for two comments in a row can be read as one in ever more ways, which a page without a tag has all tried.
_FIRST_TAG = re.compile(
    r"(?>\s++|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>]*+>)*+<([A-Za-z][\w:.-]*)", re.DOTALL | re.IGNORECASE
)
#: What feeds and sitemaps consist of.
_RECORDS: Final = ("item", "entry", "url", "sitemap")
_OWN: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
XML_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"


def parse_xml(text: str) -> Any | None:
    """The root element, or None for what is no XML or declares entities. Named entities of HTML are understood."""
    text = _FORBIDDEN.sub("", _DOCTYPE.sub("", _DECLARATION.sub("", text), count=1))
    if "<!DOCTYPE" in text[:5000].upper() or "<!ENTITY" in text:
        return None
    text = _ENTITY_NAMES.sub(_named, text)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=True,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is not None:
        _drop_what_was_cut(root, text)
    return root


def _drop_what_was_cut(root: Any, text: str) -> None:
    """The record in which a document ends says half of what it should: half an address leads elsewhere."""
    for name in _RECORDS:
        begun = max(text.rfind(f"<{name}>"), text.rfind(f"<{name} "))
        if begun > text.rfind(f"</{name}"):
            found = list(root.iter(f"{{*}}{name}"))
            if found and found[-1].getparent() is not None:
                found[-1].getparent().remove(found[-1])


def _named(match: re.Match[str]) -> str:
    if match[1] in _OWN:
        return match[0]
    meant = html.unescape(match[0])
    return match[0] if meant == match[0] else "".join(f"&#{ord(sign)};" for sign in meant)


def local_name(element: Any) -> str:
    """The name of an element without its namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def children(element: Any, *names: str) -> Iterator[Any]:
    """The direct children with one of these local names, in order."""
    return (child for child in element if local_name(child) in names)


def text_of(element: Any | None) -> str:
    """All text in an element, white space around it removed."""
    return "".join(element.itertext()).strip() if element is not None else ""


def first_text(element: Any, *names: str) -> str:
    """The text of the first filled child with one of these names, the names in order of preference."""
    for name in names:
        for child in children(element, name):
            if text := text_of(child):
                return text
    return ""


def resolve(element: Any, href: str, page_url: str) -> str:
    """``href`` as an absolute URL by the ``xml:base`` of the element and those around it; "" for no address."""
    bases = [str(one.get(XML_BASE)) for one in (element, *element.iterancestors()) if one.get(XML_BASE)]
    try:
        base = page_url
        for step in reversed(bases):
            base = urljoin(base, step)
        url = urljoin(base, href.strip())
    except ValueError:
        return ""
    return url if url.startswith(("http://", "https://")) else ""


def root_name(text: str) -> str:
    """The local name of the first element of a text, in lower case; declarations and comments are passed over."""
    match = _FIRST_TAG.match(text)
    return match[1].rpartition(":")[2].lower() if match else ""
