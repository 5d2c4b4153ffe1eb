"""HTML of strangers made safe for readers: an allow-list over a real HTML5 parser, then a second one over its output.

nh3 (ammonia, html5ever) parses, drops what is not allowed and writes well-formed markup. Its output is then rewritten
tag by tag: URLs become absolute and safe, lazy images are woken, tracking pixels go, embedded players become links.
What the rewriting does not know, it writes as text. Rules C1, C2, F6 of specs/reliability.md; specs/feeds.md 2.3-2.4.
"""

from __future__ import annotations

import html as entities
import re

import nh3

from feedsvc.normalize.caps import VOID, capped
from feedsvc.normalize.embeds import page_of_embed
from feedsvc.normalize.markup import ATTRIBUTES, CONTENT_GONE, LAZY, STAND_INS, TAGS, URL_ATTRIBUTES
from feedsvc.normalize.pixels import is_tracking_pixel
from feedsvc.normalize.text import xml_safe
from feedsvc.normalize.urls import absolute

#: Tags that are read only to be written as others: frames of players, text with a direction forced on it.
_READ = TAGS | {"iframe", "bdo"}
#: What forces a direction in plain text (Unicode 23.2) and ends that again.
_OVERRIDES, _OVERRIDE_END = {"ltr": "\u202d", "rtl": "\u202e"}, "\u202c"
#: Rounds after which markup that parses differently each time is reduced to its text.
_ROUNDS = 4

_CLEANER = nh3.Cleaner(
    tags=set(_READ),
    clean_content_tags=set(CONTENT_GONE),
    attributes={
        **{tag: set(names) for tag, names in ATTRIBUTES.items()},
        **{tag: set(ATTRIBUTES[tag]) | set(LAZY) for tag in ("img", "source")},
        "video": set(ATTRIBUTES["video"]) | {"data-src", "data-poster"},
        "a": set(ATTRIBUTES["a"]) | {"rel"},
        "iframe": {"src", "data-src", "title"},
    },
    url_schemes={"http", "https", "mailto", "tel"},
    strip_comments=True,
    link_rel=None,
)
#: What is written as it is read where it has no attributes.
_PLAIN = TAGS - VOID - {"a", "img", "source", "track", "bdo", "iframe"}
_ALLOWED = {tag: names | ATTRIBUTES["*"] for tag, names in ATTRIBUTES.items()}
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?: [^\s=>\"]+=\"[^\"]*\")*)>")
_ATTRIBUTE = re.compile(r" ([^\s=>\"]+)=\"([^\"]*)\"")
#: A lone image for browsers without scripts: what a lazy image beside it would become.
_FALLBACK_IMAGE = re.compile(r"<noscript\b[^>]{0,200}>\s*(<img\b[^>]{1,4000}>)\s*</noscript\s*>", re.I)
_CANDIDATE = re.compile(r"[\s,]*+(\S++)\s*+")
_DESCRIPTOR = re.compile(r"(?:\d{1,6}w|\d{0,4}\.?\d{1,6}x)?")
_CANDIDATES_MAX = 50
_LANGUAGE_CLASS = re.compile(r"(?:lang|language)-[\w+#.-]{1,30}\Z")


def sanitize(html: str, *, base_url: str) -> str:
    """``html`` as markup that is safe in any reader; sanitizing it again changes nothing.

    Every URL in it is absolute (resolved against ``base_url``) and http, https, mailto or tel. Text survives when its
    tag, or its link, does not.
    """
    markup = _round(_with_fallback_images(xml_safe(html)), base_url)
    for _ in range(_ROUNDS):
        if _CLEANER.clean(markup) == markup:  # rewriting once more would change nothing
            return markup
        markup = _round(markup, base_url)
    return entities.escape(entities.unescape(re.sub(r"<[^>]*>", " ", markup)), quote=False)


def _round(markup: str, base_url: str) -> str:
    return _Rewriting(base_url).run(xml_safe(_CLEANER.clean(capped(markup, keep=_READ))))


def _with_fallback_images(markup: str) -> str:
    if "<noscript" not in markup.lower():
        return markup
    return _FALLBACK_IMAGE.sub(r"\1", markup)


