"""What is wrong with what an admin typed: a sentence beside each field; and what there is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from feedsvc.config.complaints import faults_of
from feedsvc.config.document import Document
from feedsvc.errors import ServiceError

#: What nobody types and no feed may say (XML 1.0, section 2.2); lines and tabs are others.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: Longest text of one field.
FIELD_MAX = 2000
Model = TypeVar("Model", bound=BaseModel)


class Unknown(ServiceError):
    """There is nothing of this name."""


class Unfit(ServiceError):
    """What was typed will not do; nothing of it was kept. ``faults``: field -> a sentence with the remedy."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__("; ".join(f"{name} {words}" for name, words in self.faults.items()))


class Busy(ServiceError):
    """Others have all the room there is; it is worth trying again in seconds."""


def unfit(field: str, sentence: str) -> Unfit:
    """One field will not do."""
    return Unfit({field: sentence})


def checked(model: type[Model], values: Mapping[str, object], *, known: Iterable[str] = ()) -> Model:
    """The values by the rules of a configuration file. Raises Unfit."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        raise Unfit(sentences(error, values, known=known or tuple(model.model_fields))) from error


def sentences(error: ValidationError, values: Mapping[str, object], *, known: Iterable[str]) -> dict[str, str]:
    """What a check found wrong, as a sentence for each field."""
    found: dict[str, str] = {}
    for fault in faults_of(error, Document("form", dict(values)), known=known):
        # how TOML writes a text is no help in a form
        remedy = "" if "in quotes" in fault.remedy else f": {fault.remedy}"
        found.setdefault(fault.key.partition("[")[0], f"{fault.message}{remedy}.")
    return found


def sentence_of(check: Callable[[str], str], text: str) -> str:
    """What a check of the configuration says of a text, as a sentence; "" where it will do."""
    try:
        check(text)
    except PydanticCustomError as error:
        context = error.context or {}
        return f"{context.get('message')}: {context.get('remedy')}."
    return ""


def unwritable(texts: Mapping[str, str]) -> dict[str, str]:
    """A sentence for each text that no field holds."""
    found = {name: f"is longer than {FIELD_MAX} characters." for name, text in texts.items() if len(text) > FIELD_MAX}
    odd = {name for name, text in texts.items() if _CONTROLS.search(text)}
    return found | dict.fromkeys(odd, "holds a control character: write it anew instead of pasting it.")
