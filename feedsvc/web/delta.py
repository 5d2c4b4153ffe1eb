"""Deltas over HTTP: who asks for one, and what a 226 says (RFC 3229; specs/feeds.md 7.10). Pure."""

from __future__ import annotations

import re
from itertools import islice

from feedsvc.service.deltas import Delta
from feedsvc.web.conditional import ENTITY_TAG, Coding, coded_tag, http_date, weight_of
from feedsvc.web.prepared import VARY_OF_DELTAS, Headers, Prepared

#: Tags of one request that are looked for.
_TAGS_MAX = 20
_CODING = re.compile(rf"-(?:{'|'.join(coding.value for coding in Coding if coding is not Coding.IDENTITY)})\Z")


def wants_delta(a_im: str, agent: str) -> bool:
    """Whether ``A-IM`` names "feed", and the reader does not take 226 for an error, as rss2email does for ever."""
    if "rss2email" in agent.lower():
        return False
    members = (member.partition(";") for member in a_im.split(","))
    return any(name.strip().lower() == "feed" and weight_of(parameters) > 0 for name, _, parameters in members)


def named_renderings(if_none_match: str) -> tuple[str, ...]:
    """The renderings that a list of entity-tags may name: tags without quotes, weakness and coding."""
    tags = (_CODING.sub("", match.group(2)) for match in islice(ENTITY_TAG.finditer(if_none_match), _TAGS_MAX))
    return tuple(dict.fromkeys(tags))


def delta_answer(delta: Delta, coding: Coding, *, whole: Prepared) -> tuple[Headers, bytes]:
    """The headers and body of a 226.

    Its validators are those of the whole document, which the reader has once it adds these entries to what it had; and
    caches that know nothing of deltas keep it out (RFC 3229 sections 5.2 and 10.8).
    """
    coded = Prepared(delta.rendering).coded(coding)
    _, headers, body = coded.found
    told = {
        "ETag": coded_tag(whole.etag, coded.coding),
        "Last-Modified": http_date(whole.last_modified),
        "Vary": VARY_OF_DELTAS,
        "Cache-Control": f"no-store, im, max-age={whole.max_age}",
    }
    same = [(name, value) for name, value in headers if name not in told]
    return [*same, *told.items(), ("IM", "feed"), ("Delta-Base", f'"{delta.base}"')], body
