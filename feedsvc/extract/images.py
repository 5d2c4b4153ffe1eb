"""The lead image of a release page: what the page declares, checked, else the first large picture of its body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import html
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from feedsvc.extract.document import Document
from feedsvc.model import FoundMedia

#: Where pages declare their picture, the surest first.
DECLARATIONS = (
    "og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src", "thumbnail",
    "sailthru.image.full", "image",
)  # fmt: skip
#: Attributes in which lazy loading keeps the real address, the surest first.
LAZY_ATTRIBUTES = (
    "data-src", "data-original", "data-lazy-src", "data-lazy", "data-original-src", "data-srcset", "data-lazy-srcset",
    "data-url", "data-image", "data-hi-res-src", "data-full-src", "data-large-file", "data-actualsrc", "file",
    "zoomfile",
)  # fmt: skip
#: Names of files that are a site's and no story's.
_NO_PICTURE = re.compile(
    r"(?:^|[/_.\-])(?:logo\w*|favicon|sprites?|blank|spacer|pixel|transparent|1x1|avatars?|gravatar|icons?|placeholder|"
    r"default(?:[-_]?(?:image|img|share|thumb\w*|og|social|facebook))?|no[-_]?image|noimg|fallback|missing|loading|"
    r"share[-_](?:default|image)|social[-_](?:default|share)|apple-touch-icon)(?=[/_.\-?]|$)",
    re.IGNORECASE,
)
_WIDTH_MIN, _HEIGHT_MIN = 200, 120
# An address runs to white space; a comma at its end means that no descriptors follow. Nothing in it is tried twice.
_CANDIDATE = re.compile(r"(?P<url>[^\s,]\S*+)(?:(?<!,)\s++(?:(?P<size>[\d.]++)[wx](?=[\s,]|$))?[^,]*+)?")


def find_lead_image(document: Document, *, body: str | None = None) -> FoundMedia | None:
    """The picture of the story, with its caption as title, or None: a site's logo or stand-in is no picture."""
    declared = _declared(document)
    sized = next((one for one in declared if not _NO_PICTURE.search(_file(one.url))), None)
    in_body = next(_pictures(document, body), None) if body else None
    if sized is not None:
        return _with_caption(sized, document)
    return in_body


def image_address(image: HtmlElement) -> str | None:
    """The address of an ``img`` as browsers finally load it: lazy attributes, then the largest of ``srcset``."""
    attributes = {str(name): str(value) for name, value in image.attrib.items()}
    source = attributes.get("src", "").strip()
    for name in LAZY_ATTRIBUTES:
        value = (attributes.get(name) or "").strip()
        if value and not value.startswith(("data:", "{", "[")):
            return largest(value) if "srcset" in name else value
    if attributes.get("srcset"):
        return largest(attributes["srcset"]) or source or None
    return source if source and not source.startswith("data:") else None


def largest(srcset: str) -> str | None:
    """The candidate of a ``srcset`` with the greatest width or density (WHATWG HTML, "srcset attribute")."""
    best: tuple[float, str] | None = None
    for match in _CANDIDATE.finditer(srcset):
        url = match["url"].rstrip(",")
        if url.startswith("data:"):
            continue
        try:
            size = float(match["size"] or 1)
        except ValueError:
            size = 1.0
        if best is None or size > best[0]:
            best = (size, url)
    return best[1] if best else None


def _declared(document: Document) -> list[FoundMedia]:
    metas: dict[str, list[str]] = {}
    for meta in document.root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        if content := (meta.get("content") or "").strip():
            metas.setdefault(name, []).append(content)
    found = [
        FoundMedia(url=url, where=f"meta:{name}", width=_pixels(metas, f"{name}:width"), confidence=0.9)
        for name in DECLARATIONS
        for address in metas.get(name, ())[:1]
        if (url := document.absolute(address))
    ]
    found.extend(
        FoundMedia(url=url, where="link:image_src", confidence=0.8)
        for link in document.root.iter("link")
        if (link.get("rel") or "").lower() == "image_src" and (url := document.absolute(link.get("href")))
    )
    return found


def _pixels(metas: Mapping[str, list[str]], name: str) -> int | None:
    value = metas.get(name, [""])[0]
    return int(value) if re.fullmatch(r"\d{1,5}", value) else None


def _pictures(document: Document, fragment: str) -> Iterator[FoundMedia]:
    """The pictures of a fragment that are large, or of unknown size, in order."""
    try:
        tree = html.fragment_fromstring(fragment, create_parent="div")
    except (LxmlError, AssertionError, ValueError):
        return
    for image in tree.iter("img"):
        url = document.absolute(image_address(image))
        if not url or not is_picture(image):
            continue
        width, height = _number(image.get("width")), _number(image.get("height"))
        yield FoundMedia(url=url, where="body:img", title=_caption(image), width=width, height=height, confidence=0.6)


def is_picture(element: HtmlElement) -> bool:
    """Whether an element shows a picture that is large, or of unknown size, and no logo or stand-in."""
    address = image_address(element) if element.tag == "img" else None
    if not address or _NO_PICTURE.search(_file(address)):
        return False
    width, height = _number(element.get("width")), _number(element.get("height"))
    return (width or _WIDTH_MIN) >= _WIDTH_MIN and (height or _HEIGHT_MIN) >= _HEIGHT_MIN


def _caption(image: HtmlElement) -> str | None:
    for ancestor in image.iterancestors("figure"):
        for caption in ancestor.iter("figcaption"):
            if text := " ".join("".join(caption.itertext()).split()):
                return text[:500]
    return " ".join((image.get("alt") or "").split())[:500] or None


def _with_caption(found: FoundMedia, document: Document) -> FoundMedia:
    """The declared image with the caption under which the page shows the same file."""
    name = _file(found.url).rsplit("/", 1)[-1]
    if len(name) < 6:
        return found
    for image in document.root.iter("img"):
        address = image_address(image) or ""
        if name in address and (caption := _caption(image)):
            return FoundMedia(
                url=found.url, where=found.where, title=caption, width=found.width, confidence=found.confidence
            )
    return found


def _file(url: str) -> str:
    return re.sub(r"^https?://[^/]*|[?#].*$", "", url)


def _number(text: str | None) -> int | None:
    match = re.match(r"\s*(\d{1,5})(?:px)?\s*$", text or "")
    return int(match[1]) if match else None
