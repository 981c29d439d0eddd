"""What became of the nearest past tickets, and whether there are any near."""

import numpy as np
import pytest

import models.classifiers.nearest_neighbours
from models.classifiers.column_groups import ColumnGroups
from models.classifiers.nearest_neighbours import NearestNeighbours, Neighbourhood, vote_shares
from models.classifiers.novelty import NoveltyDetector, NoveltyScores
from training.estimators.novelty import NoveltyEstimator


def unit(rows):
    rows = np.asarray(rows, np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_the_nearest_come_first():
    near = NearestNeighbours.build(unit([[1, 0], [0, 1], [1, 1]])).nearest(unit([[1, 0.1]]), k=2)
    assert near.positions.tolist() == [[0, 2]]
    assert near.similarities[0, 0] == pytest.approx(0.995, abs=0.002)


@pytest.mark.parametrize("decoded", [7, 50, 1000])
def test_many_tickets_asked_together_have_the_neighbours_that_each_has_alone(decoded, monkeypatch):
    monkeypatch.setattr(models.classifiers.nearest_neighbours, "_DECODED", decoded)
    rng = np.random.default_rng(0)
    index, asked = NearestNeighbours.build(unit(rng.normal(size=(100, 16)))), unit(rng.normal(size=(40, 16)))
    together = index.nearest(asked, k=10)
    alone = [index.nearest(asked[[i]], k=10) for i in range(40)]
    np.testing.assert_array_equal(together.positions, np.vstack([near.positions for near in alone]))
    np.testing.assert_allclose(
        together.similarities, np.vstack([near.similarities for near in alone]), atol=1e-5
    )


def test_of_copies_of_a_ticket_the_first_alone_is_shown_and_the_next_ones_after_it():
    index = NearestNeighbours.build(unit([[1, 0], [1, 0.01], [1, 0], [1, 1], [0, 1], [-1, 1]]))
    assert index.first_distinct([2, 0, 1, 3, 4, 5], 3) == [2, 3, 4]
    assert index.first_distinct([0, 1, 2], 3) == [0]
    assert index.first_distinct([], 3) == []


def test_more_neighbours_than_tickets_are_not_invented():
    near = NearestNeighbours.build(unit([[1, 0], [0, 1]])).nearest(unit([[1, 1]]))
    assert sorted(near.positions[0].tolist()) == [0, 1]


def test_a_nearer_ticket_has_the_greater_vote():
    near = Neighbourhood(np.array([[0, 1]]), np.array([[0.9, 0.6]], np.float32))
    shares = vote_shares(near, np.array([[1], [0]]), ColumnGroups.from_sizes([2]))
    assert shares[0, 1] > 0.99
    assert shares.sum() == pytest.approx(1)


def test_tickets_without_a_label_have_no_vote():
    near = Neighbourhood(np.array([[0, 1]]), np.array([[0.9, 0.6]], np.float32))
    assert vote_shares(near, np.array([[3], [2]]), ColumnGroups.from_sizes([3])).tolist() == [[0, 0, 1]]
    assert vote_shares(near, np.array([[2], [2]]), ColumnGroups.from_sizes([2])).tolist() == [[0.5, 0.5]]


def test_the_votes_on_one_field_are_not_counted_for_another():
    near = Neighbourhood(np.array([[0, 1], [1, 0]]), np.array([[0.9, 0.9], [0.9, 0.4]], np.float32))
    first, second = np.array([[0], [1]]), np.array([[2], [0]])  # the first ticket has no second value
    together = vote_shares(near, np.hstack([[[0], [1]], [[4], [2]]]), ColumnGroups.from_sizes([2, 2]))
    np.testing.assert_allclose(together[:, :2], vote_shares(near, first, ColumnGroups.from_sizes([2])))
    np.testing.assert_allclose(together[:, 2:], vote_shares(near, second, ColumnGroups.from_sizes([2])))


def test_one_known_ticket_in_twenty_counts_as_novel_and_strange_ones_do():
    rng = np.random.default_rng(0)
    known = NoveltyScores(rng.normal(size=2000), rng.normal(size=2000))
    detector = NoveltyEstimator().fit(known.columns()).detector_
    assert np.mean([n.is_novel for n in detector.predict(known)]) == pytest.approx(0.05, abs=0.005)
    strange, usual = detector.predict(NoveltyScores(np.array([6.0, -1.0]), np.array([6.0, -1.0])))
    assert (strange.is_novel, usual.is_novel) == (True, False)
    assert strange.score > 0.9 > 0.5 > usual.score


def test_without_held_out_tickets_nothing_is_novel():
    [found] = NoveltyDetector.unfitted().predict(NoveltyScores(np.array([1e6]), np.array([1e6])))
    assert not found.is_novel
