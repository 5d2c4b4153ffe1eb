"""Under which addresses a story is known."""

from __future__ import annotations

import pytest

from feedsvc.normalize.address import address_of, is_front_page

PAGE = "https://n.example/en/news/20250311/48556.html"


@pytest.mark.parametrize(
    ("page", "canonical"),
    [
        (PAGE, "https://www.n.example/news/48556"),
        ("https://n.example/story/the-fair-opens/amp", "https://n.example/story/the-fair-opens"),
        ("https://n.example/show?id=4711", "https://n.example/2024/a-title-4711/4711"),
        ("https://m.n.example/the-fair-opens-in-may", "https://n.example/news/the-fair-opens-in-may.html"),
        ("https://copy.example/x/the-fair-opens-in-may", "https://origin.example/the-fair-opens-in-may"),
        ("https://n.example/story/the-fair-opens/page/2", "https://n.example/story/the-fair-opens"),
    ],
)
def test_a_canonical_link_that_names_the_same_story_is_the_address(page: str, canonical: str) -> None:
    address = address_of(page, canonical=canonical, requested=page, listing_urls=())
    assert address is not None
    assert (address.link, address.refusal) == (canonical, "")
    assert len(address.aliases) == 1


@pytest.mark.parametrize(
    ("canonical", "why"),
    [
        ("https://n.example/", "home"),
        ("https://n.example/en/", "home"),
        ("https://n.example/en/news/", "listing"),
        ("https://n.example/en/news/20250311/48000.html", "another"),
        ("https://n.example/en/news/20250311/", "folder"),
    ],
)
def test_a_canonical_link_to_something_else_is_not_believed(canonical: str, why: str) -> None:
    address = address_of(PAGE, canonical=canonical, requested=None, listing_urls=["http://n.example/en/news"])
    assert address is not None
    assert address.link == PAGE
    assert address.aliases == ()
    assert why in address.refusal


@pytest.mark.parametrize(
    "canonical", [None, "", "javascript:alert(1)", "//[", "http://n.example/en/news/20250311/48556.html/"]
)
def test_a_canonical_link_that_says_nothing_new_changes_nothing(canonical: str | None) -> None:
    address = address_of(PAGE, canonical=canonical, requested=PAGE + "?utm_source=x", listing_urls=())
    assert address is not None
    assert (address.link, address.canonical_url, address.aliases, address.refusal) == (PAGE, PAGE, (), "")


def test_what_the_listing_linked_is_remembered() -> None:
    address = address_of(PAGE, canonical=None, requested="https://n.example/go?to=48556", listing_urls=())
    assert address is not None
    assert address.aliases == ("https://n.example/go?to=48556",)


def test_an_address_that_may_not_be_published_is_none() -> None:
    assert address_of("https://n.example/" + "a" * 3000, canonical=None, requested=None, listing_urls=()) is None


@pytest.mark.parametrize(
    ("url", "is_front"), [("http://n.example", True), ("https://n.example/en-US/", True), (PAGE, False)]
)
def test_a_front_page_has_nothing_but_a_language_in_its_path(url: str, is_front: bool) -> None:
    assert is_front_page(url) is is_front
