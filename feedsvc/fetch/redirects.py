"""Where a redirect leads (RFC 9110 section 15.4), and what may travel along (rule F3)."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urljoin

from feedsvc.errors import Refused, Unreachable
from feedsvc.fetch.guard import Target, check_url
from feedsvc.log import get_logger

log = get_logger(__name__)


def follow(target: Target, location: str | None, *, seen: Collection[str], allow_targets: Collection[str]) -> Target:
    """The guarded target that ``location`` names, relative to ``target``; raises Refused for loops and bad targets."""
    if not location:
        raise Unreachable("the redirect does not say where to", subject=target.url, remedy="the server is faulty")
    # Header fields are bytes; locations beyond ASCII are UTF-8 in practice. Blanks are common, and only blanks.
    text = location.encode("latin-1", errors="replace").decode("utf-8", errors="replace").strip(" \t")
    if any(character < " " or character == "\\" for character in text):
        raise Refused(
            "the redirect's address contains control characters or a backslash",
            subject=target.url,
            remedy="the server is faulty, or hostile",
        )
    try:
        absolute = urljoin(target.url, text.replace(" ", "%20"))
    except ValueError as error:
        raise Refused(f"the redirect's address is not a URL: {error}", subject=target.url) from error
    try:
        following = check_url(absolute, allow_targets=allow_targets)
    except Refused as error:
        message = f"redirected to where nothing is fetched: {error.message}"
        raise Refused(message, subject=f"{target.url} -> {error.subject}", remedy=error.remedy) from error
    if following.url in seen:
        raise Refused(
            "the redirects go round in a circle", subject=target.url, remedy="open it in a browser to see why"
        )
    if target.scheme == "https" and following.scheme == "http":
        log.warning("redirect leaves https", origin=target.origin, to=following.origin)
    return following
