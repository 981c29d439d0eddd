"""ONNX sessions: networks that embed one text at a time, several texts in parallel."""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tqdm import tqdm

from models.checkpoints import checkpoint

_TEXTS_PER_THREAD = 2
"""Number of texts of each worker thread between two checkpoints."""
_NICENESS = 10


class EmbeddingSession:
    """A network from `input_ids` (1, tokens) int64 to one output, the embedding, (1, dim) float32.

    `model` is an ONNX file; `disabled` names optimisations of onnxruntime that slow it down. Texts are
    not put into batches: a short one would wait for the longest, and where activations are quantised with one
    scale for a whole input, texts of a batch would change each other's vectors. May be used by several
    threads at once.
    """

    def __init__(self, model: Path, *, threads: int, disabled: Sequence[str] = ()) -> None:
        self._threads = max(1, threads)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"], disabled_optimizers=list(disabled)
        )
        output = self._session.get_outputs()[0]
        self._output = output.name
        self.dim = int(output.shape[1])

    def embed(
        self, texts: Sequence[str], tokens: Callable[[str], Sequence[int]], *, progress: bool
    ) -> NDArray[np.float32]:
        """Return (n, dim); `tokens` gives a text's ids. With `progress` a bar after two seconds."""

        def one(text: str) -> NDArray[np.float32]:
            ids = np.array([tokens(text)], np.int64)
            embedding: NDArray[np.float32] = self._session.run([self._output], {"input_ids": ids})[0]
            return embedding

        if len(texts) == 1:
            return one(texts[0])
        embeddings = np.empty((len(texts), self.dim), np.float32)
        pool = ThreadPoolExecutor(self._threads, "encoder", initializer=_let_others_go_first)
        ahead = min(_TEXTS_PER_THREAD * self._threads, len(texts))
        waiting: deque[Future[NDArray[np.float32]]] = deque()
        try:
            with tqdm(total=len(texts), desc="encoding", unit=" texts", delay=2, disable=not progress) as bar:
                for row in range(len(texts) + ahead):
                    if row < len(texts):
                        waiting.append(pool.submit(one, texts[row]))
                    if row >= ahead:
                        embeddings[row - ahead] = waiting.popleft().result()[0]
                        bar.update()
                        checkpoint()
        finally:
            pool.shutdown(cancel_futures=True)
        return embeddings


def _let_others_go_first() -> None:
    """Lower this thread's priority: many texts are encoded beside single ones, for which somebody waits."""
    if sys.platform == "linux":  # where each thread has a priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
