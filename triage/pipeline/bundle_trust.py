"""Which bundles may be loaded. Loading one runs whatever code its joblib file holds.

The hashes of a bundle's manifest tell damage, not intent: who can write the one can write the other. What
stands in the home was put there by this program, or by somebody who may change the home anyway. What stands
elsewhere may have been written by anybody.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from models.bundle import FORMAT_VERSION, KIND
from models.errors import FolderError
from models.storage.artifact import storage_errors, verify_folder
from models.storage.registry import Registry

_WHY = "loading a bundle runs the code that its files hold"


def leads_out(folder: Path, home: Path) -> Path | None:
    """Return the first of a folder and its content that stands outside the home, links followed, or None."""
    root = home.resolve()
    inside = (folder, *sorted(folder.rglob("*")))
    return next((path for path in inside if not path.resolve().is_relative_to(root)), None)


def require_inside(folder: Path, home: Path) -> Path:
    """Return the folder, if nothing of it leads out of the home.

    Raises:
        FolderError: something does; the message names it.
    """
    link = leads_out(folder, home)
    if link is not None:
        raise FolderError(
            f"{link} leads out of {home}, to {link.resolve()}, and {_WHY}: if you made that bundle yourself, "
            f"copy it in with `triage promote {folder.resolve()} --trust`, or run `triage serve --trust`"
        )
    return folder


def own_bundle(bundle: str, registry: Registry, home: Path) -> str | None:
    """Return the id of a bundle, named by id or path, that stands in the registry; None: it is elsewhere.

    Raises:
        FolderError: the registry has no such bundle, and there is no such folder either.
    """
    for folder in (registry.path(bundle), Path(bundle)):
        is_here = folder.name != ".." and folder.parent.resolve() == registry.root.resolve()
        if is_here and folder.is_dir():
            return folder.name if leads_out(folder, home) is None else None
    if not Path(bundle).is_dir():
        raise FolderError(
            f"there is no {registry.noun} {bundle!r} in {registry.root}, and no such folder: choose "
            "one that exists"
        )
    return None


def import_bundle(bundle: str, registry: Registry) -> str:
    """Copy a bundle that was made elsewhere into the registry, and return its new id; nothing of it is run.

    The copy is what is verified, so nobody can change it in between.

    Raises:
        FolderError: it is no complete bundle of this version, or holds links.
        StorageError: it cannot be written; the registry is as it was.
    """
    folder = registry.path(bundle) if registry.path(bundle).is_dir() else Path(bundle)
    with storage_errors(registry.root):
        registry.root.mkdir(parents=True, exist_ok=True)
        working = Path(tempfile.mkdtemp(prefix=".import-", dir=registry.root))
        try:
            copy = working / "bundle"
            shutil.copytree(folder, copy, symlinks=True)
            links = [path.name for path in copy.rglob("*") if path.is_symlink()]
            if links:
                raise FolderError(
                    f"{folder} holds links ({', '.join(links)}): copy it with what they lead to"
                )
            verify_folder(copy, kind=KIND, format_version=FORMAT_VERSION)
            bundle_id = registry.new_id()
            copy.rename(registry.path(bundle_id))
        finally:
            shutil.rmtree(working, ignore_errors=True)
    return bundle_id


def untrusted(bundle: str, home: Path) -> FolderError:
    """Return the error for a bundle from elsewhere for which nobody has vouched."""
    return FolderError(
        f"{bundle} is not one of the bundles that were made in {home}, and {_WHY}: if you made it yourself, "
        f"or know and trust who did, run `triage promote {bundle} --trust`"
    )
