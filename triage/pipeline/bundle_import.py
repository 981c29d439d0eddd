"""Bundles that were trained elsewhere: verified, and copied into the home."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from models.bundle import Bundle
from models.errors import FolderError
from models.storage.artifact import storage_errors
from models.storage.private import make_private_folder, take_rights_of_others
from models.storage.registry import Registry


def own_bundle(bundle: str, registry: Registry) -> str | None:
    """Return the id of a bundle, named by id or path, that stands in the registry; None: it is elsewhere.

    Raises:
        FolderError: the registry has no such bundle, and there is no such folder either.
    """
    for folder in (registry.path(bundle), Path(bundle)):
        is_here = folder.name != ".." and folder.parent.resolve() == registry.root.resolve()
        if is_here and folder.is_dir():
            return folder.name
    if not Path(bundle).is_dir():
        raise FolderError(
            f"there is no {registry.noun} {bundle!r} in {registry.root}, and no such folder: choose "
            "one that exists"
        )
    return None


def import_bundle(bundle: str, registry: Registry) -> str:
    """Copy a bundle that was trained elsewhere into the registry, and return its new id.

    The copy is what is verified, so nobody can change it in between. It must stand by itself: links are
    refused.

    Raises:
        FolderError: it is no complete bundle of this version, or holds links.
        StorageError: it cannot be written; the registry is as it was.
    """
    with storage_errors(registry.root):
        make_private_folder(registry.root)
        working = Path(tempfile.mkdtemp(prefix=".import-", dir=registry.root))
        try:
            copy = working / "bundle"
            shutil.copytree(Path(bundle), copy, symlinks=True)
            links = [path.name for path in copy.rglob("*") if path.is_symlink()]
            if links:
                raise FolderError(
                    f"{bundle} holds links ({', '.join(links)}): copy it with what they lead to"
                )
            Bundle.check(copy)
            take_rights_of_others(copy)
            bundle_id = registry.new_id()
            copy.rename(registry.path(bundle_id))
        finally:
            shutil.rmtree(working, ignore_errors=True)
    return bundle_id
