"""Whether a page that is looked at again tells its story still, edited perhaps, and whole. Pure."""

from __future__ import annotations

from feedsvc.model import Entry, Page
from feedsvc.normalize import identity

#: Characters at the begin of a page in which it opens, and at its end, in which it closes.
_HEAD, _ENDING = 20_000, 2000


def is_edit(old: Entry, new: Entry) -> bool:
    """Whether a page under another title than before is still the same story."""
    is_short = not identity.fingerprint(old.content)
    if is_short and identity.share_words(identity.title_key(old.title), identity.title_key(new.title)):
        return True
    return has_words_of(old, new)


def has_words_of(old: Entry, new: Entry) -> bool:
    """Whether a text is another one, give or take edits."""
    before = identity.fingerprint(old.content)
    if before:
        return identity.alike(before, identity.fingerprint(new.content))
    words, now = set(identity.lasting_words(old.content)), set(identity.lasting_words(new.content))
    return 2 * len(words & now) >= len(words)


def is_cut(page: Page) -> bool:
    """Whether the end of a document is missing."""
    return "</html" not in page.text[-_ENDING:].lower()


def is_fragment(page: Page) -> bool:
    """Whether a page is a part of a document, as scripts ask for: it opens none."""
    head = page.text[:_HEAD].lower()
    return not any(mark in head for mark in ("<html", "<head", "<body", "<!doctype"))
