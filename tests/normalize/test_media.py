"""Images and attached files."""

from __future__ import annotations

import pytest

from feedsvc.model import FoundMedia, Media
from feedsvc.normalize.media import enclosures_of, image_of

BASE = "https://n.example/news/1"


def found(url: str, **fields: object) -> FoundMedia:
    return FoundMedia(**{"url": url, "where": "test", **fields})  # type: ignore[arg-type]


def test_a_file_has_its_type_by_its_ending_where_none_is_declared() -> None:
    files = [
        found("/a b.PDF"),
        found("/talk.mp3?sig=1", length=12),
        found("/x", type="Video/MP4; codecs=x", title=" A <b> "),
    ]
    assert enclosures_of(files, base_url=BASE) == (
        Media(url="https://n.example/a%20b.PDF", type="application/pdf"),
        Media(url="https://n.example/talk.mp3?sig=1", type="audio/mpeg", length=12),
        Media(url="https://n.example/x", type="video/mp4", title="A <b>"),
    )


def test_one_file_under_two_signatures_is_one_attachment() -> None:
    assert (
        len(
            enclosures_of(
                [found("/a.pdf?sig=1"), found("/a.pdf?sig=2"), found("/get?id=1"), found("/get?id=2")], base_url=BASE
            )
        )
        == 3
    )


@pytest.mark.parametrize(
    "url", ["javascript:1", "data:image/png;base64,AA", "https://u:p@n.example/a.pdf", "", "ftp://n.example/a"]
)
def test_unsafe_files_are_left_out(url: str) -> None:
    assert enclosures_of([found(url)], base_url=BASE) == ()
    assert image_of(found(url), base_url=BASE) is None


def test_an_image_is_kept_with_its_size_and_pixels_and_drawings_with_scripts_are_not() -> None:
    assert image_of(found("/i.jpg", width=800, height=0), base_url=BASE) == Media(
        url="https://n.example/i.jpg", type="image/jpeg", width=800
    )
    assert image_of(found("/p.gif", width=1, height=1), base_url=BASE) is None
    assert image_of(found("/logo.svg", type="image/svg+xml"), base_url=BASE) is None
    assert image_of(None, base_url=BASE) is None
