"""Entries of the listing cases, as ``score_listings.py --batch-cmd`` wants them.

    python tests/cases/run_listings.py CASES_DIR

For each case folder the entries found in ``page.html`` at the URL in ``expected.json`` (nothing else of that file is
used), one JSON object a line. The functions are those that a scrape uses.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from feedsvc.extract.document import Document
from feedsvc.extract.listing import read_listing
from feedsvc.fetch.decoding import page_from_bytes
from feedsvc.model import ListingItem, Rules
from feedsvc.normalize.dates import choose


def entries(body: bytes, url: str, *, now: datetime) -> list[dict[str, str | None]]:
    """The entries of one page: link, title and day."""
    page = page_from_bytes(body, url=url, content_type="text/html", fetched_at=now)
    document = Document.parse(page)
    listing = read_listing(document, Rules())
    languages = (document.language,) if document.language else ()
    return [_entry(item, now=now, languages=languages) for item in listing.items]


def _entry(item: ListingItem, *, now: datetime, languages: tuple[str, ...]) -> dict[str, str | None]:
    chosen = choose(item.published, now=now, time_zone="UTC", languages=languages)
    return {
        "link": item.url,
        "title": item.title.text if item.title else "",
        "date": chosen[0].day if chosen else None,
    }


def main() -> None:
    """Prints one line for each case folder in the folder given."""
    now = datetime.now(UTC)
    started, pages = time.process_time(), 0
    for folder in sorted(Path(sys.argv[1]).iterdir()):
        if (folder / "expected.json").is_file():
            url = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["url"]
            found = entries((folder / "page.html").read_bytes(), url, now=now)
            print(json.dumps({"case": folder.name, "entries": found}, ensure_ascii=False), flush=True)
            pages += 1
    print(f"{(time.process_time() - started) * 1000 / max(pages, 1):.1f} ms of CPU a page", file=sys.stderr)


if __name__ == "__main__":
    main()
