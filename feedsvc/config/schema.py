"""JSON Schemas of every kind of file, for editors; ``python -m feedsvc.config.schema DIR`` writes them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from feedsvc.config.category_tree import CategoryTable
from feedsvc.config.filter_file import FilterTable
from feedsvc.config.settings import Settings
from feedsvc.config.source_file import SourceFile
from feedsvc.config.webhook_file import WebhookTable

_DIALECT = "http://json-schema.org/draft-07/schema#"


def schemas() -> dict[str, dict[str, Any]]:
    """File name -> schema. Draft 7, which every TOML plug-in of the common editors reads."""
    return {
        "feedsvc.schema.json": _schema(Settings.model_json_schema(), "feedsvc.toml"),
        "categories.schema.json": _schema(_tree(), "categories.toml"),
        "filters.schema.json": _schema(_named(FilterTable), "filters.toml"),
        "webhooks.schema.json": _schema(_named(WebhookTable), "webhooks.toml"),
        "source.schema.json": _schema(_source(), "sources/<key>.toml"),
    }


def write_schemas(directory: Path) -> None:
    """Write every schema into ``directory``."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        (directory / name).write_text(text, encoding="utf-8")


def _schema(schema: dict[str, Any], title: str) -> dict[str, Any]:
    # Pydantic 2 writes "$defs", which draft-07 readers resolve like any other pointer.
    return {"$schema": _DIALECT, **schema, "title": title}


def _named(model: type[BaseModel]) -> dict[str, Any]:
    """A file of tables, each of this model."""
    return {"type": "object", "additionalProperties": model.model_json_schema()}


def _source() -> dict[str, Any]:
    schema = SourceFile.model_json_schema()
    urls = schema["properties"]["url"]
    one = {"type": "string", "format": "uri"}
    schema["properties"]["url"] = {
        "description": urls["description"],
        "anyOf": [one, {"type": "array", "items": one, "minItems": 1}],
    }
    return schema


def _tree() -> dict[str, Any]:
    category = CategoryTable.model_json_schema()
    category["additionalProperties"] = {"$ref": "#/$defs/category"}
    return {
        "type": "object",
        "description": "The tree of categories: tables within tables.",
        "additionalProperties": {"$ref": "#/$defs/category"},
        "$defs": {"category": category},
    }


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
