"""The title of a release page: every wording that the page offers is scored by what speaks for it.

The first weights came from a conditional logit over each page's wordings, on pages whose titles people had noted,
checked on sites left out; they were then rounded, and later ones ("cut", "labelled", "runs on") set by hand. The share
of a heading and the JSON-LD headline carry the vote: halving either costs a percent of the titles or more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from lxml.html import HtmlElement

from feedsvc.extract.breadcrumb import is_trail
from feedsvc.extract.document import Document
from feedsvc.extract.labels import before_labels, is_label_line, labels_in
from feedsvc.extract.lines import Hinted, Line, Lines, bare, text_of
from feedsvc.extract.metadata import Metadata
from feedsvc.extract.sitename import page_title, site_names, without_sections, without_site
from feedsvc.lexicon.dateshape import date_spans
from feedsvc.lexicon.names import is_byline
from feedsvc.model import Found

#: What speaks for a wording, and against it.
_WEIGHTS = {
    # It is the headline of the page's own article in JSON-LD; in microdata.
    "jsonld": 4.0, "microdata": 0.6,
    # A heading; the first h1 that is not the site's name; small headings head sections.
    "h1": 0.5, "first h1": 0.5, "minor heading": -0.8,
    # Its class or id says 'title' or 'headline'; a date or byline stands by it.
    "named title": 0.4, "dated": 0.8,
    # The last crumb of a breadcrumb is the title for search engines; a logo and a site's name are none.
    "crumb": -3.0, "logo": -2.5, "site": -1.5,
    # A line outside any heading that the ``title`` begins with: pages without headings print their title so.
    "line": 1.0,
    # A label line that says when follows; a long line runs on into it: '... Release date: 2023-05-17'.
    "labelled": 2.0, "runs on": 4.5,
    # The ``title`` element whole: nearly all end in a site's name.
    "whole title": -0.5,
    # Without the topic above it: only where the ``title`` or a claim knows the heading so.
    "cut": -0.4,
}  # fmt: skip
#: Weight of the share that a heading makes up of the ``title`` or the claim that holds it.
_SHARE = 3.0
#: A heading that makes up this share of them is surely the title.
_SURE_SHARE = 0.3
_SHORTEST, _LONGEST = 2, 400
#: A title outside any heading has at least so many letters.
_PRINTED_SHORTEST = 8
#: And one that runs on into its label line so many, unless the ``title`` begins with it ('Posted in News Published:').
_RUNNING_SHORTEST = 20
#: Headings, and claims of structured data, that are weighed: only hostile pages have more.
_MOST_HEADINGS, _MOST_CLAIMS = 80, 40
#: What a ``title`` or claim says beyond so many characters proves nothing.
_HOLDER_LONGEST = 2_000
_DATED_BEFORE, _DATED_AFTER, _DATED_LONGEST = 3, 6, 160
_NAMED = re.compile(r"headline|title|article-h|name|hed\b", re.IGNORECASE)
_LOGO = re.compile(r"logo|site-?title|site-?name|brand|masthead|site-?head", re.IGNORECASE)


@dataclass(slots=True)
class _Wording:
    """One wording of the title, wherever it stands."""

    text: str
    #: Where it stood first, which is the most telling place.
    where: str
    reasons: set[str] = field(default_factory=set)
    share: float = 0.0

    @property
    def score(self) -> float:
        agreed = _SHARE * self.share if self.where.startswith("heading") else 0.0
        return agreed + sum(_WEIGHTS.get(reason, 0.0) for reason in self.reasons)

    def found(self) -> Found:
        kind = self.where.partition(":")[0]
        if kind == "heading":
            sure = 0.95 if self.share >= _SURE_SHARE else 0.7
        else:
            sure = {"line": 0.85, "title": 0.4}.get(kind, 0.8 if self.share >= _SURE_SHARE else 0.6)
        return Found(text=self.text, where=self.where, confidence=sure)


def find_title(document: Document, lines: Lines, metadata: Metadata) -> Found | None:
    """The title without the site's name, or None where a page has no words for it."""
    sites = site_names(document, metadata)
    whole, claims = page_title(document), metadata.all("title")[:_MOST_CLAIMS]
    wordings: dict[str, _Wording] = {}
    for text, where, reasons in (
        *_headings(lines, sites),
        *_claimed(claims, sites),
        *_titled(whole, sites),
        *_printed(lines, whole, claims),
    ):
        key = bare(text)
        if len(key) >= _SHORTEST and len(text) < _LONGEST:
            wordings.setdefault(key, _Wording(text=text, where=where)).reasons.update(reasons)
    holders = _holders(whole, claims)
    for key, wording in wordings.items():
        wording.share = max((len(key) / len(holder) for holder in holders if key in holder), default=0.0)
        if key in sites:
            wording.reasons.add("site")
    best = max(wordings.values(), key=lambda wording: wording.score, default=None)
    return best.found() if best else None


