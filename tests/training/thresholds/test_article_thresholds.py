"""Thresholds for showing articles are calibrated on judged queries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kb_index.search.scoring import AGENT_THRESHOLD, PORTAL_THRESHOLD, DisplayThresholds
from kb_index.storage.article_store import ArticleStore
from models.errors import DataFileError, InputError
from models.language.detector import LanguageDetector
from tests.kb_toy import ENCODER, build
from tests.toy import WordHashEncoder
from training.thresholds.article_thresholds import (
    PORTAL_ERROR,
    RelevanceJudgement,
    TopResults,
    calibrate,
    describe_thresholds,
    fit_thresholds,
    read_judgements,
)

DETECTOR = LanguageDetector(["en", "de", "fi"])


def outcomes(n: int, seed: int = 0, sharpness: float = 1.0) -> TopResults:
    """First results whose confidence is a probability, or with `sharpness` below 1 too low a one."""
    rng = np.random.default_rng(seed)
    truth = rng.uniform(size=n)
    return TopResults(truth * sharpness, rng.uniform(size=n) < truth)


def test_the_portal_shows_few_wrong_answers_on_queries_not_judged() -> None:
    judged = outcomes(2_000)
    fitted = fit_thresholds(portal=judged, agent=judged)
    fresh = outcomes(50_000, seed=1)
    shown = fresh.confidence >= fitted.thresholds.portal
    assert shown.mean() > 0.1
    # The guarantee holds for nine draws of ten; this draw is just at its edge.
    assert (~fresh.right[shown]).mean() <= PORTAL_ERROR + 0.005
    reached = fresh.confidence[fresh.right] >= fitted.thresholds.agent
    assert reached.mean() == pytest.approx(0.95, abs=0.02)


def test_thresholds_follow_a_knowledge_base_where_confidences_are_too_low() -> None:
    usual, low = outcomes(2_000), outcomes(2_000, sharpness=0.5)
    fitted = fit_thresholds(portal=usual, agent=usual).thresholds
    lower = fit_thresholds(portal=low, agent=low).thresholds
    assert lower.portal == pytest.approx(fitted.portal / 2)
    assert lower.agent == pytest.approx(fitted.agent / 2)


def test_too_few_judged_queries_leave_the_default_thresholds_and_say_so() -> None:
    fitted = fit_thresholds(portal=outcomes(10), agent=outcomes(10))
    assert fitted.thresholds == DisplayThresholds(AGENT_THRESHOLD, PORTAL_THRESHOLD)
    said = describe_thresholds(fitted)
    assert "the default: no threshold keeps wrong answers under 10% among 10 judged queries" in said
    assert "it takes at least 22" in said


def test_the_agents_threshold_is_never_above_the_portals() -> None:
    sure = TopResults(np.full(100, 0.9), np.ones(100, bool))
    fitted = fit_thresholds(portal=outcomes(10), agent=sure)
    assert fitted.thresholds.agent == fitted.thresholds.portal == PORTAL_THRESHOLD


def test_judged_queries_are_searched() -> None:
    kb = build()
    judged = [
        RelevanceJudgement("paper jam in the printer", "en", "printer"),
        # Its English original is found; a translation of it was said to be right.
        RelevanceJudgement("Connect to the VPN", "en", "vpn-fi"),
        RelevanceJudgement("recovery code of the payroll server", "en", "admin-password"),
        RelevanceJudgement("Where is the canteen?", "en", None),
    ] * 10
    assert calibrate(kb, ENCODER, DETECTOR, judged).right == 30


def test_judged_queries_are_read_as_the_service_reads_them() -> None:
    kb = build()

    def surest(text: str, language: str | None) -> float:
        return calibrate(
            kb, ENCODER, DETECTOR, [RelevanceJudgement(text, language, "printer")] * 20
        ).thresholds.agent

    plain = surest("How is a paper jam in the printer taken out?", "en")
    assert surest("How is a paper jam in the printer taken out?", None) == plain
    assert surest("<p>How is a paper jam in the printer taken out?</p>", "en") == plain
    assert surest("How is a paper jam in the printer taken out?", "fi") != plain


def test_thresholds_that_were_set_hold_for_every_reader_of_this_encoder(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reader = ArticleStore(tmp_path, ENCODER)
    assert reader.thresholds == DisplayThresholds()
    writer = ArticleStore(tmp_path, ENCODER)
    writer.set_thresholds(DisplayThresholds(0.2, 0.7))
    assert reader.thresholds == DisplayThresholds(0.2, 0.7)
    writer.rebuild({})
    assert reader.thresholds == DisplayThresholds(0.2, 0.7)
    assert ArticleStore(tmp_path, WordHashEncoder()).thresholds == DisplayThresholds()
    (tmp_path / "bars.json").write_text("{")
    assert reader.thresholds == reader.thresholds == DisplayThresholds()  # and articles are found
    assert caplog.text.count("bars.json holds no thresholds") == 1


def test_an_unknown_article_is_named() -> None:
    with pytest.raises(InputError, match="'gone', said to answer 'paper jam', is not in the index"):
        calibrate(build(), ENCODER, DETECTOR, [RelevanceJudgement("paper jam", "en", "gone")])


def test_judged_queries_are_read_and_a_wrong_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "judged.jsonl"
    with pytest.raises(DataFileError, match=r"there is no file .*judged\.jsonl"):
        read_judgements(file)
    file.write_text(
        '{"query": "a", "article_id": "x", "language": "de-AT"}\n\n'
        '{"query": "b\u2028c", "article_id": null}\n',
        encoding="utf-8-sig",
    )
    assert read_judgements(file) == [
        RelevanceJudgement("a", "de", "x"),
        RelevanceJudgement("b\u2028c", None, None),
    ]
    for wrong in ("{", "[]", "[" * 100_000, '{"query": "a"}', '{"query": 1, "article_id": null}'):
        file.write_text('{"query": "a", "article_id": "x"}\n' + wrong)
        with pytest.raises(DataFileError, match="line 2"):
            read_judgements(file)