class _Rewriting:
    """One pass over markup that nh3 wrote: every tag is either written anew or left out."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.out: list[str] = []
        #: For each open link, whether its tag was written.
        self.links: list[bool] = []
        #: For each open ``bdo``, whether it forces a direction.
        self.forced: list[bool] = []
        #: The image written last and the length of ``out`` then, to leave out its fallback copy.
        self.last_image: tuple[str, int] = ("", -1)

    def run(self, markup: str) -> str:
        at = 0
        while token := _TAG.search(markup, at):
            self._text(markup[at : token.start()])
            at = token.end()
            closing, name, attributes = token.groups()
            if not attributes and name in _PLAIN:
                self.out.append(token[0])
            elif name == "iframe":
                self._embed(attributes)
                end = markup.find("</iframe>", at)
                at = len(markup) if end < 0 else end + len("</iframe>")
            elif closing:
                self._end(name)
            else:
                self._start(name, _parsed(attributes))
        self._text(markup[at:])
        return "".join(self.out)

    def _text(self, text: str) -> None:
        if text:
            self.out.append(text.replace("<", "&lt;"))

    def _start(self, name: str, found: dict[str, str]) -> None:
        if name == "bdo":
            self._force(found.get("dir", "").lower())
        if name not in TAGS:
            return
        kept = self._attributes(name, found)
        if name == "a":
            self.links.append("href" in kept)
            if "href" not in kept:
                return
            kept["rel"] = "noopener noreferrer"
        elif name == "img":
            source = kept.get("src", "")
            if not source or is_tracking_pixel(source, kept) or self.last_image == (source, len(self.out)):
                return
            self.last_image = (source, len(self.out) + 1)
        elif name in ("source", "track") and not ("src" in kept or "srcset" in kept):
            return
        self.out.append(f"<{name}{''.join(map(_written, kept.items()))}>")

    def _force(self, direction: str) -> None:
        """``bdo``, which feed readers drop and checkers take for a risk, as what it means in text that is set apart."""
        self.forced.append(direction in _OVERRIDES)
        if direction in _OVERRIDES:
            self.out.append(f'<bdi dir="{direction}">{_OVERRIDES[direction]}')

    def _end(self, name: str) -> None:
        if name == "bdo" and self.forced and self.forced.pop():
            self.out.append(f"{_OVERRIDE_END}</bdi>")
        if name not in TAGS or name in VOID:
            return
        if name == "a" and not (self.links and self.links.pop()):
            return
        self.out.append(f"</{name}>")

    def _embed(self, attributes: str) -> None:
        """An embedded player, as a link to the page of what it plays; nothing for all other frames."""
        found = _parsed(attributes)
        address = absolute(found.get("src") or found.get("data-src") or "", base_url=self.base_url)
        page = page_of_embed(address) if address else None
        if page:
            label = entities.escape(found.get("title", "").strip() or page, quote=False)
            link = _written(("href", page))
            self.out.append(f'<a{link} rel="noopener noreferrer">{label}</a>')

    def _attributes(self, name: str, found: dict[str, str]) -> dict[str, str]:
        if name in ("img", "source", "video"):
            found = _woken(found)
        allowed = _ALLOWED.get(name, ATTRIBUTES["*"])
        kept: dict[str, str] = {}
        for attribute, value in found.items():
            if attribute not in allowed:
                continue
            checked = self._checked(attribute, value)
            if checked is not None:
                kept[attribute] = checked
        if name == "img" and "src" not in kept and "srcset" in kept:
            kept = {"src": kept["srcset"].split(" ", 1)[0].rstrip(","), **kept}
        return kept

    def _checked(self, attribute: str, value: str) -> str | None:
        if attribute == "srcset":
            return self._srcset(value)
        if attribute in URL_ATTRIBUTES:
            url = absolute(value, base_url=self.base_url) if value.strip() else None
            return url if url and (attribute == "href" or url.startswith(("http:", "https:"))) else None
        if attribute == "class":
            return next((one for one in value.split() if _LANGUAGE_CLASS.match(one)), None)
        return value

    def _srcset(self, value: str) -> str | None:
        """Image candidates (WHATWG HTML 4.8.4.2.1), each absolute; None where none is left."""
        kept: list[str] = []
        at = 0
        while len(kept) < _CANDIDATES_MAX and (candidate := _CANDIDATE.match(value, at)):
            address, descriptor, at = candidate[1], "", candidate.end()
            if address.endswith(","):
                address = address.rstrip(",")
            else:
                comma = value.find(",", at)
                end = len(value) if comma < 0 else comma
                descriptor, at = value[at:end].strip(), end
            url = absolute(address, base_url=self.base_url)
            if url and url.startswith(("http:", "https:")) and _DESCRIPTOR.fullmatch(descriptor):
                kept.append(f"{url.replace(',', '%2C')} {descriptor}".rstrip())
        return ", ".join(kept) or None


def _parsed(attributes: str) -> dict[str, str]:
    return {name: entities.unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}


def _written(attribute: tuple[str, str]) -> str:
    name, value = attribute
    value = value.replace("&", "&amp;").replace("\u00a0", "&nbsp;").replace('"', "&quot;")
    return f' {name}="{value.replace("<", "&lt;").replace(">", "&gt;")}"'


def _woken(found: dict[str, str]) -> dict[str, str]:
    """The attributes of an image with those in place that a script would have put there."""
    woken = dict(found)
    if "src" not in woken or _is_stand_in(woken["src"]):
        woken.pop("src", None)
    for lazy, attribute in LAZY.items():
        if found.get(lazy, "").strip() and not found[lazy].startswith("data:"):
            woken.setdefault(attribute, found[lazy])
    if "src" in found:
        woken.setdefault("src", found["src"])
    return woken


def _is_stand_in(url: str) -> bool:
    return not url.strip() or url.startswith("data:") or any(word in url.lower() for word in STAND_INS)
