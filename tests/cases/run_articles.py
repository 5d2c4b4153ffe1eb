"""Entries of the article cases, as ``score_articles.py --batch-cmd`` wants them: JSON lines in, JSON lines out.

    score_articles.py CASES --batch-cmd "python tests/cases/run_articles.py"

A line in is ``{"id", "html": path, "url"}``; a line out holds the fields of the Entry that a scrape would record.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from feedsvc.errors import ScrapeError
from feedsvc.extract.document import Document
from feedsvc.extract.release import read_release
from feedsvc.fetch.decoding import page_from_bytes
from feedsvc.model import Entry, ReleaseRules, Source
from feedsvc.normalize.entry import normalize
from feedsvc.normalize.text import body_text

#: The address of a case that gives none, or a name of its collection's own ("hard::site-story.html").
UNKNOWN_URL = "https://unknown.example/release.html"


def read(body: bytes, url: str, *, now: datetime) -> Entry:
    """The entry of one page, by the functions of a scrape."""
    page = page_from_bytes(body, url=url, content_type="text/html", fetched_at=now)
    draft = read_release(Document.parse(page), ReleaseRules())
    return normalize(draft, item=None, source=Source(key="case", urls=(url,), title=""), now=now)


def fields(entry: Entry) -> dict[str, object]:
    """What the scorer compares; captions are no body text, as in summaries."""
    return {
        "title": entry.title,
        "date": entry.published.day if entry.published else None,
        "author": list(entry.authors),
        "source": entry.publisher,
        "categories": list(entry.category_path),
        "image": entry.image.url if entry.image else None,
        "body_text": body_text(entry.content, captions=False),
    }


def _address(url: str | None) -> str:
    return url if url and url.startswith(("http://", "https://")) else UNKNOWN_URL


def main() -> None:
    """Answers each line of standard input."""
    now = datetime.now(UTC)
    started, pages = time.process_time(), 0
    for line in sys.stdin:
        case = json.loads(line)
        pages += 1
        answer: dict[str, object] = {"id": case["id"]}
        try:
            answer |= fields(read(Path(case["html"]).read_bytes(), _address(case.get("url")), now=now))
        except ScrapeError as error:
            answer["nothing"] = str(error)
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    print(f"{(time.process_time() - started) * 1000 / max(pages, 1):.1f} ms of CPU a page", file=sys.stderr)


if __name__ == "__main__":
    main()
