"""The running service leaves a note of its address in the data folder, and nothing believes a note of a dead one."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

from feedsvc.supervisor import noted, served_at


def test_the_address_is_known_as_long_as_the_service_runs(tmp_path: Path) -> None:
    assert served_at(tmp_path) is None
    with noted(tmp_path, "http://127.0.0.1:9000"):
        assert served_at(tmp_path) == "http://127.0.0.1:9000"
    assert served_at(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_second_service_leaves_the_note_of_the_first(tmp_path: Path) -> None:
    with noted(tmp_path, "http://127.0.0.1:9000"):
        with noted(tmp_path, "http://127.0.0.1:9001"):
            assert served_at(tmp_path) == "http://127.0.0.1:9000"
        assert served_at(tmp_path) == "http://127.0.0.1:9000"


def test_the_note_of_a_killed_service_counts_for_nothing(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    note = {"base_url": "http://127.0.0.1:9000", "owner": f"{socket.gethostname()}:{dead.pid}:abc"}
    (tmp_path / "served.json").write_text(json.dumps(note))
    assert served_at(tmp_path) is None
    with noted(tmp_path, "http://127.0.0.1:9001"):
        assert served_at(tmp_path) == "http://127.0.0.1:9001"


def test_a_folder_that_cannot_be_written_keeps_nobody_from_serving(tmp_path: Path) -> None:
    with noted(tmp_path / "absent", "http://127.0.0.1:9000"):
        assert served_at(tmp_path / "absent") is None


def test_a_note_that_makes_no_sense_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "served.json").write_text("[1]")
    assert served_at(tmp_path) is None
