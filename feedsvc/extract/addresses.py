"""What addresses tell by their form alone: same page or site, below the listing, an overview rather than a release."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

#: Folders under which sites keep overviews, by what those overviews are.
TAXONOMIES: Final = {
    folder: kind
    for kind, folders in {
        "tag cloud": "tag tags label labels keyword keywords etiqueta etiquetas schlagwort schlagworte mot-cle topic"
        " topics thema themen tema temas topico topicos",
        "category links": "category categories cat kategorie kategorien kategori kategoria categoria categorias"
        " categorie rubrique rubriques rubrik series taxonomy",
        "author links": "author authors user users autor autoren autores auteur auteurs",
        "navigation": "search login page",
    }.items()
    for folder in folders.split()
}

_YEAR_MONTH = re.compile(r"(?:^|/[^/\d][^/]*)/(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])|/(?:0?[1-9]|1[0-2]))?(?:\.html?)?/?$")
_PAGE = re.compile(r"/page[-_/]?\d+/?$|[?&](?:page|paged|start|offset)=\d+$", re.IGNORECASE)
_FILE = re.compile(r"\.(?:xml|rss|atom|rdf|json|ics|jpe?g|png|gif|webp|svg|zip|gz|exe|dmg|css|js)$", re.IGNORECASE)


def page_key(url: str) -> str:
    """The form of a URL under which two links to one page compare equal; "" for what is no web address."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    path = unquote(parts.path).removesuffix("index.html").removesuffix("index.php").rstrip("/")
    return f"{host}{path}?{parts.query}" if parts.query else f"{host}{path}"


def page_host(url: str) -> str:
    """The host of a URL without ``www.``."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def folder_of(url: str) -> str:
    """Host and first words of the path that an address shares with its like; numbers (dates, ids) do not count."""
    parts = urlsplit(url)
    segments = [part for part in unquote(parts.path).split("/") if part][:-1]
    return "/".join([page_host(url), *[part for part in segments if not part.isdigit()][:2]])


def is_below(url: str, page_url: str) -> bool:
    """Whether a URL stands below the listing page's own path, as releases under their section do."""
    here = urlsplit(page_url).path
    here = here[: here.rfind("/") + 1]
    return (
        len(here) > 1
        and page_host(url) == page_host(page_url)
        and unquote(urlsplit(url).path).startswith(unquote(here))
    )


def taxonomy_of(url: str, page_url: str) -> str:
    """What kind of overview an address names by its folders ("tag cloud", "category links", ...), or ""."""
    folders = [part for part in urlsplit(url).path.lower().split("/") if part][:-1]
    known = set(urlsplit(page_url).path.lower().split("/"))
    for folder in folders:
        if folder not in known and (kind := TAXONOMIES.get(folder)):
            return kind
    return ""


def is_month(url: str) -> bool:
    """Whether an address names a year or a month as a whole."""
    return bool(_YEAR_MONTH.search(urlsplit(url).path))


def is_further_page(url: str) -> bool:
    """Whether an address names a numbered page of a list."""
    return bool(_PAGE.search(url))


def is_for_machines(url: str) -> bool:
    """Whether an address names a feed, an image or a program by its ending; a PDF may well be a release."""
    return bool(_FILE.search(urlsplit(url).path))


def is_junk_url(url: str, page_url: str) -> bool:
    """Whether an address names a tag, category, author, month, further page or the whole site, and so no release."""
    if urlsplit(url).path in ("", "/"):
        return not urlsplit(url).query
    return bool(taxonomy_of(url, page_url)) or is_month(url) or is_further_page(url) or is_for_machines(url)