def _holders(whole: str, claims: Sequence[Found]) -> list[str]:
    texts = (whole, *(claim.text for claim in claims))
    return [key for text in texts if (key := bare(text[:_HOLDER_LONGEST]))]


def _headings(lines: Lines, sites: Sequence[str]) -> Iterator[tuple[str, str, set[str]]]:
    """The headings, with what their places say."""
    crumbs = {hinted.element for hinted in lines.hinted.get("crumbs", ())}
    has_first = False
    for heading in lines.headings[:_MOST_HEADINGS]:
        element = heading.element
        text = before_labels(text_of(element))
        if not text:
            continue
        reasons = set(_reasons(element, crumbs))
        if element.tag == "h1" and not has_first:
            reasons.add("first h1")
            has_first = bare(text) not in sites
        if _is_dated(heading, lines):
            reasons.add("dated")
        where = f"heading:{element.tag!s}"
        yield text, where, reasons
        if rest := _without_kicker(element, text):
            yield rest, where, reasons | {"cut"}


def _without_kicker(heading: HtmlElement, text: str) -> str:
    """A heading's text after its first part, where that is an element of its own: a topic set above the title."""
    element = heading
    while len(element) == 1 and not (element.text or "").strip() and not (element[0].tail or "").strip():
        element = element[0]
    if not len(element) or not isinstance(element[0].tag, str) or (element.text or "").strip():
        return ""
    kicker = text_of(element[0])
    return text.removeprefix(kicker).lstrip(" :|–—-") if kicker and kicker != text else ""


def _reasons(element: HtmlElement, crumbs: set[HtmlElement]) -> Iterator[str]:
    """What an element's tag, attributes and ancestors say for and against its being the title."""
    if element.tag in ("h1", "h2"):
        yield str(element.tag)
    else:
        yield "minor heading"
    own = _attributes(element, "class", "id", "itemprop")
    ancestors = list(element.iterancestors())[:6]
    if _NAMED.search(own):
        yield "named title"
    if _LOGO.search(own) or (ancestors and _LOGO.search(_attributes(ancestors[0], "class", "id"))):
        yield "logo"
    if crumbs.intersection((element, *ancestors)) or any(ancestor.tag == "li" for ancestor in ancestors[:2]):
        yield "crumb"


def _attributes(element: HtmlElement, *names: str) -> str:
    return " ".join(element.get(name) or "" for name in names)


def _is_dated(heading: Hinted, lines: Lines) -> bool:
    start = max(0, heading.index - _DATED_BEFORE)
    return any(
        len(line.text) < _DATED_LONGEST and (next(date_spans(line.text), None) or is_byline(line.text))
        for line in lines.lines[start : heading.index + _DATED_AFTER]
    )


def _claimed(claims: Sequence[Found], sites: Sequence[str]) -> Iterator[tuple[str, str, set[str]]]:
    """The claims of structured data and Open Graph, whole and without the site's name."""
    for claim in claims:
        if claim.where == "jsonld:headline":
            reasons = {"jsonld"}
        else:
            reasons = {"microdata"} if claim.where.endswith(":headline") else set[str]()
        yield claim.text, claim.where, reasons
        yield without_site(claim.text, sites), claim.where, reasons


def _titled(whole: str, sites: Sequence[str]) -> Iterator[tuple[str, str, set[str]]]:
    """The ``title`` element, whole and cut."""
    yield whole, "title", {"whole title"}
    text = before_labels(without_site(whole, sites))
    yield without_sections(text), "title", set()
    yield text, "title", set()


def _is_dating(line: Line | None) -> bool:
    """Whether a line is a label line that says when: it stands below a title."""
    if line is None or not is_label_line(line.text):
        return False
    return any(fact.kind == "published" and not fact.is_weak for fact in labels_in(line.text))


def _printed(lines: Lines, whole: str, claims: Sequence[Found]) -> Iterator[tuple[str, str, set[str]]]:
    """Lines outside headings that the ``title`` or a claim begins with, or that a label line follows."""
    holders = _holders(whole, claims)
    for line, following in zip_longest(lines.lines, lines.lines[1:]):
        if line.is_aside or line.is_link or len(line.text) > _LONGEST:
            continue
        text = before_labels(line.text)
        key = bare(text)
        is_begun = len(key) >= _SHORTEST and any(holder.startswith(key) for holder in holders)
        if text != line.text and (is_begun or len(key) >= _RUNNING_SHORTEST):
            yield text, "line", {"runs on"}
        elif len(key) >= _PRINTED_SHORTEST and _is_dating(following) and not is_trail(line.text):
            yield text, "line", {"labelled"}
        if len(key) >= _PRINTED_SHORTEST and any(
            holder.startswith(key) and len(key) * 2 >= len(holder) for holder in holders
        ):
            yield text, "line", {"line"}
