"""Logistic regression: the same answer as scikit-learn's, by either way of computing it."""

import numpy as np
import pytest
import sklearn.linear_model
from scipy import sparse

import training.estimators.logistic_regression
import training.estimators.logistic_solver
from training.estimators.logistic_regression import KernelLogisticRegression, LogisticRegression


@pytest.fixture(scope="module")
def problem():
    rng = np.random.default_rng(0)
    text = sparse.random(300, 500, density=0.05, format="csr", dtype=np.float32, random_state=0)
    dense = rng.normal(size=(300, 20)).astype(np.float32)
    dense /= np.linalg.norm(dense, axis=1, keepdims=True)
    labels = np.array(["a", "b", "c"])[dense[:, :3].argmax(axis=1)]
    return sparse.hstack([text, dense]).tocsr(), labels


@pytest.fixture(params=["among combinations of the tickets", "among all weights"])
def way(request, monkeypatch):
    if request.param == "among all weights":
        monkeypatch.setattr(training.estimators.logistic_regression, "DUAL_UP_TO", 0)


def with_intercept(rows):
    """Return the rows with the intercept as a column of ones that is penalised like any other."""
    return sparse.hstack([rows, np.ones((rows.shape[0], 1))]).tocsr()


@pytest.mark.usefixtures("way")
def test_one_of_several_values_agrees_with_scikit_learn(problem):
    rows, labels = problem
    scores = LogisticRegression(3).fit(rows, labels).decision_function(rows)
    theirs = sklearn.linear_model.LogisticRegression(C=3, fit_intercept=False, tol=1e-6, max_iter=1000)
    expected = theirs.fit(with_intercept(rows), labels).decision_function(with_intercept(rows))
    np.testing.assert_allclose(
        scores - scores.mean(axis=1, keepdims=True),
        expected - expected.mean(axis=1, keepdims=True),
        atol=0.15,
    )
    assert np.mean(scores.argmax(axis=1) == expected.argmax(axis=1)) > 0.98


@pytest.mark.usefixtures("way")
def test_several_values_at_once_agree_with_one_regression_each(problem):
    rows, labels = problem
    targets = labels[:, None] == np.array(["a", "b", "c"])
    targets[:, 2] |= targets[:, 0]
    scores = LogisticRegression(3).fit(rows, targets).decision_function(rows)
    for column in range(3):
        theirs = sklearn.linear_model.LogisticRegression(C=3, fit_intercept=False, tol=1e-6)
        theirs.fit(with_intercept(rows), targets[:, column])
        expected = theirs.decision_function(with_intercept(rows))
        np.testing.assert_allclose(scores[:, column], expected, atol=0.15)
        alone = LogisticRegression(3, multilabel=True).fit(rows, targets[:, [column]])
        np.testing.assert_allclose(alone.predict_proba(rows)[:, 0], 1 / (1 + np.exp(-expected)), atol=0.02)


@pytest.mark.usefixtures("way")
def test_the_same_tickets_always_give_the_same_weights(problem):
    rows, labels = problem
    first, second = (LogisticRegression(3).fit(rows, labels) for _ in range(2))
    np.testing.assert_array_equal(first.coef_, second.coef_)


def test_inner_products_are_all_that_the_kernel_needs(problem):
    rows, labels = problem
    products = (rows @ rows.T).toarray() + 1
    scores = LogisticRegression(3).fit(rows, labels).predict_proba(rows)
    kernel = KernelLogisticRegression(3).fit(products, labels)
    np.testing.assert_allclose(kernel.predict_proba(products), scores, atol=1e-3)
    with pytest.raises(ValueError, match="expected a square one"):
        kernel.fit(products[:, :7], labels)


def test_equal_tickets_do_no_harm():
    rows = np.ones((40, 7), np.float32)
    model = LogisticRegression(3).fit(rows, ["a"] * 30 + ["b"] * 10)
    assert model.predict_proba(rows)[0, 0] == pytest.approx(0.75, abs=0.02)


def test_thousands_of_tickets_by_one_form_are_learnt():
    rng = np.random.default_rng(0)
    form = rng.random(40) * (1 + 1e-3 * rng.random((2000, 40)))
    words = rng.random((2000, 20)) < 0.1
    rows = sparse.csr_matrix(np.hstack([form, words, np.ones((2000, 4)) / 2]).astype(np.float32))
    labels = np.where(words[:, -1], "a", "b")
    assert LogisticRegression(3).fit(rows, labels).score(rows, labels) > 0.99


def test_so_many_values_that_few_rows_fit_in_a_block_give_the_same_scores(problem, monkeypatch):
    rows, labels = problem
    monkeypatch.setattr(training.estimators.logistic_regression, "DUAL_UP_TO", 0)
    whole = LogisticRegression(3).fit(rows, labels).decision_function(rows)
    monkeypatch.setattr(training.estimators.logistic_solver, "_BLOCK_CELLS", 10)
    blocks = LogisticRegression(3).fit(rows, labels).decision_function(rows)
    np.testing.assert_allclose(blocks, whole, atol=0.01)
