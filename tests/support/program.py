"""feedsvc as people run it: a process of its own, on a configuration and a data folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.running import free_port, wait_for

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Program:
    """The command line with ``folder/config`` and ``folder/data``; ``targets`` are the websites that it may reach."""

    folder: Path
    targets: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    def source(self, key: str, toml: str) -> None:
        """Write a source file."""
        path = self.folder / "config" / "sources" / f"{key}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(toml, encoding="utf-8")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "feedsvc", *words],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            encoding="utf-8",
            timeout=600,
            check=False,
        )

    def json(self, *words: str) -> Any:
        """What a command prints with --json."""
        ran = self.run(*words, "--json")
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    @property
    def environ(self) -> dict[str, str]:
        """The environment of its processes."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("FEEDSVC_")}
        return {
            **ours,
            "FEEDSVC_CONFIG": str(self.folder / "config"),
            "FEEDSVC_DATA": str(self.folder / "data"),
            "FEEDSVC_BASE_URL": self.url,
            "FEEDSVC_HOST_INTERVAL": "0",
            "FEEDSVC_ALLOW_TARGETS": ",".join(self.targets),
            **self.settings,
        }

    @property
    def url(self) -> str:
        """Where its web side is, while ``served``."""
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def served(self) -> Iterator[str]:
        """Its web side, as long as the context lasts; it must end when asked to."""
        web = subprocess.Popen(
            [sys.executable, "-m", "feedsvc", "web", "--port", str(self.port)], cwd=ROOT, env=self.environ
        )
        try:
            wait_for(self.port, seconds=60)
            yield self.url
        finally:
            web.terminate()
            assert web.wait(30) == 0
