"""How a preview is printed: ways in, items, refusals, and a Draft beside its Entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from feedsvc.cli.output import cell, console, is_watched, print_rows
from feedsvc.model import Draft, Entry, Found, FoundMedia, ListingItem, Media, Plan, When
from feedsvc.normalize.text import plain, shorten

if TYPE_CHECKING:
    from feedsvc.service.preview import Preview

#: Field of a Draft -> field of an Entry.
_FIELDS = {
    "url": "link",
    "title": "title",
    "subtitle": "subtitle",
    "published": "published",
    "updated": "updated",
    "authors": "authors",
    "publisher": "publisher",
    "category_path": "category_path",
    "tags": "tags",
    "summary": "summary",
    "body": "content",
    "image": "image",
    "enclosures": "enclosures",
    "language": "language",
}
#: Characters of a field that are shown, titles of a plan, and items of a list where a person looks.
_TEXT_MAX, _SAMPLES, _ITEMS = 160, 3, 25


def show(found: Preview) -> None:
    """Print everything for a person or, in a pipe, as lines of cells."""
    if found.plans:
        _show_plans(found)
    _show_listing(found)
    if found.problem:
        click.echo(f"\nno entry: {found.problem}")
    if found.draft is not None:
        click.echo(f"\n{found.draft.url}")
        _show_release(found.draft, found.entry)


def _show_plans(found: Preview) -> None:
    headings = ("", "way in", "items", "titles", "dates", "texts", "requests", "robots.txt", "address", "such as")
    rows = [_plan(number, plan, plan is found.chosen) for number, plan in enumerate(found.plans, 1)]
    print_rows(headings, rows)
    click.echo()


def _plan(number: int, plan: Plan, is_chosen: bool) -> tuple[object, ...]:
    items = plan.listing.items
    titles = [shorten(plain(item.title.text), 40) for item in items if item.title][:_SAMPLES]
    return (
        f"{number}{' *' if is_chosen else ''}",
        plan.kind,
        len(items),
        *(f"{plan.fill.get(name, 0.0):.0%}" if items else "" for name in ("title", "published", "body")),
        plan.requests,
        plan.robots,
        plan.url,
        " | ".join(titles) if titles else (plan.listing.reason or plan.note),
    )


def _show_listing(found: Preview) -> None:
    listing = found.listing
    click.echo(f"{listing.url}: {len(listing.items)} items, found by {listing.plan}")
    if listing.reason:
        click.echo(f"  {listing.reason}")
    if found.look:
        click.echo(f"  the page looks like this: {found.look}")
    shown = listing.items[:_ITEMS] if is_watched() else listing.items
    if shown:
        print_rows(("#", "date", "title", "link"), (_item(number, item) for number, item in enumerate(shown, 1)))
    if len(shown) < len(listing.items):
        click.echo(f"and {len(listing.items) - len(shown)} more")
    for url in listing.next_urls[:3]:
        click.echo(f"older items: {url}")
    examples = {refusal.reason: refusal.what for refusal in reversed(listing.refused)}
    for reason, count in Counter(refusal.reason for refusal in listing.refused).most_common():
        click.echo(f"refused as {reason}: {count}, such as {shorten(plain(examples[reason]), 80)}")


def _item(number: int, item: ListingItem) -> tuple[object, ...]:
    title = plain(item.title.text) if item.title else ""
    return number, item.published[0].text if item.published else "", shorten(title, _TEXT_MAX), item.url


def _show_release(draft: Draft, entry: Entry | None) -> None:
    """The Draft and its Entry side by side: what is wrong on the left is extraction's fault, on the right ours."""
    rows = list(_rows(draft, entry))
    if not is_watched():
        print_rows(("field", "printed", "where", "published as"), rows)
        return
    table = Table(title=None, header_style="bold", pad_edge=False, expand=True)
    for heading, ratio in (("field", 1), ("on the page (Draft)", 4), ("where", 2), ("in the feed (Entry)", 4)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    for row in rows:
        table.add_row(*(cell(value) for value in row))
    console().print(table)


def _rows(draft: Draft, entry: Entry | None) -> Iterator[tuple[str, str, str, str]]:
    for ours, theirs in _FIELDS.items():
        printed = _found(getattr(draft, ours))
        published = _text(getattr(entry, theirs)) if entry is not None else ""
        if not printed and not published:
            continue
        chosen = entry.provenance.get(theirs) if entry is not None else None
        lines = printed or [("", "")]
        for number, (text, where) in enumerate(lines[:4]):
            said = where or (chosen.where if chosen and number == 0 else "")
            yield ours if number == 0 else "", text, said, published if number == 0 else ""
    if entry is not None and entry.flags:
        yield "remarks", "", "", "; ".join(entry.flags)


def _found(value: object) -> list[tuple[str, str]]:
    """Texts with where they stood."""
    if value is None:
        return []
    if isinstance(value, Found):
        return [(shorten(plain(value.text), _TEXT_MAX), value.where)]
    if isinstance(value, FoundMedia):
        return [(value.url, value.where)]
    if isinstance(value, tuple):
        return [pair for one in value for pair in _found(one)]
    return [(str(value), "")]


def _text(value: object) -> str:
    """A field of an Entry in few words."""
    if value is None:
        return ""
    if isinstance(value, When):
        return value.day if value.precision == "day" else value.at.isoformat().replace("+00:00", "Z")
    if isinstance(value, Media):
        return " ".join(str(part) for part in (value.url, value.type, value.length) if part)
    if isinstance(value, tuple):
        return " / ".join(_text(one) for one in value)
    return shorten(plain(str(value)), _TEXT_MAX)


def as_json(found: Preview) -> dict[str, Any]:
    """Everything for a program."""
    listing = found.listing
    return {
        "url": listing.url,
        "plan": listing.plan,
        "reason": listing.reason,
        "look": found.look,
        "plans": [_plan_as_json(plan, plan is found.chosen) for plan in found.plans],
        "items": listing.items,
        "next_urls": listing.next_urls,
        "refused": listing.refused,
        "item": found.item.url if found.item else None,
        "draft": found.draft,
        "entry": found.entry,
        "problem": found.problem,
    }


def _plan_as_json(plan: Plan, is_chosen: bool) -> dict[str, Any]:
    return {
        "kind": plan.kind,
        "url": plan.url,
        "is_chosen": is_chosen,
        "score": plan.score,
        "items": len(plan.listing.items),
        "samples": [
            {"title": item.title.text if item.title else None, "url": item.url}
            for item in plan.listing.items[:_SAMPLES]
        ],
        "fill": plan.fill,
        "requests": plan.requests,
        "agreement": plan.agreement,
        "robots": plan.robots,
        "note": plan.note,
        "reason": plan.listing.reason,
    }
