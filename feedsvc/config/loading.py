"""Reads a configuration directory whole, or says everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from feedsvc.config.cadences import cadence_origin, exclusive
from feedsvc.config.category_tree import Tree, completed, read_tree
from feedsvc.config.complaints import faults_of
from feedsvc.config.document import Document, read
from feedsvc.config.environment import overlaid, setting_keys, unknown_variables
from feedsvc.config.fault import ConfigErrors, Fault, nearest, shown, wrong
from feedsvc.config.filter_file import FilterTable, check_name, filter_of
from feedsvc.config.folders import config_directory, data_folder
from feedsvc.config.origins import Origin, origins_of
from feedsvc.config.references import strangers_in
from feedsvc.config.settings import Settings
from feedsvc.config.source_file import ReleaseRulesTable, RulesTable, SourceFile, check_key, rules_from, source_of
from feedsvc.config.webhook_file import WebhookTable, check_hook_name, webhook_of
from feedsvc.model import Cadence, Category, Filter, Rules, Source, Webhook

SETTINGS_FILE, CATEGORIES_FILE, SOURCES_FOLDER = "feedsvc.toml", "categories.toml", "sources"
FILTERS_FILE, WEBHOOKS_FILE = "filters.toml", "webhooks.toml"

#: Every key of a source file, dotted, for 'did you mean'.
SOURCE_KEYS = (
    *SourceFile.model_fields,
    *(f"rules.{name}" for name in RulesTable.model_fields),
    *(f"rules.release.{name}" for name in ReleaseRulesTable.model_fields),
)
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A whole, valid configuration: what a running service works by."""

    directory: Path
    #: The folder of everything that is written: database, snapshots, logs.
    data: Path
    settings: Settings
    #: Declared categories and those that sources name, parents before children.
    categories: tuple[Category, ...]
    sources: tuple[Source, ...]
    #: Saved feeds, and addresses that are told of changes.
    filters: tuple[Filter, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    #: Path -> the cadence that a category chooses for the sources below it.
    cadences: Mapping[str, Cadence] = field(default_factory=dict)
    #: Source's key -> who chose its cadence, in words; those whose own file says everything are left out.
    cadence_origins: Mapping[str, str] = field(default_factory=dict)
    #: Source's key -> its file as read: what it leaves to its category can be settled again.
    files: Mapping[str, SourceFile] = field(default_factory=dict, repr=False)
    #: Sentences about what is odd but no fault.
    warnings: tuple[str, ...] = ()
    #: There is no folder of source files at all: a disk that is away, or a directory that is new.
    lacks_sources: bool = False
    #: Dotted key -> where its value comes from; defaults are left out.
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the store."""
        return self.settings.database.url or f"sqlite:///{self.data / 'feedsvc.sqlite3'}"

    def source(self, key: str) -> Source | None:
        """One source by its key."""
        return next((source for source in self.sources if source.key == key), None)

    @property
    def has_base_url(self) -> bool:
        """Whether somebody chose the address in feeds; if not, it is where the server listens."""
        return "server.base_url" in self.origins

    def at(self, address: str) -> Config:
        """The same for a service that is reached at ``address``, unless somebody chose another for its feeds."""
        if self.has_base_url:
            return self
        server = self.settings.server.model_copy(update={"base_url": address})
        return replace(self, settings=self.settings.model_copy(update={"server": server}))


def load(
    directory: Path | str | None, environ: Mapping[str, str], overrides: Mapping[str, object] | None = None
) -> Config:
    """The configuration in ``directory`` (None: as the environment says), with variables and options laid over it.

    ``overrides`` are dotted keys of feedsvc.toml, "data", or "address": the base URL where nothing configures one.
    Raises ConfigErrors with every fault.
    """
    options = dict(overrides or {})
    data, address = options.pop("data", None), options.pop("address", None)
    folder = Path(directory) if directory is not None else config_directory(environ)
    if not folder.is_dir():
        raise ConfigErrors(
            [
                Fault(
                    file=str(folder),
                    message="no such directory",
                    remedy=f"run `feedsvc init {folder}`, or name another with --config",
                )
            ]
        )
    faults: list[Fault] = []
    written = _settings_document(folder, environ, options, faults)
    settings = _settings(written, faults) if written is not None else None
    tree = _tree(folder, faults)
    files = _source_files(folder, faults)
    faults.extend(_twice(files))
    filters = _tables(folder / FILTERS_FILE, FilterTable, check_name, faults)
    hooks = _tables(folder / WEBHOOKS_FILE, WebhookTable, check_hook_name, faults)
    if faults or settings is None or written is None:
        raise ConfigErrors(faults)
    sources = tuple(source_of(key, file, settings.defaults, tree.cadences) for key, (file, _) in files.items())
    categories = completed(tree.categories, (source.category for source in sources))
    saved = tuple(filter_of(name, table) for name, table in filters.items())
    webhooks = tuple(webhook_of(name, table, environ) for name, table in hooks.items())
    faults.extend(strangers_in(folder, saved, webhooks, categories, sources))
    if faults:
        raise ConfigErrors(faults)
    found = Config(
        directory=folder.absolute(),
        data=Path(str(data)).expanduser().absolute() if data else data_folder(environ),
        settings=settings,
        categories=categories,
        sources=sources,
        filters=saved,
        webhooks=webhooks,
        cadences=tree.cadences,
        cadence_origins={
            key: origin
            for key, (file, _) in files.items()
            if (origin := cadence_origin(file, tree.cadences, settings.defaults))
        },
        files={key: file for key, (file, _) in files.items()},
        lacks_sources=not (folder / SOURCES_FOLDER).is_dir(),
        warnings=(*_strangers(folder), *_undeclared(tree.categories, sources), *unknown_variables(environ)),
        origins=origins_of(written, file=SETTINGS_FILE),
    )
    return found.at(str(address)) if address else found


def _settings_document(
    folder: Path, environ: Mapping[str, str], options: Mapping[str, object], faults: list[Fault]
) -> Document | None:
    """The settings as written, with variables and options laid over them."""
    path = folder / SETTINGS_FILE
    document = read(path) if path.exists() else Document(str(path))
    if isinstance(document, Fault):
        faults.append(document)
        return None
    return overlaid(document, environ, options)


def _settings(document: Document, faults: list[Fault]) -> Settings | None:
    known = (*Settings.model_fields, *(".".join(key) for key in setting_keys()))
    settings = _validated(Settings, document, known, faults)
    if settings is not None:
        faults.extend(exclusive(settings.defaults, document, ("defaults",)))
    return settings


def _tree(folder: Path, faults: list[Fault]) -> Tree:
    path = folder / CATEGORIES_FILE
    if not path.exists():
        return Tree()
    document = read(path)
    if isinstance(document, Fault):
        faults.append(document)
        return Tree()
    tree, wrongs = read_tree(document)
    faults.extend(wrongs)
    return tree


def _tables(path: Path, model: type[_Model], check: Callable[[str], str], faults: list[Fault]) -> dict[str, _Model]:
    """The named tables of a file that may be absent."""
    document = read(path) if path.exists() else Document(str(path))
    if isinstance(document, Fault):
        faults.append(document)
        return {}
    found: dict[str, _Model] = {}
    for name, values in document.values.items():
        try:
            check(name)
            if not isinstance(values, Mapping):
                raise wrong("is not a table", f"write [{name}] on a line of its own")
        except PydanticCustomError as error:
            context = error.context or {}
            faults.append(document.fault((name,), message=str(context["message"]), remedy=str(context["remedy"])))
            continue
        try:
            found[name] = model.model_validate(values)
        except ValidationError as error:
            faults.extend(faults_of(error, document.below((name,)), known=tuple(model.model_fields)))
    return found


def _source_files(folder: Path, faults: list[Fault]) -> dict[str, tuple[SourceFile, Document]]:
    files: dict[str, tuple[SourceFile, Document]] = {}
    for path in sorted((folder / SOURCES_FOLDER).glob("*.toml")):
        try:
            check_key(path.stem)
        except PydanticCustomError as error:
            context = error.context or {}
            faults.append(
                Fault(file=str(path), message=f"{path.stem} {context['message']}", remedy=str(context["remedy"]))
            )
            continue
        document = read(path)
        if isinstance(document, Fault):
            faults.append(document)
            continue
        file = _validated(SourceFile, document, SOURCE_KEYS, faults)
        if file is not None:
            faults.extend(exclusive(file, document, ()))
            files[path.stem] = file, document
    return files


def load_rules(path: Path) -> Rules:
    """The rules of a source file, or of one that holds its ``[rules]`` alone. Raises ConfigErrors."""
    document = read(path)
    if isinstance(document, Fault):
        raise ConfigErrors([document])
    is_whole = "rules" in document.values or "url" in document.values
    table = document.below(("rules",)) if is_whole else document
    known = tuple(key.removeprefix("rules.") for key in SOURCE_KEYS if key.startswith("rules."))
    try:
        return rules_from(document.values.get("rules", {}) if is_whole else document.values)
    except ValidationError as error:
        raise ConfigErrors(faults_of(error, table, known=known)) from error


def _validated(model: type[_Model], document: Document, known: tuple[str, ...], faults: list[Fault]) -> _Model | None:
    try:
        return model.model_validate(document.values)
    except ValidationError as error:
        faults.extend(faults_of(error, document, known=known))
        return None


def _twice(files: Mapping[str, tuple[SourceFile, Document]]) -> list[Fault]:
    """Two sources for one page would fetch it twice and fight over its entries."""
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for key, (file, document) in files.items():
        for url in file.url:
            parts = urlsplit(url)
            same = f"{parts.netloc.lower()}{parts.path.rstrip('/')}?{parts.query}"
            if same in seen:
                where = f"sources/{seen[same]}.toml" if seen[same] != key else "this list"
                faults.append(
                    document.fault(
                        ("url",), value=shown(url), message=f"is in {where} already", remedy="remove one of the two"
                    )
                )
            seen.setdefault(same, key)
    return faults


def _strangers(folder: Path) -> list[str]:
    """Files that look like configuration and are read by nothing."""
    known = (SETTINGS_FILE, CATEGORIES_FILE, FILTERS_FILE, WEBHOOKS_FILE)
    found = []
    for path in sorted(folder.glob("*.toml")):
        if path.name not in known:
            close = nearest(path.name, known)
            hint = f"did you mean {close}?" if close else f"a source belongs into {SOURCES_FOLDER}/"
            found.append(f"{path} is not read ({hint})")
    yaml = sorted((folder / SOURCES_FOLDER).glob("*.y*ml"))
    return [*found, *(f"{path} is not read (write it in TOML, as {path.stem}.toml)" for path in yaml)]


def _undeclared(declared: list[Category], sources: tuple[Source, ...]) -> list[str]:
    """Categories that a source names and the tree lacks: created all the same, but often a typo."""
    paths = [category.path for category in declared]
    found = []
    for source in sources:
        if paths and source.category and source.category not in paths:
            close = nearest(source.category, paths)
            hint = f"did you mean {close}?" if close else f"add it to {CATEGORIES_FILE} to give it a title"
            found.append(f"sources/{source.key}.toml: category {source.category} is not in {CATEGORIES_FILE} ({hint})")
    return found
