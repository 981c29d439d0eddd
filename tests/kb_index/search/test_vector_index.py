"""Search by meaning, flat and in clusters: what is found, and what a filter keeps out."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kb_index.search.vector_index import (
    CLUSTERED,
    FLAT,
    ExtendedIndex,
    FaissIndex,
    IndexType,
    as_half_precision,
    choose_index_type,
)
from models.errors import FolderError

DIM = 32
N = 40_000
FLAT_INDEX = IndexType(FLAT, "for the test")
CLUSTERED_INDEX = IndexType(CLUSTERED, "for the test", 200)


def subjects(n: int, seed: int) -> NDArray[np.float32]:
    """Return unit vectors (n, DIM) that crowd about 200 subjects."""
    centres = np.random.default_rng(0).normal(size=(200, DIM))
    chance = np.random.default_rng(seed)
    made = centres[chance.integers(0, 200, n)] + 0.8 * chance.normal(size=(n, DIM))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


VECTORS = subjects(N, 1)
ASKED = subjects(40, 2)


@pytest.fixture(scope="module")
def exact() -> FaissIndex:
    return FaissIndex.build(VECTORS, index_type=FLAT_INDEX)


@pytest.fixture(scope="module")
def clustered() -> FaissIndex:
    return FaissIndex.build(VECTORS, index_type=CLUSTERED_INDEX)


def allowed(share: float) -> NDArray[np.bool_]:
    return np.random.default_rng(3).random(N) < share


def test_the_index_type_goes_by_the_number_of_vectors_and_gives_the_reason() -> None:
    few, many = choose_index_type(50_000, 50_000), choose_index_type(1_000_000, 900)
    assert (few.kind, few.clusters) == (FLAT, 0)
    assert (many.kind, many.clusters) == (CLUSTERED, 240)
    assert "50,000" in few.why
    assert "1,000,000" in str(many)
    assert choose_index_type(1_000_000, 3).clusters == 3, (
        "never more clusters than vectors to learn them from"
    )
    assert FaissIndex.build(VECTORS).index_type.kind == FLAT


def test_clusters_find_nearly_all_that_comparing_everything_finds(
    exact: FaissIndex, clustered: FaissIndex
) -> None:
    for share in (1.0, 0.5):
        keep = None if share == 1.0 else allowed(share)
        pairs = [(exact.query(v).top_k(50, keep), clustered.query(v).top_k(50, keep)) for v in ASKED]
        assert np.mean([np.isin(right, found).mean() for right, found in pairs]) > 0.97


def test_similarities_do_not_depend_on_the_index_type(exact: FaissIndex, clustered: FaissIndex) -> None:
    found = clustered.query(ASKED[0]).top_k(30)
    rows = np.concatenate([found, found[:3], np.arange(1000)])
    assert np.array_equal(
        clustered.query(ASKED[0]).similarities(rows), exact.query(ASKED[0]).similarities(rows)
    )
    nearest = clustered.query(ASKED[0]).similarities(found)
    assert (np.diff(nearest) <= 1e-6).all()
    assert nearest == pytest.approx(VECTORS[found] @ ASKED[0], abs=1e-3)


@pytest.mark.parametrize("share", [0.3, 0.01, 0.0001])
def test_a_filter_that_lets_little_through_makes_the_search_exact(
    exact: FaissIndex, clustered: FaissIndex, share: float
) -> None:
    keep = allowed(share)
    for vector in ASKED[:10]:
        right, found = exact.query(vector).top_k(50, keep), clustered.query(vector).top_k(50, keep)
        assert len(found) == min(50, keep.sum())
        assert np.array_equal(np.sort(found), np.sort(right))


def test_many_clusters_of_few_vectors_are_made_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    FaissIndex.build(VECTORS, index_type=choose_index_type(60_000, N))
    assert capfd.readouterr().err == ""


def test_what_is_allowed_only_far_away_is_found(exact: FaissIndex, clustered: FaissIndex) -> None:
    vector = ASKED[0]
    near = VECTORS @ vector
    for count in (1, 7, 200):
        farthest = np.zeros(N, bool)
        farthest[np.argsort(near)[:count]] = True
        found = clustered.query(vector).top_k(50, farthest)
        assert set(found.tolist()) == set(exact.query(vector).top_k(50, farthest).tolist())


@pytest.mark.parametrize("index_type", [FLAT_INDEX, CLUSTERED_INDEX], ids=["flat", "clusters"])
def test_nothing_that_is_not_allowed_is_found(index_type: IndexType) -> None:
    index = FaissIndex.build(VECTORS, index_type=index_type)
    for number, share in enumerate((0.9, 0.5, 0.02, 0.0)):
        keep = allowed(share)
        for n in (1, 50, N):
            found = index.query(VECTORS[number]).top_k(n, keep)
            assert keep[found].all()
            assert len(found) == min(n, keep.sum())


@given(data=st.data())
@settings(max_examples=60)
def test_any_part_is_searched_as_if_it_were_alone(data: st.DataObject) -> None:
    few = VECTORS[: data.draw(st.integers(1, 300))]
    vectors = np.concatenate([few, few[: data.draw(st.integers(0, 5))]])  # some stand there twice
    keep = np.array(data.draw(st.lists(st.booleans(), min_size=len(vectors), max_size=len(vectors))), bool)
    border = data.draw(st.integers(1, len(vectors)))
    k = data.draw(st.integers(0, len(vectors)))
    rows = np.flatnonzero(keep)
    whole = FaissIndex.build(vectors)
    grown = ExtendedIndex(FaissIndex.build(vectors[:border]), as_half_precision(vectors[border:]))
    for vector in ASKED[:3]:
        alone = FaissIndex.build(vectors[keep]).query(vector) if keep.any() else None
        right = alone.top_k(k) if alone else np.empty(0, np.int64)
        near = alone.similarities(right).tolist() if alone else []
        for scores in (whole.query(vector), grown.query(vector)):
            found = scores.top_k(k, keep)
            assert found.tolist() == rows[right].tolist()
            assert scores.similarities(found).tolist() == near


def test_vectors_outside_the_training_mask_move_nothing_inside_it() -> None:
    counted = np.arange(N) % 3 > 0
    other = np.where(counted[:, None], VECTORS, subjects(N, 9))
    answers = []
    for vectors in (VECTORS, other):
        index = FaissIndex.build(vectors, counted, CLUSTERED_INDEX)
        answers.append([index.query(vector).top_k(50, counted).tolist() for vector in ASKED])
    assert answers[0] == answers[1]


def test_all_can_be_asked_for(clustered: FaissIndex) -> None:
    assert np.array_equal(np.sort(clustered.query(ASKED[0]).top_k(N)), np.arange(N))


def test_a_vector_without_direction_finds_something(clustered: FaissIndex) -> None:
    assert len(clustered.query(np.zeros(DIM, np.float32)).top_k(5)) == 5


def test_added_vectors_are_found_beside_clusters(clustered: FaissIndex) -> None:
    extended = ExtendedIndex(clustered, ASKED)
    for row, vector in enumerate(ASKED):
        assert extended.query(vector).top_k(3)[0] == N + row
        keep = np.append(allowed(0.5), np.ones(len(ASKED), bool))
        keep[N + row] = False
        assert N + row not in extended.query(vector).top_k(3, keep)


@pytest.mark.parametrize("index_type", [FLAT_INDEX, CLUSTERED_INDEX], ids=["flat", "clusters"])
def test_what_was_written_answers_as_what_was_built(index_type: IndexType, tmp_path: Path) -> None:
    built = FaissIndex.build(VECTORS, index_type=index_type)
    built.save(tmp_path / "index")
    loaded = FaissIndex.load(tmp_path / "index", index_type)
    assert len(loaded) == N
    assert loaded.index_type == index_type
    for vector in ASKED[:5]:
        first, second = built.query(vector), loaded.query(vector)
        rows, again = first.top_k(50, allowed(0.5)), second.top_k(50, allowed(0.5))
        assert np.array_equal(rows, again)
        assert np.array_equal(first.similarities(rows), second.similarities(rows))


def test_another_kind_of_index_is_refused(tmp_path: Path) -> None:
    faiss.write_index(faiss.IndexFlatL2(4), str(tmp_path / "index"))
    with pytest.raises(FolderError, match=r"IndexFlatL2, expected 16-bit vectors"):
        FaissIndex.load(tmp_path / "index", FLAT_INDEX)
