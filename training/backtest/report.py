"""Report of a backtest as text: tables for the terminal, and the sentences that the page has too."""

from __future__ import annotations

from collections.abc import Mapping

from models.wording import counted, noun_after
from training.backtest.outcomes import Counts
from training.backtest.summary import ArticleSummary, FieldSummary, Summary, article_share
from training.report import align_rows
from triage.intervals import Interval

_HEADER = ("tickets", "set", "wrong", "wrong (95 %)", "suggested", "right", "in 3", "left alone", "by rules")


def report_text(summary: Summary) -> str:
    """Return the report for a terminal."""
    parts = ["\n".join(how_it_was_done(summary))]
    for field in summary.fields:
        parts += _groups(field, summary.segment)
    rows = [("field", *_HEADER), *((f.name, *_cells(f.counts.total)) for f in summary.fields)]
    parts.append(align_rows(rows))
    parts.append("\n".join(verdict_line(field) for field in summary.fields))
    parts.append("\n".join([*article_lines(summary.articles), minutes_line(summary)]))
    parts.append("\n".join(["What these figures assume:", *(f"- {line}" for line in summary.assumptions)]))
    return "\n\n".join(parts)


def how_it_was_done(summary: Summary) -> list[str]:
    """Return what was trained on, what was replayed and what counts, in sentences."""
    first = summary.windows[0]
    before = f"before {summary.cut:.10}" if summary.cut else "in the first part of the file"
    lines = [
        f"trained on {counted(first.trained_on, 'ticket')} {before}, replayed "
        f"{counted(summary.replayed, 'ticket')} after that in the order in which they came"
    ]
    if len(summary.windows) > 1:
        lines.append(f"trained again {counted(len(summary.windows) - 1, 'time')}, each month")
    if not summary.cut:
        lines.append("most tickets have no date, so the order of the file was taken for that of arrival")
    if copies := summary.replayed - summary.counted:
        lines.append(
            f"{counted(copies, 'ticket')} {'is a copy' if copies == 1 else 'are copies'} of others and did "
            "not count"
        )
    if summary.undated:
        lines.append(f"{counted(summary.undated, 'ticket')} without a date took no part")
    if summary.novel:
        lines.append(
            f"{counted(summary.novel, 'ticket')} {'was' if summary.novel == 1 else 'were'} unlike all past "
            "ones, and left alone"
        )
    for window in summary.windows:
        when = f" from {window.start:%Y-%m-%d}" if window.start else ""
        lines += [
            f"{name} was suspended in the window{when}: {one.wrong:,} of {one.judged:,} set "
            f"{noun_after(one.judged, 'value')} {'was' if one.wrong == 1 else 'were'} wrong"
            for name, one in window.suspended.items()
        ]
        lines += [
            f"the training{when} was refused, and the one before went on: {name} {why}"
            for name, why in window.refused.items()
        ]
    return lines


def verdict_line(field: FieldSummary) -> str:
    """Return whether `apply` would hold for a field, and what it takes otherwise."""
    verdict = field.verdict
    return f"{field.name}: apply {'holds' if verdict.holds else 'does not hold yet'}: {verdict.reason}"


def article_lines(articles: ArticleSummary | None) -> list[str]:
    """Return what is known of the articles, in sentences."""
    if articles is None:
        return ["articles: there is no index, so none were searched"]
    shown = f"{articles.shown / articles.tickets:.1%}" if articles.tickets else "none"
    lines = [f"articles: shown for {shown} of {counted(articles.tickets, 'ticket')}"]
    if articles.solved_by_known:
        lines.append(
            f"articles: {counted(articles.solved_by_known, 'ticket')} named an article that solved it and "
            f"was there; it was among those shown in {share_text(article_share(articles))}"
        )
    else:
        lines.append(
            "articles: no ticket names an article that solved it, so nobody knows if they were right"
        )
    return lines


def minutes_line(summary: Summary) -> str:
    """Return what would have been saved by the assumed minutes, and that they are assumed."""
    return f"{minutes_text(summary)}. This is no measurement: it rests on the minutes assumed in [savings]"


def minutes_text(summary: Summary) -> str:
    """Return what would have been saved or lost by the assumed minutes."""
    word, a_month = "saved" if summary.minutes >= 0 else "lost", summary.hours_a_month
    month = f", some {abs(a_month):,.1f} hours a month" if a_month is not None else ""
    return f"{word}: {abs(summary.minutes):,.0f} minutes{month}"


def share_text(interval: Interval | None) -> str:
    """Return a share with its interval in percent.

    >>> share_text(Interval(0.03, 0.0062, 0.0852))
    '3.0% (0.6% to 8.5%)'
    """
    if interval is None:
        return "–"
    return f"{interval.estimate:.1%} ({interval.lower:.1%} to {interval.upper:.1%})"


def _groups(field: FieldSummary, segment: str) -> list[str]:
    """Return the tables by team and language, where there are several."""
    groups: Mapping[str, Mapping[str, Counts]] = {
        segment: field.counts.by_team,
        "language": field.counts.by_language,
    }
    return [
        f"{field.name} by {name}\n"
        + align_rows([(name, *_HEADER), *((k, *_cells(c)) for k, c in found.items())])
        for name, found in groups.items()
        if len(found) > 1
    ]


def _cells(counts: Counts) -> tuple[str, ...]:
    return (
        f"{counts.tickets:,}",
        part(counts.set, counts.tickets),
        f"{counts.wrong:,}",
        share_text(counts.error),
        part(counts.suggested, counts.tickets),
        part(counts.suggested_right, counts.suggested),
        part(counts.suggested_in_3, counts.suggested),
        part(counts.left_alone, counts.tickets),
        f"{counts.by_rule:,}",
    )


def part(some: int, of: int) -> str:
    """Return a share in percent, a dash of nothing.

    >>> part(1, 4), part(0, 0)
    ('25.0%', '–')
    """
    return f"{some / of:.1%}" if of else "–"
