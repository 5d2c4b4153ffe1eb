"""The real web server as a process of its own, over a store that a test has filled."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.running import free_port, wait_for

ROOT = Path(__file__).parents[2]
#: What ``tests.support.serving.serving`` publishes, as files.
CONFIGURATION = {
    "feedsvc.toml": '[server]\nbase_url = "https://feeds.example"\n[feeds]\ntitle = "Example feeds"\n',
    "categories.toml": (
        '[company]\ntitle = "Company"\n[company.releases]\ntitle = "Releases"\nlanguage = "en"\n'
        'description = "What the company releases"\n[company.empty]\ntitle = "Nothing yet"\n'
    ),
    "sources/acme.toml": 'url = "https://news.example/"\ntitle = "Acme"\ncategory = "company/releases"\n',
}


def configure(folder: Path) -> Path:
    """Write the configuration; the directory that it is in."""
    for name, text in CONFIGURATION.items():
        path = folder / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "config"


@contextmanager
def worker(folder: Path) -> Iterator[tuple[int, int]]:
    """``feedsvc web`` over the store that ``serving(folder)`` made and closed: (port, process id)."""
    port = free_port()
    configure(folder)
    (folder / "test.sqlite3").rename(folder / "feedsvc.sqlite3")
    command = [sys.executable, "-m", "feedsvc", "--config", str(folder / "config"), "--data", str(folder)]
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen([*command, "web", "--port", str(port)], cwd=ROOT, stdout=log, stderr=log)
    try:
        wait_for(port, seconds=60)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)
