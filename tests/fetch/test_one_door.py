"""All outbound HTTP goes through one module: connections are made in feedsvc/fetch/connection.py and nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import feedsvc

PACKAGE = Path(feedsvc.__file__).parent
CLIENTS = set(
    "requests httpx httpcore urllib3 aiohttp pycurl h11 h2 http.client urllib.request ftplib telnetlib xmlrpc.client"
    " websockets".split()
)


def imports(file: Path) -> Iterator[str]:
    """Every module that ``file`` imports, as written, at any depth."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_no_other_module_speaks_http(file: Path) -> None:
    if file != PACKAGE / "fetch" / "connection.py":
        assert not CLIENTS & set(imports(file)), (
            "hand requests to fetch.Client (protocols.Fetcher, protocols.HttpClient)"
        )


def test_only_the_wire_connects() -> None:
    files = (PACKAGE / "fetch").rglob("*.py")
    assert [file.name for file in files if "Connection.dial" in file.read_text(encoding="utf-8")] == ["wire.py"]
