"""What editors are told about the files is what feedsvc accepts."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from feedsvc.config.schema import schemas

CONFIG = Path(__file__).parents[2] / "config"


@pytest.mark.parametrize("name", schemas())
def test_the_shipped_schema_is_current(name: str) -> None:
    shipped = json.loads((CONFIG / "schema" / name).read_text(encoding="utf-8"))
    assert shipped == schemas()[name], "run: python -m feedsvc.config.schema config/schema"


@pytest.mark.parametrize("name", schemas())
def test_the_schema_is_itself_valid(name: str) -> None:
    jsonschema.Draft7Validator.check_schema(schemas()[name])


FILES = [
    ("feedsvc.toml", "feedsvc.schema.json"),
    ("filters.toml", "filters.schema.json"),
    ("webhooks.toml", "webhooks.schema.json"),
    ("categories.toml", "categories.schema.json"),
    *((str(path.relative_to(CONFIG)), "source.schema.json") for path in sorted(CONFIG.glob("sources/*.toml"))),
]


@pytest.mark.parametrize(("file", "schema"), FILES)
def test_each_shipped_file_fits_and_names_its_schema(file: str, schema: str) -> None:
    text = (CONFIG / file).read_text(encoding="utf-8")
    jsonschema.validate(tomllib.loads(text), schemas()[schema])
    assert f"schema/{schema}" in text.splitlines()[0]


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ("source.schema.json", "title = 'no url'"),
        ("source.schema.json", "url = 'https://a.example/'\nevery = 'often'"),
        ("source.schema.json", "url = 'https://a.example/'\n[rules]\nitems = 'li'"),
        ("feedsvc.schema.json", "[server]\nprot = 80"),
        ("categories.schema.json", "[news]\nlanguage = 3"),
    ],
)
def test_an_editor_marks_what_feedsvc_refuses(schema: str, text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), schemas()[schema])
