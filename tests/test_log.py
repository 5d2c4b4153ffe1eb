"""A log line is one line, whatever is in it, and never carries a secret."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from feedsvc import log


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    out = io.StringIO()
    log.configure(stream=out)
    # What another test bound in this process (a role, by a command run in it) is not of these lines.
    structlog.contextvars.clear_contextvars()
    yield out
    root.handlers[:], level = before
    root.setLevel(level)


def said(stream: io.StringIO) -> str:
    time, _, line = stream.getvalue().partition(" ")
    assert time.endswith("Z")
    return line


def test_an_event_is_one_line_of_fields(stream: io.StringIO) -> None:
    log.get_logger("x").info("scraped", source="ciie", new=3, seconds=2.10, title='Ten "good" reasons')
    assert said(stream) == 'info scraped source=ciie new=3 seconds=2.1 title="Ten \\"good\\" reasons"\n'


def test_a_page_cannot_forge_a_line(stream: io.StringIO) -> None:
    log.get_logger("x").info("scraped", title="a\n2026-01-01T00:00:00Z error forged\x1b[31m\u202e")
    assert said(stream) == 'info scraped title="a\\n2026-01-01T00:00:00Z error forged\\x1b[31m\\u202e"\n'


def test_libraries_write_the_same_lines(stream: io.StringIO) -> None:
    logging.getLogger("library").warning("odd answer: %s", "one\ntwo")
    assert said(stream) == "warning odd answer: one\\ntwo\n"


def test_a_traceback_stays_in_its_line(stream: io.StringIO) -> None:
    try:
        raise KeyError("item")
    except KeyError:
        log.get_logger("x").exception("our bug")
    assert stream.getvalue().count("\n") == 1
    assert "KeyError: 'item'" in said(stream)


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("url", "https://me:pass@h.example/?a=1&token=abc", '"https://***@h.example/?a=1&token=***"'),
        ("password", "abc", "***"),
        ("api_key", "abc", "***"),
        ("headers", {"Authorization": "Basic abc", "Accept": "*/*"}, "\"{'Authorization': '***', 'Accept': '*/*'}\""),
    ],
)
def test_secrets_are_masked(stream: io.StringIO, field: str, value: object, shown: str) -> None:
    log.get_logger("x").info("sent", **{field: value})
    assert said(stream) == f"info sent {field}={shown}\n"


@given(st.text())
def test_no_text_breaks_a_line(text: str) -> None:
    line = log.render(None, "info", {"timestamp": "t", "level": "info", "event": text, "title": text})
    assert len(line.splitlines()) == 1
