"""Deflection is a difference between groups, and its interval holds the truth as often as it says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from triage.store.ids import Pseudonyms
from triage.store.portal_sessions import (
    DeflectionExperiment,
    GroupCounts,
    in_control_group,
    is_session_id,
    new_session_id,
)

PSEUDONYMS = Pseudonyms(b"k" * 32)


@pytest.mark.parametrize(("control", "treated"), [(20, 380), (50, 950), (100, 100)])
@pytest.mark.parametrize(("without", "with_articles"), [(0.9, 0.7), (0.5, 0.5), (0.3, 0.1), (0.1, 0.02)])
def test_the_interval_holds_the_true_difference_nearly_always(
    control: int, treated: int, without: float, with_articles: float
) -> None:
    # Exact: every pair of counts with its probability. An approximate interval dips a little below 95 %.
    a, b = np.arange(control + 1), np.arange(treated + 1)
    chance_a, chance_b = binom.pmf(a, control, without), binom.pmf(b, treated, with_articles)
    covered = 0.0
    for x in np.flatnonzero(chance_a > 1e-5):
        for y in np.flatnonzero(chance_b > 1e-4):
            groups = DeflectionExperiment(GroupCounts(control, int(x)), GroupCounts(treated, int(y)))
            found = groups.deflection
            assert found is not None
            if found.lower <= without - with_articles <= found.upper:
                covered += chance_a[x] * chance_b[y]
    assert covered >= 0.93


def test_without_a_control_group_there_is_no_deflection() -> None:
    assert DeflectionExperiment(GroupCounts(0, 0), GroupCounts(9, 3)).deflection is None


def test_nobody_submitting_is_no_certainty() -> None:
    found = DeflectionExperiment(GroupCounts(20, 0), GroupCounts(300, 0)).deflection
    assert found is not None
    assert found.lower < 0 < found.upper
    assert found.lower >= -1
    assert found.upper <= 1


def test_a_session_is_known_by_its_id_alone_and_none_can_be_made_up() -> None:
    ids = [new_session_id(PSEUDONYMS) for _ in range(500)]
    assert len(set(ids)) == 500
    assert all(len(i) == 32 and is_session_id(PSEUDONYMS, i) for i in ids)
    assert not any(is_session_id(PSEUDONYMS, i[:-1] + ("0" if i[-1] != "0" else "1")) for i in ids)
    assert not any(is_session_id(Pseudonyms(b"x" * 32), i) for i in ids)
    assert not is_session_id(PSEUDONYMS, "")


def test_the_control_group_is_as_large_as_set_and_a_session_stays_in_its_group() -> None:
    ids = [new_session_id(PSEUDONYMS) for _ in range(20_000)]
    drawn = [in_control_group(PSEUDONYMS, i, 0.05) for i in ids]
    assert 890 <= sum(drawn) <= 1110  # 1,000 ± 3.5 standard deviations
    assert drawn == [in_control_group(PSEUDONYMS, i, 0.05) for i in ids]
