"""Words that say that files come with a release."""

from __future__ import annotations

import pytest

from feedsvc.lexicon.attachments import names_attachments


@pytest.mark.parametrize(
    "text",
    [
        "Downloads",
        "Press kit",
        "article-attachments",
        "Dokumente",
        "Pièces jointes",
        "附件下载",
        "資料ダウンロード",
        "첨부파일",
    ],
)
def test_boxes_of_files_are_known(text: str) -> None:
    assert names_attachments(text)


@pytest.mark.parametrize("text", ["Profiles", "Read in five minutes", "authentic-cards", "More news", "PDF", "sidebar"])
def test_other_words_are_not(text: str) -> None:
    assert not names_attachments(text)
