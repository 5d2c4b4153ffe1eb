"""A website by its address: what was found, side by side; pick one, tune its rules, name it, and it is watched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from flask import Blueprint, Response, redirect, request
from markupsafe import Markup

from feedsvc.config.source_file import check_key, free_key
from feedsvc.config.values import check_web_url
from feedsvc.errors import ScrapeError, ServiceError
from feedsvc.model import Cadence, Rules, Source
from feedsvc.service.refusal import Unfit, sentence_of
from feedsvc.service.source_form import CADENCES, FROM_CATEGORY, read_cadence, read_source, written
from feedsvc.store import Store
from feedsvc.web.admin.fields import RULES, Field, labelled
from feedsvc.web.gate import desk, page, private, root, told
from feedsvc.web.security import DESK_ENTRY_POLICY

if TYPE_CHECKING:
    from feedsvc.service.preview import Preview

adding = Blueprint("adding", __name__)

_FIELDS = ("url", "way", "way_url", "key", "title", "category", "kind", "value", "plan", *RULES)
_KINDS = ("html", "feed", "sitemap", "json", "wordpress")
_FILL = ("title", "published", "summary", "body", "image")
SAMPLES, LISTED, URL_MAX = 5, 12, 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a look gave: the ways in, and what the chosen one finds by the rules that were typed."""

    #: By what is found automatically, with every way in.
    plain: Preview
    #: By the rules; the same where none were typed.
    ruled: Preview


@adding.get("/add")
def ask() -> Response:
    """Where to paste the address."""
    return page("add.html", typed={}, faults={}, found=None)


@adding.post("/add")
def add() -> Response:
    """Look at the address, show another way in or other rules, or save what was chosen."""
    typed = {name: request.form.get(name, "").strip()[: URL_MAX + 1] for name in _FIELDS}
    action = request.form.get("do", "look")
    fault = _url_fault(typed["url"], desk().store)
    if fault:
        return page("add.html", status=400, typed=typed, faults={"url": fault}, found=None)
    if action == "save":
        return _save(typed)
    return _look(typed, is_fresh=action == "look")


def _look(typed: Mapping[str, str], *, faults: Mapping[str, str] | None = None, is_fresh: bool = False) -> Response:
    from feedsvc.service.preview import title_of

    rules, wrong = _rules(typed)
    wrong |= faults or {}
    try:
        found = _found(typed, rules, is_fresh=is_fresh)
    except (ScrapeError, ServiceError) as error:
        said = f"could not be looked at: {error.message}" + (f" ({error.remedy})" if error.remedy else "") + "."
        return page("add.html", status=400, typed=typed, faults={"url": said}, found=None)
    chosen, plans, ruled = found.plain.chosen, found.plain.plans, found.ruled
    filled = {**typed, "way": chosen.kind if chosen else "", "way_url": chosen.url if chosen else ""}
    if faults is None:
        # what was left empty is proposed, but never in place of what a save was refused for
        filled |= {
            "key": typed["key"] or free_key(typed["url"], desk().store.sources.keys()),
            "title": typed["title"] or title_of(found.plain),
            "kind": typed["kind"] or "budget",
            "value": typed["value"] or "48/day",
        }
    response = page(
        "add.html",
        status=400 if wrong else 200,
        typed=filled,
        faults=wrong,
        found=ruled,
        number=next((place for place, plan in enumerate(plans, start=1) if plan is chosen), ""),
        plans=[
            {
                "number": place,
                "plan": plan,
                "is_chosen": plan is chosen,
                "count": len(plan.listing.items),
                "fill": [(name, round(100 * plan.fill.get(name, 0))) for name in _FILL],
                "samples": [item.title.text if item.title else item.url for item in plan.listing.items[:SAMPLES]],
            }
            for place, plan in enumerate(plans, start=1)
        ],
        items=ruled.listing.items[:LISTED],
        count=len(ruled.listing.items),
        rule_fields=_rule_fields(filled, wrong, found.plain),
        fields=_provenance(ruled),
        # sanitized by normalize.sanitize, as every entry before it is stored
        content=Markup(ruled.entry.content) if ruled.entry else "",  # noqa: S704
        categories=[category.path for category in desk().store.categories()][:300],
        kinds=CADENCES,
    )
    response.headers["Content-Security-Policy"] = DESK_ENTRY_POLICY
    return response


def _found(typed: Mapping[str, str], rules: Rules, *, is_fresh: bool) -> Found:
    """What is there. Raises ScrapeError, ServiceError."""
    from feedsvc.service.preview import source_for

    number = int(typed["plan"]) if re.fullmatch(r"[1-9]\d?", typed["plan"]) else None
    plain = desk().look(source_for(typed["url"]), number=number, is_fresh=is_fresh)
    if rules == Rules():
        return Found(plain=plain, ruled=plain)
    way = plain.source if plain.source.kind != "auto" else replace(plain.source, kind="html")
    return Found(plain=plain, ruled=desk().look(replace(way, rules=rules), is_fresh=False))


def _rules(typed: Mapping[str, str]) -> tuple[Rules, dict[str, str]]:
    """The rules that were typed, none where one of them is wrong; and what is wrong, by field."""
    texts = {"url": typed["url"], **{name: typed[name] for name in RULES}}
    filled = read_source("preview", texts, base=Source(key="preview", urls=(typed["url"],), title=""))
    return (filled.source.rules, {}) if filled.source is not None else (Rules(), dict(filled.faults))


def _rule_fields(typed: Mapping[str, str], faults: Mapping[str, str], found: Preview) -> list[tuple[Field, str]]:
    """Each rule with the selector that finds the same as no rule does, where there is one."""
    from feedsvc.service.preview import pinned

    learnt = written(pinned(found)) if found.chosen is not None and found.chosen.kind == "html" else {}
    return [(labelled(name, typed[name], faults.get(name, "")), learnt.get(name, "")) for name in RULES]


def _save(typed: Mapping[str, str]) -> Response:
    source, faults = _read(typed, desk().store)
    if source is None:
        return _look(typed, faults=faults)
    try:
        is_added = desk().tuning.add(source)
    except Unfit as refused:
        return _look(typed, faults=refused.faults)
    if not is_added:
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
    if typed["kind"] == FROM_CATEGORY:
        cadence, fault = Cadence(from_category=True), ""
    if fault:
        faults["value"] = fault
    way = typed["way"] if typed["way"] in _KINDS else "auto"
    url = typed["way_url"] if way not in ("auto", "html") else typed["url"]
    texts = {"url": url, "title": typed["title"], "category": typed["category"], "kind": way}
    texts |= {name: typed[name] for name in RULES}
    filled = read_source(key, texts, base=Source(key=key, urls=(url,), title=""))
    faults |= filled.faults
    if filled.source is None or cadence is None or faults:
        return None, faults
    return replace(filled.source, cadence=cadence), {}


def _url_fault(url: str, store: Store) -> str:
    """What is wrong with the address; "" where it can be looked at."""
    if not url:
        return "is missing: paste the address of the page that lists the releases."
    if len(url) > URL_MAX:
        return f"is longer than {URL_MAX} characters."
    if fault := sentence_of(check_web_url, url):
        return fault
    known = next(
        (state.key for state in store.sources.all(mentioning=urlsplit(url).hostname or "") if url in state.source.urls),
        "",
    )
    return f"is watched already: it is the source {known}." if known else ""


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
