"""Bursts: far more tickets on one topic within a time than the rest of the history lets expect.

An outage is told by many people, each in other words. Its reports are right or wrong together, so that they
prove no more than one ticket. Of undated tickets, bursts cannot be told from a topic that is frequent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import faiss
import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc

from models.encoder.protocol import unit_vectors
from triage.ticket import Ticket

# Narrow topics find short bursts. The reports of an outage may be spread over several, within one wide topic.
_TICKETS_A_TOPIC, _MOST_TOPICS = (150, 40), 256
_ROUNDS = 10
# A window of time is a burst if it has so many tickets, so many times those to expect, and if chance explains
# that, in any window of any topic, with this probability at most.
_CHANCE = 0.01
_TIMES_AS_MANY = 2.0
_FEWEST = 5
# Tickets of other topics belong to a burst if they are as near to its centre as this share of its own, and
# come within its time, or that share of it before or after.
_MOST_OF_BURST, _MARGIN = 0.98, 0.1
# Windows begin and end with one of so many tickets of a topic.
_MOST_ENDS = 400


def burst_groups(
    tickets: Sequence[Ticket], groups: NDArray[np.intp], embeddings: NDArray[np.float32]
) -> NDArray[np.intp]:
    """Return (n,) groups of copies, those whose first tickets are of one burst joined into one."""
    date = np.array([t.created_at.timestamp() if t.created_at else np.nan for t in tickets])
    dated = np.nonzero(~np.isnan(date))[0]
    dated = dated[np.argsort(date[dated], kind="stable")]
    first = dated[np.sort(np.unique(groups[dated], return_index=True)[1])]
    joined = np.arange(groups.max(initial=-1) + 1)
    for burst in _bursts(date[first], embeddings[first]):
        joined[groups[first[burst]]] = groups[first[burst[0]]]
    return joined[groups]


def _bursts(date: NDArray[np.float64], embeddings: NDArray[np.float32]) -> Iterator[NDArray[np.intp]]:
    """Yield the positions of each burst among tickets in the order of (n,) dates."""
    vectors = unit_vectors(embeddings - embeddings.mean(axis=0)) if len(embeddings) else embeddings
    taken = np.zeros(len(date), bool)
    for burst in list(_dense_topics(date, vectors)):
        core = burst[~taken[burst]]
        if not len(core):  # within an earlier one
            continue
        whole = _with_strays(core, date, vectors, ~taken)
        taken[whole] = True
        yield whole


def _with_strays(
    burst: NDArray[np.intp], date: NDArray[np.float64], vectors: NDArray[np.float32], free: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Return a burst with the free tickets of its time that are as near to its centre as most of its own."""
    near = vectors @ unit_vectors(vectors[burst].mean(axis=0))
    first, last = date[burst].min(), date[burst].max()
    more = _MARGIN * (last - first)
    in_time = (date >= first - more) & (date <= last + more)
    strays = free & in_time & (near >= np.quantile(near[burst], 1 - _MOST_OF_BURST))
    return np.union1d(burst, np.nonzero(strays)[0])


def _dense_topics(date: NDArray[np.float64], vectors: NDArray[np.float32]) -> Iterator[NDArray[np.intp]]:
    """Yield the positions of a topic's tickets within a window of time, those of wide topics first."""
    alone = np.arange(len(date))
    for size in _TICKETS_A_TOPIC:
        count = min(_MOST_TOPICS, len(alone) // size)
        if count < 2:
            continue
        topics = _topics(vectors[alone], count)
        found = [np.empty(0, np.intp)]
        for topic in range(count):
            mine, others = alone[topics == topic], date[alone[topics != topic]]
            while (burst := _densest(date[mine], others, _CHANCE / count)) is not None:
                found.append(mine[burst])
                yield mine[burst]
                mine = np.delete(mine, burst)
        alone = np.setdiff1d(alone, np.concatenate(found))


def _topics(vectors: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Return the topic of each row, by spherical k-means."""
    vectors = np.ascontiguousarray(vectors)
    faiss.omp_set_num_threads(1)
    kmeans = faiss.Kmeans(vectors.shape[1], count, niter=_ROUNDS, spherical=True, seed=1)
    kmeans.cp.min_points_per_centroid = 1
    kmeans.train(vectors)
    topics: NDArray[np.intp] = kmeans.index.search(vectors, 1)[1][:, 0].astype(np.intp)
    return topics


def _densest(
    mine: NDArray[np.float64], others: NDArray[np.float64], chance: float
) -> NDArray[np.intp] | None:
    """Return the positions of a topic's tickets in its least likely window, None where none is a burst.

    A window of time is as long as it has tickets of other topics. `mine` and `others` are ascending dates.
    """
    n = len(mine)
    if n < _FEWEST:
        return None
    ends = np.unique(np.linspace(0, n - 1, min(n, _MOST_ENDS)).astype(int))
    start, stop = (grid.ravel() for grid in np.meshgrid(ends, ends, indexing="ij"))
    start, stop = start[stop - start >= _FEWEST - 1], stop[stop - start >= _FEWEST - 1]
    inside = stop - start + 1
    before = np.searchsorted(others, mine[start], side="left")
    until = np.searchsorted(others, mine[stop], side="right")
    length = np.minimum(1.0, (until - before + 1) / (len(others) + 1))
    likely = np.where(inside >= _TIMES_AS_MANY * n * length, bdtrc(inside - 1, n, length), 1.0)
    best = int(np.argmin(likely)) if len(likely) else 0
    if not len(likely) or likely[best] * len(ends) ** 2 / 2 > chance:
        return None
    return np.arange(start[best], stop[best] + 1)
