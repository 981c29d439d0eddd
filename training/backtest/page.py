"""Page of a backtest: one HTML file with its plots, that needs no network, no script and no other file."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from training.backtest.outcomes import Counts
from training.backtest.report import (
    article_lines,
    how_it_was_done,
    minutes_text,
    part,
    share_text,
)
from training.backtest.summary import FieldSummary, Summary
from triage.settings.savings import FieldSavings, SavingsSettings

_TEMPLATE = "page.html"
# Where the scale of errors may end, so that it has round numbers.
_SCALE_ENDS = (0.04, 0.08, 0.2, 0.4, 0.8)


def page_html(summary: Summary) -> str:
    """Return the page; names and values from tickets are escaped."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(part=part, share=share_text)
    text = files(__package__).joinpath(_TEMPLATE).read_text("utf-8")
    judged = [field for field in summary.fields if field.counts.total.error is not None]
    return environment.from_string(text).render(
        summary=summary,
        how=how_it_was_done(summary),
        articles=article_lines(summary.articles),
        minutes=minutes_text(summary),
        segments=segments,
        judged=judged,
        scale_end=_scale_end(judged),
        costs=_costs(summary.savings, summary.fields),
        fields_rows=[(field.name, field.counts.total) for field in summary.fields],
    )


def segments(counts: Counts) -> list[tuple[str, str, int]]:
    """Return the parts of a bar as class, words and number of tickets; together they are all tickets."""
    return [
        ("right", "set, and right", counts.set - counts.wrong),
        ("wrong", "set, and wrong", counts.wrong),
        ("rule", "set by your rules", counts.by_rule),
        ("suggested", "suggested, the right one first", counts.suggested_right),
        ("missed", "suggested, the right one not first", counts.suggested - counts.suggested_right),
        ("alone", "left alone", counts.left_alone),
    ]


def _scale_end(judged: list[FieldSummary]) -> float:
    """Return where the scale of errors ends, in [0, 1]."""
    reach = [1.5 * field.verdict.target_error for field in judged]
    reach += [field.counts.total.error.upper for field in judged if field.counts.total.error]
    farthest = max(reach, default=0.0)
    return next((end for end in _SCALE_ENDS if farthest <= end), 1.0)


def _costs(savings: SavingsSettings, fields: list[FieldSummary]) -> list[tuple[str, FieldSavings, float]]:
    """Return each field's name, assumed minutes, and what they come to."""
    return [(field.name, savings.of(field.name), field.minutes) for field in fields]
