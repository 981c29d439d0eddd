"""How much more or less useful an article is than its places in the lists let expect.

An article that stands first is opened more often because it stands first (Joachims, Swaminathan, Schnabel
2017, arXiv 1608.04468). What happens to article a at place p is therefore held against what happens there
to articles in general:

    expected(a) = sum over p of shown(a, p) chance(p)
    gained(a)   = opened + 2 attached + 2 solved - 2 not_helpful
    usefulness  = gained / expected

which is the average of the gains weighted by the inverse propensities 1 / chance(p), each place counting as
precisely as it is known. Raising an article raises what is expected of it, so that being first feeds nothing.

`chance` comes from the events themselves: articles stand at several places, and gained(a, p) is fitted by
usefulness(a) chance(p) (a regression over articles and places, as Wang et al. 2018, doi
10.1145/3159652.3159732, without randomised lists), drawn towards 1 / p as far as events are few.

Usefulness has a Gamma prior with mean 1, whose width is what the articles differ by beyond chance
(empirical Bayes). Gamma and Poisson instead of beta and binomial, as one showing may bring several gains.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from kb_index.usage.events import KINDS, POSITIONS

Floats = NDArray[np.float64]

CAP = 0.03
"""The most by which use raises or lowers an article, in units of the ranking's score."""

LEAST_EVENTS = 300
"""From so many openings, attachments and judgements on, of all articles together, anything is learnt."""

HANDFUL = 5
"""So many events of the heaviest kind may be made up without an article gaining or losing by them."""

_SHOWN = KINDS.index("shown")
_ACTS = slice(1, None)
_GAINS = np.array(
    [{"opened": 1.0, "attached": 2.0, "solved": 2.0, "not_helpful": -2.0}[k] for k in KINDS[_ACTS]]
)
# By how much each event raises the sum of squared gains when it follows an opening: (1 + 2)² - 1², …
_SQUARES = np.array(
    [{"opened": 1.0, "attached": 8.0, "solved": 8.0, "not_helpful": 4.0}[k] for k in KINDS[_ACTS]]
)
_USUAL = 1.0 / np.arange(1, POSITIONS + 1)
_USUAL_GAINS = 20.0
_LARGEST_WEIGHT = 10.0
_ARTICLE_DOUBT = 5.0
_ROUNDS = 20
_SURE = 0.9
_LEAST_EXPECTED = 1.0
_DEVIATIONS = 3.0
# A difference in score is worth at least 9.4 times as much in log-odds (merge.py). Half of that: what is
# known of an article over all questions says less about this one.
_SCORE_PER_LOG = 0.5 / 9.4


def adjustments(counts: Floats) -> Floats:
    """Return by how much to raise each of n articles, (n,) in [-CAP, CAP].

    `counts` (n, POSITIONS, 5) says how often each kind of event happened to each article at each place. All
    are 0 where there are too few events, or where the articles differ no more than by chance; an article's
    is 0 unless it is with 90 % certainty above or below what is expected, a handful of events left out.
    """
    nothing = np.zeros(len(counts))
    shown = counts[:, :, _SHOWN]
    # What was never shown cannot be opened: events without a showing count for nothing.
    acts = np.minimum(counts[:, :, _ACTS], shown[:, :, None])
    gains = acts @ _GAINS
    gained = gains.sum(axis=1)
    if acts.sum() < LEAST_EVENTS or gained.sum() <= 0:
        return nothing
    noise = max(1.0, float(acts.sum(axis=(0, 1)) @ _SQUARES / gained.sum()))
    expected = shown @ chances(shown, gains)
    expected *= gained.sum() / expected.sum()
    width = _spread(gained, expected, noise)
    if width == 0:
        return nothing
    doubt = HANDFUL * _GAINS.max()
    rate = 1 / width + expected / noise
    least = gammaincinv(1 / width + np.maximum(gained - doubt, 0) / noise, 1 - _SURE) / rate
    most = gammaincinv(1 / width + np.maximum(gained + doubt, 0) / noise, _SURE) / rate
    logs = np.log(np.maximum(least, 1)) + np.log(np.minimum(most, 1))
    raised: Floats = np.clip(_SCORE_PER_LOG * logs, -CAP, CAP)
    return raised


def chances(shown: Floats, gains: Floats) -> Floats:
    """Return what an article of usefulness 1 gains by being shown at each place, (POSITIONS,).

    `shown` and `gains` are (n, POSITIONS). No place has less than a tenth of the first's chance, so that no
    event weighs more than ten.
    """
    places, articles = gains.sum(axis=0), gains.sum(axis=1)
    usual = _USUAL * gains.sum() / (shown @ _USUAL).sum()
    found = usual
    for _ in range(_ROUNDS):
        useful = (np.maximum(articles, 0) + _ARTICLE_DOUBT) / (shown @ found + _ARTICLE_DOUBT)
        found = (np.maximum(places, 0) + _USUAL_GAINS) / (useful @ shown + _USUAL_GAINS / usual)
    limited: Floats = np.maximum(found, found[0] / _LARGEST_WEIGHT)
    return limited


def _spread(gained: Floats, expected: Floats, noise: float) -> float:
    """Return the variance of usefulness among articles, 0 where chance alone may have made it.

    Chance alone gives (gained - expected)² / (noise expected) a mean of 1 and a variance of about
    2 + noise / expected; three standard deviations above that it takes. The article that differs most is
    left out, so that one cannot switch learning on for all.
    """
    excess = (gained - expected) ** 2 / (noise * np.maximum(expected, _LEAST_EXPECTED)) - 1
    known = np.flatnonzero(expected >= _LEAST_EXPECTED)
    known = known[np.argsort(excess[known])][:-1]
    if excess[known].sum() <= _DEVIATIONS * np.sqrt((2 + noise / expected[known]).sum()):
        return 0.0
    return float(excess[known].sum() * noise / expected[known].sum())
