"""A listing page to its items: by the admin's CSS rules where given, by finding the list itself otherwise."""

from __future__ import annotations

from feedsvc.extract.document import Document
from feedsvc.extract.rules import apply_rules
from feedsvc.extract.survey import Survey
from feedsvc.model import Listing, Rules


def read_listing(document: Document, rules: Rules) -> Listing:
    """What a listing page holds; where ``rules`` are silent, everything is found automatically. Never raises."""
    survey = Survey.of(document)
    if rules.item or rules.link:
        return apply_rules(survey, rules)
    return survey.listing()
