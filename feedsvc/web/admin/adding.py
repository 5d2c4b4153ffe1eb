"""A website by its address: what was found, side by side; pick one, name it, and it is watched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlencode, urlsplit

from flask import Blueprint, Response, redirect, request
from markupsafe import Markup

from feedsvc.config.source_file import check_key
from feedsvc.config.values import check_web_url
from feedsvc.errors import ScrapeError, ServiceError
from feedsvc.model import Source, segment
from feedsvc.service.refusal import sentence_of
from feedsvc.service.source_form import CADENCES, read_cadence, read_source
from feedsvc.store import Store
from feedsvc.web.gate import desk, page, private, root, told
from feedsvc.web.security import DESK_ENTRY_POLICY

if TYPE_CHECKING:
    from feedsvc.service.preview import Preview

adding = Blueprint("adding", __name__)

_FIELDS = ("url", "way", "way_url", "key", "title", "category", "kind", "value")
_KINDS = ("html", "feed", "sitemap", "json", "wordpress")
_FILL = ("title", "published", "summary", "body", "image")
SAMPLES, URL_MAX = 5, 2000


@adding.get("/add")
def ask() -> Response:
    """Where to paste the address."""
    return page("add.html", typed={}, faults={}, found=None)


@adding.post("/add")
def add() -> Response:
    """Look at the address, or save what was chosen."""
    typed = {name: request.form.get(name, "").strip()[:URL_MAX] for name in _FIELDS}
    fault = _url_fault(typed["url"], desk().store)
    if fault:
        return page("add.html", status=400, typed=typed, faults={"url": fault}, found=None)
    if request.form.get("do") == "save":
        return _save(typed)
    return _look(typed)


def _look(typed: Mapping[str, str], *, faults: Mapping[str, str] | None = None) -> Response:
    number = request.form.get("plan", "")
    try:
        found = desk().preview(typed["url"], number=int(number) if re.fullmatch(r"[1-9]\d?", number) else None)
    except (ScrapeError, ServiceError) as error:
        said = f"could not be looked at: {error.message}" + (f" ({error.remedy})" if error.remedy else "") + "."
        return page("add.html", status=400, typed=typed, faults={"url": said}, found=None)
    chosen = found.chosen
    filled = {
        **typed,
        "way": chosen.kind if chosen else "",
        "way_url": chosen.url if chosen else "",
        "key": typed["key"] or _free_key(typed["url"], desk().store),
        "title": typed["title"] or found.source.title,
        "kind": typed["kind"] or "budget",
        "value": typed["value"] or "48/day",
    }
    response = page(
        "add.html",
        status=400 if faults else 200,
        typed=filled,
        faults=faults or {},
        found=found,
        number=next((place for place, plan in enumerate(found.plans, start=1) if plan is chosen), ""),
        plans=[
            {
                "number": place,
                "plan": plan,
                "is_chosen": plan is chosen,
                "count": len(plan.listing.items),
                "fill": [(name, round(100 * plan.fill.get(name, 0))) for name in _FILL],
                "samples": [item.title.text if item.title else item.url for item in plan.listing.items[:SAMPLES]],
            }
            for place, plan in enumerate(found.plans, start=1)
        ],
        fields=_provenance(found),
        # sanitized by normalize.sanitize, as every entry before it is stored
        content=Markup(found.entry.content) if found.entry else "",  # noqa: S704
        categories=[category.path for category in desk().store.categories()][:300],
        kinds=CADENCES,
    )
    response.headers["Content-Security-Policy"] = DESK_ENTRY_POLICY
    return response


def _save(typed: Mapping[str, str]) -> Response:
    source, faults = _read(typed, desk().store)
    if source is None:
        return _look(typed, faults=faults)
    if not desk().tuning.add(source):
        return _look(typed, faults={"key": "is taken by another source: choose another."})
    said = "Added. Its first scrape begins within seconds; the feed is live and fills as it goes on."
    there = f"{root()}/admin/sources/{quote(source.key)}?{urlencode(told(said))}"
    return private(redirect(there, 303))  # type: ignore[arg-type]


def _read(typed: Mapping[str, str], store: Store) -> tuple[Source | None, dict[str, str]]:
    """The source that was chosen and named, or what is wrong, by field."""
    faults: dict[str, str] = {}
    key = typed["key"]
    if fault := sentence_of(check_key, key):
        faults["key"] = fault
    elif store.sources.get(key) is not None:
        faults["key"] = "is taken by another source: choose another."
    cadence, fault = read_cadence(typed["kind"], typed["value"])
    if fault:
        faults["value"] = fault
    way = typed["way"] if typed["way"] in _KINDS else "auto"
    url = typed["way_url"] if way not in ("auto", "html") else typed["url"]
    texts = {"url": url, "title": typed["title"], "category": typed["category"], "kind": way}
    filled = read_source(key, texts, base=Source(key=key, urls=(url,), title=""))
    faults |= filled.faults
    if filled.source is None or cadence is None or faults:
        return None, faults
    return replace(filled.source, cadence=cadence), {}


def _url_fault(url: str, store: Store) -> str:
    """What is wrong with the address; "" where it can be looked at."""
    if not url:
        return "is missing: paste the address of the page that lists the releases."
    if len(url) >= URL_MAX:
        return f"is longer than {URL_MAX} characters."
    if fault := sentence_of(check_web_url, url):
        return fault
    known = next(
        (state.key for state in store.sources.all(mentioning=urlsplit(url).hostname or "") if url in state.source.urls),
        "",
    )
    return f"is watched already: it is the source {known}." if known else ""


def _free_key(url: str, store: Store) -> str:
    """A key made of the address that no source has yet."""
    parts = urlsplit(url)
    words = segment(f"{(parts.hostname or '').removeprefix('www.')} {unquote(parts.path)}")
    plain = re.sub(r"[^a-z0-9]+", "-", words.encode("ascii", "ignore").decode())[:50].strip("-") or "website"
    taken = set(store.sources.keys())
    candidates = (plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 3)))
    return next(key for key in candidates if key not in taken)


def _provenance(found: Preview) -> list[tuple[str, str, str]]:
    """Each field of the entry: what is published, and where it stood."""
    entry = found.entry
    if entry is None:
        return []
    values = {
        "title": entry.title,
        "published": entry.published.at.isoformat(" ", "minutes") if entry.published else "",
        "authors": ", ".join(entry.authors),
        "publisher": entry.publisher or "",
        "category_path": " / ".join(entry.category_path),
        "summary": entry.summary[:300] if entry.summary else "",
        "image": entry.image.url if entry.image else "",
        "language": entry.language or "",
    }
    kept = entry.provenance
    return [(name, value, kept[name].where if name in kept else "") for name, value in values.items() if value]
