"""spaCy models for Presidio, by package name or folder; none is ever downloaded."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.errors import SettingsError

ANY_LANGUAGE = "xx"
"""The key of the model that reads all languages without one of their own, as spaCy itself calls it."""

# How spaCy's models call a person and a place. Their other kinds (organisations, dates, …) are left alone:
# a ticket says little without them.
ENTITY_OF_LABEL = dict.fromkeys(("PERSON", "PER", "PRS", "persName"), "PERSON") | dict.fromkeys(
    ("LOCATION", "LOC", "GPE", "GPE_LOC", "FAC", "placeName", "geogName"), "LOCATION"
)
_PACKAGES = ("presidio_analyzer", "spacy")
# Components of spaCy's models that nobody here uses.
_UNUSED = (
    "parser",
    "tagger",
    "morphologizer",
    "attribute_ruler",
    "lemmatizer",
    "trainable_lemmatizer",
    "senter",
)


def check_presidio(models: Mapping[str, str]) -> None:
    """Check that the extra and the models are there, without importing them, which takes seconds.

    `models` has the package name or the folder of a spaCy model by language (ISO 639-1, or "xx").

    Raises:
        SettingsError: the extra is not installed; a model is missing, is for another language, or finds
            neither persons nor places.
    """
    missing = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise SettingsError(
            f"privacy.presidio is true, but there is no {' and no '.join(missing)}: expected the extra "
            "`presidio`. Run `pip install 'triage[presidio]'`, or set privacy.presidio to false"
        )
    for language, spec in models.items():
        _check_model(language, spec)


def load_pipelines(models: Mapping[str, str]) -> dict[str, Any]:
    """Load the spaCy pipeline of each language; without a model for "xx", one that only splits words.

    Raises:
        SettingsError: as `check_presidio`; a model does not load.
    """
    check_presidio(models)
    import spacy

    pipelines: dict[str, Any] = {ANY_LANGUAGE: spacy.blank(ANY_LANGUAGE)}
    for language, spec in models.items():
        try:
            pipelines[language] = spacy.load(_folder_of(spec) or spec, exclude=list(_UNUSED))
        except (OSError, ValueError, ImportError) as error:
            raise SettingsError(
                f"privacy.presidio_models.{language}: {spec!r} does not load with spaCy {spacy.__version__} "
                f"({type(error).__name__}: {error}): install the model's version for this spaCy"
            ) from error
    return pipelines


def _check_model(language: str, spec: str) -> None:
    place = f"privacy.presidio_models.{language}"
    folder = _folder_of(spec)
    if folder is None:
        raise SettingsError(
            f"{place}: there is neither an installed package nor a folder {spec!r}: expected a spaCy model. "
            "Install it (nothing is downloaded at run time), or give the path of its folder"
        )
    try:
        meta = json.loads((folder / "meta.json").read_text("utf-8"))
        its_language = str(meta["lang"])
        labels = {str(label) for some in meta["labels"].values() for label in some}
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise SettingsError(
            f"{place}: {folder} has no meta.json of a spaCy model ({type(error).__name__}): expected the "
            "folder that `nlp.to_disk` or a model's package has; copy or install it again"
        ) from error
    if its_language != language and ANY_LANGUAGE not in {its_language, language}:
        raise SettingsError(
            f"{place}: {spec!r} is a model for {its_language!r}, expected one for {language!r}: take "
            f"another, or write it as privacy.presidio_models.{its_language}"
        )
    if not labels & ENTITY_OF_LABEL.keys():
        raise SettingsError(
            f"{place}: {spec!r} finds {', '.join(sorted(labels)) or 'no entities'}, expected a model that "
            f"finds persons or places ({', '.join(ENTITY_OF_LABEL)}): take one that recognises named entities"
        )


def _folder_of(spec: str) -> Path | None:
    folder = Path(spec).expanduser()
    if folder.is_dir():
        return folder
    package = importlib.util.find_spec(spec) if spec.isidentifier() else None
    places = (package.submodule_search_locations if package else None) or []
    # A package has its model in a folder of its own, named with its version.
    inner = [meta.parent for place in places for meta in sorted(Path(place).glob("*/meta.json"))]
    return inner[0] if inner else None
