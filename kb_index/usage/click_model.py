"""Click model: boosts for articles that are more or less useful than their positions let expect.

An article at the first position is opened more often because it stands first (Joachims, Swaminathan,
Schnabel 2017, arXiv 1608.04468). The events of article a at position p are therefore compared with those of
articles in general at that position:

    expected(a) = sum over p of shown(a, p) propensity(p)
    gained(a)   = opened + 2 attached + 2 (solved or helpful) - 2 unhelpful
    usefulness  = gained / expected

Usefulness is the average of the gains weighted by the inverse propensities 1 / propensity(p), each position
counting as precisely as it is known. A boost raises what is expected of the article, so that standing first
does not feed itself.

The propensities are estimated from the events themselves: articles stand at several positions, and
gained(a, p) is fitted by usefulness(a) propensity(p) (a regression over articles and positions, as in
Wang et al. 2018, doi 10.1145/3159652.3159732, without randomised lists), shrunk towards 1 / p where events
are few.

Usefulness has a Gamma prior with mean 1, whose variance is that of the articles beyond chance (empirical
Bayes). Gamma and Poisson instead of beta and binomial, as one showing may bring several gains.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from kb_index.usage.events import COLUMN_OF, POSITIONS

Floats = NDArray[np.float64]

MAX_BOOST = 0.03
"""The largest boost or penalty of an article, in units of the ranking's score."""

MIN_EVENTS = 300
"""Boosts begin at so many openings, attachments and judgements, of all articles together."""

TOLERATED_EVENTS = 5
"""So many events of the heaviest kind may be forged without an article gaining or losing by them."""

_SHOWN = COLUMN_OF["shown"]
_ACTS = slice(1, None)
# By column: opened, attached, solved or helpful, unhelpful.
_GAINS = np.array([1.0, 2.0, 2.0, -2.0])
# The rise of the sum of squared gains when the event follows an opening: (1 + 2)² - 1², …
_SQUARES = np.array([1.0, 8.0, 8.0, 4.0])
_PRIOR = 1.0 / np.arange(1, POSITIONS + 1)
_PRIOR_GAINS = 20.0
_MAX_WEIGHT = 10.0
_PRIOR_EXPECTED = 5.0
_ROUNDS = 20
_CONFIDENCE = 0.9
_MIN_EXPECTED = 1.0
_DEVIATIONS = 3.0
# A difference in score is worth at least 9.4 times as much in log-odds (search/language_fusion.py). Half of
# that, since usefulness over all queries says less about the query at hand.
_SCORE_PER_LOG = 0.5 / 9.4


def estimate_boosts(counts: Floats) -> Floats:
    """Return the boost of each of n articles, (n,) in [-MAX_BOOST, MAX_BOOST].

    `counts` (n, POSITIONS, N_COLUMNS) are the events by article, position and column. All boosts are 0 where
    there are too few events, or where the articles differ no more than by chance. An article's boost is 0
    unless it lies above or below what is expected with 90 % confidence, without TOLERATED_EVENTS of its
    events.
    """
    none = np.zeros(len(counts))
    shown = counts[:, :, _SHOWN]
    # An article that was never shown cannot be opened: events without a showing count for nothing.
    acts = np.minimum(counts[:, :, _ACTS], shown[:, :, None])
    gains = acts @ _GAINS
    gained = gains.sum(axis=1)
    if acts.sum() < MIN_EVENTS or gained.sum() <= 0:
        return none
    noise = max(1.0, float(acts.sum(axis=(0, 1)) @ _SQUARES / gained.sum()))
    expected = shown @ estimate_propensities(shown, gains)
    expected *= gained.sum() / expected.sum()
    variance = _usefulness_variance(gained, expected, noise)
    if variance == 0:
        return none
    tolerated = TOLERATED_EVENTS * _GAINS.max()
    rate = 1 / variance + expected / noise
    lower = gammaincinv(1 / variance + np.maximum(gained - tolerated, 0) / noise, 1 - _CONFIDENCE) / rate
    upper = gammaincinv(1 / variance + np.maximum(gained + tolerated, 0) / noise, _CONFIDENCE) / rate
    logs = np.log(np.maximum(lower, 1)) + np.log(np.minimum(upper, 1))
    limited: Floats = np.clip(_SCORE_PER_LOG * logs, -MAX_BOOST, MAX_BOOST)
    return limited


def estimate_propensities(shown: Floats, gains: Floats) -> Floats:
    """Return the expected gain at each position of an article with usefulness 1, (POSITIONS,).

    `shown` and `gains` are (n, POSITIONS). No position has less than a tenth of the first one's propensity,
    so that no event weighs more than ten.
    """
    by_position, by_article = gains.sum(axis=0), gains.sum(axis=1)
    prior = _PRIOR * gains.sum() / (shown @ _PRIOR).sum()
    fitted = prior
    for _ in range(_ROUNDS):
        useful = (np.maximum(by_article, 0) + _PRIOR_EXPECTED) / (shown @ fitted + _PRIOR_EXPECTED)
        fitted = (np.maximum(by_position, 0) + _PRIOR_GAINS) / (useful @ shown + _PRIOR_GAINS / prior)
    limited: Floats = np.maximum(fitted, fitted[0] / _MAX_WEIGHT)
    return limited


def _usefulness_variance(gained: Floats, expected: Floats, noise: float) -> float:
    """Return the variance of usefulness among articles, 0 where chance alone explains the differences.

    By chance alone, (gained - expected)² / (noise expected) has a mean of 1 and a variance of about
    2 + noise / expected. The differences must exceed that by three standard deviations. The article that
    differs most is left out, so that one article cannot switch boosts on for all.
    """
    excess = (gained - expected) ** 2 / (noise * np.maximum(expected, _MIN_EXPECTED)) - 1
    known = np.flatnonzero(expected >= _MIN_EXPECTED)
    known = known[np.argsort(excess[known])][:-1]
    if excess[known].sum() <= _DEVIATIONS * np.sqrt((2 + noise / expected[known]).sum()):
        return 0.0
    return float(excess[known].sum() * noise / expected[known].sum())
