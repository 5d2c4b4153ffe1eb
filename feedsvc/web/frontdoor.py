"""The way in: feeds are answered here from finished bytes, everything else goes on to Flask.

A feed request costs one look into a dictionary and, for most, one comparison of strings. Measured, that is a few
microseconds, where Flask's routing alone takes hundreds.

``base_url`` may have a path (https://example.org/news/). Whether a proxy strips it before handing requests on or not,
both work: a path that begins with it loses it here. (So a base path must not be one of our own first segments.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from feedsvc.errors import StoreError
from feedsvc.log import get_logger
from feedsvc.model import Format
from feedsvc.publish.address import ARCHIVE_SEGMENT, feed_url, page_url
from feedsvc.publish.assemble import Variant
from feedsvc.service.address import feed_file, read_path, read_query
from feedsvc.service.deltas import Delta
from feedsvc.service.document import Document
from feedsvc.service.feeds import FeedService
from feedsvc.web.conditional import choose_coding, evaluate
from feedsvc.web.delivery import Delivery, Tally
from feedsvc.web.delta import delta_answer, named_renderings, wants_delta
from feedsvc.web.prepared import COMMON, Answer, Headers, Prepared

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

Environ = dict[str, Any]
#: Bytes held ready at most; most of them are shared with the feed service's memory.
PREPARED_BYTES = 48 * 2**20
_PLAIN: Headers = [("Content-Type", "text/plain; charset=utf-8"), *COMMON]
_PRECONDITION_FAILED: Answer = 412, [*_PLAIN, ("Content-Length", "20")], b"Precondition Failed\n"

_log = get_logger(__name__)


#: A feed that is made on request, behind a key (``web.status``).
STATUS = "feeds/_status"


class FrontDoor:
    """A WSGI application in front of another."""

    def __init__(
        self,
        feeds: FeedService,
        inner: WSGIApplication,
        *,
        delivery: Delivery,
        sends_people_to_pages: Callable[[], bool],
    ) -> None:
        self._feeds, self._inner, self._delivery = feeds, inner, delivery
        self._sends_people_to_pages = sends_people_to_pages
        #: What was prepared in which generation: what comes too late for its own is not served.
        self._ready: dict[str, tuple[int, Prepared, Tally]] = {}
        self._held = 0
        self._generation = -1
        self._is_watching = False

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        ready = self._ready_for(environ)
        if ready is not None:
            return _say(self._answer(ready[1], ready[2], environ), environ, start_response)
        return self._enter(environ, start_response)

    def at_once(self, environ: Environ) -> Answer | None:
        """The answer where it is ready; None where it takes longer. Never waits, and needs the request alone."""
        ready = self._ready_for(environ)
        if ready is None or "HTTP_A_IM" in environ:
            return None
        return self._answer(ready[1], ready[2], environ)

    def _ready_for(self, environ: Environ) -> tuple[int, Prepared, Tally] | None:
        feeds = self._feeds
        if feeds.generation != self._generation:
            self._generation = feeds.generation
            self._forget()
        if environ.get("QUERY_STRING") or environ["REQUEST_METHOD"] != "GET" or "HTTP_SEC_FETCH_DEST" in environ:
            return None
        if not _names_a_host(environ):
            return None
        ready = self._ready.get(environ["PATH_INFO"])
        return ready if ready is not None and ready[0] == self._generation else None

    def _answer(self, prepared: Prepared, tally: Tally, environ: Environ) -> Answer:
        """200, 226, 304 or 412 from finished bytes."""
        coded = prepared.coded(choose_coding(environ.get("HTTP_ACCEPT_ENCODING")))
        agent = environ.get("HTTP_USER_AGENT", "")
        if environ.get("HTTP_IF_NONE_MATCH") == coded.tag and "HTTP_IF_MATCH" not in environ:
            self._delivery.note(tally, 304, agent)  # nearly every poll ends here
            return coded.not_modified
        status = evaluate(
            tag=coded.tag,
            last_modified=prepared.last_modified,
            if_match=environ.get("HTTP_IF_MATCH"),
            if_unmodified_since=environ.get("HTTP_IF_UNMODIFIED_SINCE"),
            if_none_match=environ.get("HTTP_IF_NONE_MATCH"),
            if_modified_since=environ.get("HTTP_IF_MODIFIED_SINCE"),
        )
        delta = None
        if status == 200 and prepared.delta_of is not None and "HTTP_A_IM" in environ:
            delta = self._delta(prepared.delta_of, prepared.etag, environ)
        self._delivery.note(tally, status if delta is None else 226, agent)
        if delta is not None:
            return 226, *delta_answer(delta, coded.coding, whole=prepared)
        if status == 304:
            return coded.not_modified
        return coded.found if status == 200 else _PRECONDITION_FAILED

    def _delta(self, document: Document, etag: str, environ: Environ) -> Delta | None:
        """What is new since a rendering that the reader has, where it asks for no more than that."""
        if not wants_delta(environ["HTTP_A_IM"], environ.get("HTTP_USER_AGENT", "")):
            return None
        return self._feeds.delta(document, named_renderings(environ.get("HTTP_IF_NONE_MATCH", "")), etag=etag)

    def _enter(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Every request that has no prepared answer."""
        if not self._is_watching:
            # Not at start: a server may fork its workers from the process that made us, and threads stay behind.
            self._is_watching = True
            self._feeds.watch()
        if not _names_a_host(environ):
            return _plain(start_response, "400 Bad Request", environ)
        written = environ["PATH_INFO"]
        path = read_path(written)
        if path is None:
            return _plain(start_response, "404 Not Found", environ)
        stripped = self._strip_base(path)
        if stripped is not path:
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + path[: len(path) - len(stripped)]
            environ["PATH_INFO"] = stripped.encode().decode("latin-1")
        file = feed_file(stripped)
        if file is None or file[0] == STATUS:
            return self._inner(environ, start_response)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _plain(start_response, "405 Method Not Allowed", environ, ("Allow", "GET, HEAD"))
        try:
            return self._serve(written, *file, environ, start_response)
        except StoreError as error:
            _log.error("feed not served", path=stripped, reason=str(error))
            return _plain(start_response, "503 Service Unavailable", environ, ("Retry-After", "30"))

    def _serve(
        self,
        written: str,
        feed_path: str,
        archive: int | None,
        format: Format,
        environ: Environ,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        catalogue = self._feeds.catalogue
        base_url = catalogue.settings.server.base_url.rstrip("/")
        variant, is_raw = read_query(environ.get("QUERY_STRING", ""))
        moved = catalogue.gone.get(feed_path)
        if moved is not None:
            if not moved:
                return _plain(start_response, "410 Gone", environ)
            part = f"/{ARCHIVE_SEGMENT}/{archive}" if archive is not None else ""
            query = "&".join(filter(None, (variant.query if archive is None else "", "raw=1" if is_raw else "")))
            address = f"{base_url}/{quote(moved)}{part}.{format.value}{'?' if query else ''}{query}"
            return _plain(start_response, "301 Moved Permanently", environ, ("Location", address))
        ref = catalogue.find(feed_path)
        if ref is None:
            return _plain(start_response, "404 Not Found", environ)
        if self._is_person(environ) and not is_raw:
            there = [("Location", page_url(base_url, ref)), ("Cache-Control", "no-store")]
            return _plain(start_response, "303 See Other", environ, *there)
        document = Document(ref=ref, format=format, variant=variant if archive is None else Variant(), archive=archive)
        generation = self._feeds.generation
        rendering = self._feeds.rendering(document)
        if rendering is None and archive is not None and archive > 1 and self._feeds.is_next_archive(ref, archive):
            # The oldest archive names its neighbour before that is closed; till then the present is what comes after.
            there = [("Location", feed_url(base_url, ref, format)), ("Cache-Control", "public, max-age=60")]
            return _plain(start_response, "307 Temporary Redirect", environ, *there)
        if rendering is None:
            return _plain(start_response, "404 Not Found", environ)
        delta_of = document if self._feeds.takes_deltas(document) else None
        prepared, tally = Prepared(rendering, delta_of=delta_of), self._delivery.tally(document)
        if not environ.get("QUERY_STRING"):
            self._remember(written, generation, prepared, tally)
        return _say(self._answer(prepared, tally, environ), environ, start_response)

    def _remember(self, written: str, generation: int, prepared: Prepared, tally: Tally) -> None:
        self._held += prepared.size
        if self._held > PREPARED_BYTES:
            self._forget()
            self._held = prepared.size
        self._ready[written] = generation, prepared, tally

    def _forget(self) -> None:
        self._ready.clear()
        self._held = 0

    def _is_person(self, environ: Environ) -> bool:
        """A browser's top-level navigation (Fetch Metadata): no feed reader sends this (specs/feeds.md 7.7)."""
        return (
            environ.get("HTTP_SEC_FETCH_DEST") == "document"
            and environ.get("HTTP_SEC_FETCH_MODE", "navigate") == "navigate"
            and self._sends_people_to_pages()
        )

    def _strip_base(self, path: str) -> str:
        if not self._feeds.is_loaded:
            return path
        base = urlsplit(self._feeds.catalogue.settings.server.base_url).path.rstrip("/")
        return path[len(base) :] if base and path.startswith(f"{base}/") else path


def _names_a_host(environ: Environ) -> bool:
    """Whether a request names one host, as HTTP/1.1 must (RFC 9112 section 3.2)."""
    host = environ.get("HTTP_HOST", "")
    return (host != "" and "," not in host) or environ.get("SERVER_PROTOCOL") != "HTTP/1.1"


def _say(answer: Answer, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """A finished answer as WSGI has it; its headers are copied, for what is around us may add to them."""
    status, headers, body = answer
    start_response(f"{status} {HTTPStatus(status).phrase}", headers[:])
    return [body] if body and environ["REQUEST_METHOD"] != "HEAD" else []


def _plain(start_response: StartResponse, status: str, environ: Environ, *headers: tuple[str, str]) -> Iterable[bytes]:
    """An answer that repeats nothing of the request (reliability section 5)."""
    body = f"{status[4:]}\n".encode()
    start_response(status, [*_PLAIN, ("Content-Length", str(len(body))), *headers])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
