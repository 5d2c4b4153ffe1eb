"""A rendering made ready to be answered with: every header of every coding written once (RFC 9110)."""

from __future__ import annotations

from feedsvc.model import Rendering
from feedsvc.service.document import Document
from feedsvc.web.conditional import Coding, coded_tag, http_date

Headers = list[tuple[str, str]]
#: (status, headers, body) of a finished answer; shared by all whom it is given, so nobody may change it.
Answer = tuple[int, Headers, bytes]

#: On every answer about a feed: anyone's page may read it, and no browser may take scraped content for a page of ours.
COMMON: Headers = [
    ("Access-Control-Allow-Origin", "*"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
]

#: What the answers about a document depend on; about one that gives deltas (specs/feeds.md 7.10).
VARY, VARY_OF_DELTAS = "Accept-Encoding", "Accept-Encoding, A-IM, If-None-Match"


class Coded:
    """One coding of a rendering: its tag and the answers 200 and 304."""

    __slots__ = ("coding", "found", "not_modified", "tag")

    def __init__(self, rendering: Rendering, coding: Coding, body: bytes, vary: str) -> None:
        self.coding = coding
        self.tag = coded_tag(rendering.etag, coding)
        #: What a 304 repeats of the 200 (section 15.4.5); Date is the server's.
        repeated: Headers = [
            ("ETag", self.tag),
            ("Cache-Control", f"public, max-age={rendering.max_age}"),
            ("Vary", vary),
            *COMMON,
        ]
        coded = [("Content-Encoding", coding.value)] if coding is not Coding.IDENTITY else []
        link = [("Link", rendering.link)] if rendering.link else []
        whole: Headers = [
            ("Content-Type", rendering.content_type),
            ("Content-Length", str(len(body))),
            *coded,
            ("Last-Modified", http_date(rendering.last_modified)),
            *repeated,
            *link,
        ]
        self.found: Answer = 200, whole, body
        self.not_modified: Answer = 304, repeated, b""


class Prepared:
    """A rendering in the codings it has."""

    __slots__ = ("codings", "delta_of", "etag", "last_modified", "max_age", "size")

    def __init__(self, rendering: Rendering, *, delta_of: Document | None = None) -> None:
        self.etag, self.max_age = rendering.etag, rendering.max_age
        self.last_modified = rendering.last_modified
        #: The document, where readers may ask for what is new in it alone.
        self.delta_of = delta_of
        vary = VARY if delta_of is None else VARY_OF_DELTAS
        bodies = {Coding.BROTLI: rendering.brotli, Coding.GZIP: rendering.gzip, Coding.IDENTITY: rendering.identity}
        self.codings = {coding: Coded(rendering, coding, body, vary) for coding, body in bodies.items() if body}
        self.size = sum(map(len, bodies.values()))

    def coded(self, coding: Coding) -> Coded:
        """The bytes in this coding, else plain ones."""
        return self.codings.get(coding) or self.codings[Coding.IDENTITY]
