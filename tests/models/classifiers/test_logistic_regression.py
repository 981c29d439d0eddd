"""Logistic regression: the same answer as scikit-learn's, by either way of computing it."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

import models.classifiers.logistic_regression
from models.classifiers.logistic_regression import LinearModel, one_hot

CLASSES = ["a", "b", "c"]


@pytest.fixture(scope="module")
def problem():
    rng = np.random.default_rng(0)
    text = sparse.random(300, 500, density=0.05, format="csr", dtype=np.float32, random_state=0)
    dense = rng.normal(size=(300, 20)).astype(np.float32)
    dense /= np.linalg.norm(dense, axis=1, keepdims=True)
    labels = [CLASSES[i] for i in dense[:, :3].argmax(axis=1)]
    return text, dense, labels


@pytest.fixture(params=["among combinations of the tickets", "among all weights"])
def way(request, monkeypatch):
    if request.param == "among all weights":
        monkeypatch.setattr(models.classifiers.logistic_regression, "_REDUCED_UP_TO", 0)


@pytest.mark.usefixtures("way")
def test_one_of_several_values_agrees_with_scikit_learn(problem):
    text, dense, labels = problem
    ours = LinearModel(3, exclusive=True).fit(text, dense, one_hot(labels, CLASSES))
    # The intercept is a column of ones that is penalised like any other.
    together = sparse.hstack([text, dense, np.ones((300, 1))]).tocsr()
    theirs = LogisticRegression(C=3, fit_intercept=False, tol=1e-6, max_iter=1000).fit(together, labels)
    scores = ours.scores(text, dense)
    expected = theirs.decision_function(together)
    np.testing.assert_allclose(
        scores - scores.mean(axis=1, keepdims=True),
        expected - expected.mean(axis=1, keepdims=True),
        atol=0.15,
    )
    assert np.mean(scores.argmax(axis=1) == expected.argmax(axis=1)) > 0.98


@pytest.mark.usefixtures("way")
def test_several_values_at_once_agree_with_one_regression_each(problem):
    text, dense, labels = problem
    targets = one_hot(labels, CLASSES)
    targets[:, 2] |= targets[:, 0]
    scores = LinearModel(3, exclusive=False).fit(text, dense, targets).scores(text, dense)
    together = sparse.hstack([text, dense, np.ones((300, 1))]).tocsr()
    for column in range(3):
        theirs = LogisticRegression(C=3, fit_intercept=False, tol=1e-6).fit(together, targets[:, column])
        np.testing.assert_allclose(scores[:, column], theirs.decision_function(together), atol=0.15)


@pytest.mark.usefixtures("way")
def test_the_same_tickets_always_give_the_same_weights(problem):
    text, dense, labels = problem
    fits = [LinearModel(3, exclusive=True).fit(text, dense, one_hot(labels, CLASSES)) for _ in range(2)]
    np.testing.assert_array_equal(fits[0].weights_, fits[1].weights_)


def test_equal_tickets_do_no_harm():
    text = sparse.csr_matrix(np.ones((40, 3), np.float32))
    dense = np.ones((40, 4), np.float32) / 2
    targets = one_hot(["a"] * 30 + ["b"] * 10, ["a", "b"])
    scores = LinearModel(3, exclusive=True).fit(text, dense, targets).scores(text, dense)
    p = np.exp(scores[0]) / np.exp(scores[0]).sum()
    assert p[0] == pytest.approx(0.75, abs=0.02)


def test_thousands_of_tickets_by_one_form_are_learnt():
    rng = np.random.default_rng(0)
    form = rng.random(40) * (1 + 1e-3 * rng.random((2000, 40)))
    text = sparse.csr_matrix(np.hstack([form, rng.random((2000, 20)) < 0.1]).astype(np.float32))
    labels = ["a" if row[-1] else "b" for row in text.toarray()]
    dense = np.ones((2000, 4), np.float32) / 2
    model = LinearModel(3, exclusive=True).fit(text, dense, one_hot(labels, ["a", "b"]))
    found = model.scores(text, dense).argmax(axis=1)
    assert np.mean([label == "ab"[i] for label, i in zip(labels, found, strict=True)]) > 0.99


def test_so_many_values_that_few_rows_fit_in_a_block_give_the_same_scores(problem, monkeypatch):
    text, dense, labels = problem
    targets = one_hot(labels, CLASSES)
    monkeypatch.setattr(models.classifiers.logistic_regression, "_REDUCED_UP_TO", 0)
    whole = LinearModel(3, exclusive=True).fit(text, dense, targets).scores(text, dense)
    monkeypatch.setattr(models.classifiers.logistic_regression, "_BLOCK_CELLS", 10)
    blocks = LinearModel(3, exclusive=True).fit(text, dense, targets).scores(text, dense)
    np.testing.assert_allclose(blocks, whole, atol=0.01)
