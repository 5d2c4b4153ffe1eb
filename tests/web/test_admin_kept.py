"""Kept pages at the desk: listed, and shown where nothing of them runs and nothing is loaded."""

from __future__ import annotations

import pytest

from feedsvc.fetch import page_from_bytes
from tests.support.admins import Admin
from tests.support.serving import Serving

PAGES = "/admin/sources/acme/pages"
EVIL = b"<script>alert(1)</script><img src=https://evil.example/x.png><p>\xd6\xd0\xce\xc4"


def keep(service: Serving, body: bytes, content_type: str) -> int:
    page = page_from_bytes(
        body,
        url="https://news.example/",
        requested_url="https://news.example/",
        content_type=content_type,
        content_language=None,
        fetched_at=service.now,
    )
    assert service.store.snapshots.keep("acme", "listing", page, per_page=3, total=10**9)
    return service.store.snapshots.listed("acme", limit=1)[0].id


def test_they_are_listed_with_when_they_came(ada: Admin, service: Serving) -> None:
    assert "None yet" in ada.get(PAGES).text
    number = keep(service, EVIL, "text/html")
    assert ada.tree(PAGES).xpath("//tbody//a/@href") == [f"{PAGES}/{number}"]


def test_one_is_framed_without_any_power(ada: Admin, service: Serving) -> None:
    number = keep(service, EVIL, "text/html; charset=gb2312")
    around = ada.get(f"{PAGES}/{number}")
    assert "frame-src 'self'" in around.headers["Content-Security-Policy"]
    assert ada.tree(f"{PAGES}/{number}").xpath("//iframe/@sandbox") == [""]
    body = ada.get(f"{PAGES}/{number}/body")
    assert body.data == EVIL
    assert body.headers["Content-Type"].startswith("text/html")
    policy = body.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "img-src data:", "form-action 'none'", "frame-ancestors 'self'", "sandbox"} <= set(
        policy
    )
    assert body.headers["X-Content-Type-Options"] == "nosniff"
    text = ada.get(f"{PAGES}/{number}/body?as=text")
    assert text.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("content_type", ["application/xml", "application/json"])
def test_what_is_no_page_is_shown_as_text(ada: Admin, service: Serving, content_type: str) -> None:
    number = keep(service, b"<rss version='2.0'/>" if "xml" in content_type else b"{}", content_type)
    assert ada.get(f"{PAGES}/{number}/body").headers["Content-Type"].startswith("text/plain")


def test_unknown_ones_and_those_of_other_sources_are_not_found(ada: Admin, service: Serving) -> None:
    number = keep(service, EVIL, "text/html")
    for path in (
        f"{PAGES}/{number + 1}",
        f"/admin/sources/nobody/pages/{number}",
        f"/admin/sources/nobody/pages/{number}/body",
    ):
        assert ada.get(path).status_code == 404
