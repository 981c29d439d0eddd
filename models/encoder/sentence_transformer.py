"""Encoders that sentence-transformers runs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from models.encoder.protocol import TextKind, resolve_prompts
from models.errors import EncoderError
from models.text.unicode import without_surrogates

_WINDOW = 1024
_HUB_TIMEOUT_S = 10.0
Model = TypeVar("Model")


class SentenceTransformerEncoder:
    """A loaded `sentence_transformers.SentenceTransformer` with its own "query" and "passage" prompts.

    A model without such prompts gets the bare text.
    """

    def __init__(self, model: Any, label: str) -> None:
        self.model = model
        self.prompts = resolve_prompts(model.prompts)
        self._name = f"sentence-transformers:{label}/{_content_hash(model.state_dict(), self.prompts)}"
        self._dim = int(model.get_embedding_dimension())

    @property
    def name(self) -> str:
        return self._name

    @property
    def dim(self) -> int:
        return self._dim

    def encode(
        self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        """Encode texts as (n, dim) float32, each row L2-normalised."""
        embeddings = np.empty((len(texts), self._dim), np.float32)
        with tqdm(total=len(texts), desc="encoding", unit=" texts", delay=2, disable=not progress) as bar:
            for start in range(0, len(texts), _WINDOW):
                window = [without_surrogates(text).strip() for text in texts[start : start + _WINDOW]]
                embeddings[start : start + len(window)] = self.model.encode(
                    window, prompt=self.prompts[kind], normalize_embeddings=True, show_progress_bar=False
                )
                bar.update(len(window))
        return embeddings


def open_sentence_transformers(spec: str, export: Path | None = None) -> SentenceTransformerEncoder:
    """Load a model from a folder, or by name: from the hub's local cache, else from the hub.

    `export` is the place of its export, for the error where sentence-transformers is missing.

    Raises:
        EncoderError: there is no such folder or name, it does not load, or a package is missing.
    """

    def load(source: str, label: str) -> SentenceTransformerEncoder:
        import sentence_transformers  # imports torch: seconds

        return SentenceTransformerEncoder(sentence_transformers.SentenceTransformer(source), label)

    advice = f"; or copy {export} from where `triage train` ran" if export else ""
    return load_model(spec, "encoder", load, advice)


def load_model(spec: str, what: str, load: Callable[[str, str], Model], advice: str = "") -> Model:
    """Return `load(source, label)` for the folder or name `spec`.

    Errors name the model as a `what`; `advice` is what else helps where a package is missing.

    Raises:
        EncoderError: there is no such folder or name, it does not load, or a package is missing.
    """
    folder = Path(spec).expanduser()
    if folder.is_dir():
        label, source, looked = folder.resolve().name, str(folder), f"the folder {folder}"
    elif spec.startswith((".", "~")) or folder.is_absolute() or len(folder.parts) > 2:
        raise EncoderError(
            f'there is no folder {spec}: give "built-in", a sentence-transformers folder, or a name'
        )
    else:
        label = source = spec if "/" in spec else f"sentence-transformers/{spec}"
        looked = f"a folder {spec!r}, the model hub's local cache, and the hub for {source!r}"
    try:
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # "Loading weights" between this program's own lines
        if not folder.is_dir() and not _is_cached(source):
            _ask_hub(source)
        return load(source, label)
    except ImportError as error:
        raise EncoderError(
            f"the {what} {spec!r} needs a missing package ({error}): pip install 'triage[train]'{advice}"
        ) from error
    except Exception as error:  # a model's files make the libraries raise anything
        raise EncoderError(
            f"the {what} {spec!r} does not load (looked for {looked}): {error}. Check its spelling; "
            "without a connection, give the folder of a sentence-transformers model"
        ) from error


def _is_cached(name: str) -> bool:
    from huggingface_hub import try_to_load_from_cache

    return isinstance(try_to_load_from_cache(name, "config.json"), str)


def _ask_hub(name: str) -> None:
    """Raise at once when the hub cannot be reached or has no such model: loading would retry for a minute."""
    from huggingface_hub import HfApi

    HfApi().model_info(name, timeout=_HUB_TIMEOUT_S)


def _content_hash(state: Mapping[str, Any], prompts: Mapping[TextKind, str]) -> str:
    """Hash weights and prompts, so that vectors of other weights are never taken for these."""
    import torch

    digest = hashlib.sha256(repr(sorted(prompts.items())).encode())
    for name in sorted(state):
        tensor = state[name].detach().cpu().contiguous()
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()[:16]
