"""Summary of a backtest: counts, verdicts and minutes, as the page and the JSON have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from models.wording import counted
from training.backtest.articles import ArticleHistory
from training.backtest.outcomes import Counts, FieldCounts, count_fields
from training.backtest.replay import Replay, WindowResult
from training.backtest.verdict import Verdict, judge_field
from triage.intervals import Interval, clopper_pearson
from triage.settings import Settings
from triage.settings.savings import SavingsSettings

_DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class FieldSummary:
    """One field: what would have been done, whether `apply` holds, and the minutes by the assumed costs."""

    name: str
    counts: FieldCounts
    verdict: Verdict
    minutes: float


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """Articles: tickets with one shown, and of those that an article is known to have solved, how many."""

    articles: int
    tickets: int
    shown: int
    solved_by_known: int
    right: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Summary:
    """All that a backtest found. `days` is the time that was replayed, None without dates."""

    first: str | None
    cut: str | None
    last: str | None
    days: float | None
    windows: list[WindowResult]
    replayed: int
    counted: int
    undated: int
    novel: int
    segment: str
    fields: list[FieldSummary]
    articles: ArticleSummary | None
    savings: SavingsSettings
    assumptions: list[str]

    @property
    def minutes(self) -> float:
        """The minutes saved in all, by the assumed costs."""
        return sum(field.minutes for field in self.fields) + (self.articles.minutes if self.articles else 0)

    @property
    def hours_a_month(self) -> float | None:
        """The hours saved a month, None where the time is not known."""
        return self.minutes / 60 / self.days * _DAYS_A_MONTH if self.days else None


def summarise(replay: Replay, settings: Settings) -> Summary:
    """Count and judge what a replay found."""
    dates = sorted(ticket.created_at for ticket in replay.tickets if ticket.created_at)
    cut = replay.windows.cut
    fields = []
    for name, counts in count_fields(replay.outcomes).items():
        verdict = judge_field(replay.fields[name], replay.outcomes, replay.tickets, replay.never.get(name))
        fields.append(FieldSummary(name, counts, verdict, counts.total.minutes(settings.savings.of(name))))
    return Summary(
        first=dates[0].isoformat() if dates and cut else None,
        cut=cut.isoformat() if cut else None,
        last=dates[-1].isoformat() if dates and cut else None,
        days=(dates[-1] - cut).total_seconds() / 86_400 if dates and cut else None,
        windows=replay.results,
        replayed=sum(result.replayed for result in replay.results),
        counted=len(replay.outcomes),
        undated=replay.windows.undated,
        novel=sum(outcome.is_novel for outcome in replay.outcomes),
        segment=settings.dashboard.segment,
        fields=fields,
        articles=_articles(replay, settings.savings),
        savings=settings.savings,
        assumptions=list(_assumptions(replay)),
    )


def _articles(replay: Replay, savings: SavingsSettings) -> ArticleSummary | None:
    outcomes = [outcome.article for outcome in replay.outcomes if outcome.article is not None]
    if replay.articles is None:
        return None
    right = sum(outcome.right for outcome in outcomes)
    return ArticleSummary(
        articles=len(replay.articles.since),
        tickets=len(outcomes),
        shown=sum(outcome.shown for outcome in outcomes),
        solved_by_known=sum(outcome.solved_by_known for outcome in outcomes),
        right=right,
        minutes=savings.article_right * right,
    )


def _assumptions(replay: Replay) -> Iterator[str]:
    """Yield what must be true for the figures to tell something about tickets to come."""
    yield "The tickets to come are like those replayed here: the same products, teams and customers."
    if replay.windows.cut is None:
        yield (
            "The file has no dates for most tickets. Its order was taken for the order of arrival. If the "
            "file is sorted in another way, these figures are too good or too bad."
        )
    else:
        yield from _closing_assumption(replay)
    yield "A value is right if it is the one in the export. Where people chose wrongly, that counts as right."
    yield (
        "Texts and attributes were the same when the ticket was filed as they are in the export. Attributes "
        "that people filled in later make the figures too good: leave such columns out."
    )
    yield "People would have decided the same had they seen our values. Nobody saw any."
    yield (
        "Of copies of one ticket one counts, and none where a copy came before the training. So the numbers "
        "of tickets and minutes are rather too low."
    )
    if replay.articles is not None:
        yield from _article_assumptions(replay.articles)


def _closing_assumption(replay: Replay) -> Iterator[str]:
    """Yield from when on the values of a ticket count as known."""
    closed = sum(ticket.closed_at is not None for ticket in replay.tickets)
    if not closed:
        yield "The values of a ticket are known as soon as it is filed, since the export does not say when."
        return
    yield "The values of a ticket are known from the day on which it was closed, and were not changed since."
    if others := len(replay.tickets) - closed:
        yield f"{counted(others, 'ticket')} without a date of closing: their values are known when filed."


def _article_assumptions(articles: ArticleHistory) -> Iterator[str]:
    yield (
        "An article is found only for tickets after its last change. From which confidence it is shown is "
        "as it is set today."
    )
    if articles.undated:
        yield (
            f"{counted(articles.undated, 'article')} {'has' if articles.undated == 1 else 'have'} no date, "
            f"and {'counts' if articles.undated == 1 else 'count'} as there from the beginning."
        )


def summary_data(summary: Summary) -> dict[str, Any]:
    """Return a summary as plain data for JSON."""
    return {
        "first": summary.first,
        "cut": summary.cut,
        "last": summary.last,
        "order": "date" if summary.cut else "file",
        "trainings": [_window_data(result) for result in summary.windows],
        "replayed": summary.replayed,
        "counted": summary.counted,
        "undated": summary.undated,
        "novel": summary.novel,
        "segment": summary.segment,
        "fields": {field.name: _field_data(field) for field in summary.fields},
        "articles": asdict(summary.articles) if summary.articles else None,
        "minutes": {
            "saved": round(summary.minutes, 1),
            "hours_a_month": None if summary.hours_a_month is None else round(summary.hours_a_month, 2),
            "assumed": summary.savings.model_dump(exclude_none=True),
        },
        "assumptions": summary.assumptions,
    }


def _window_data(result: WindowResult) -> dict[str, Any]:
    return {
        "before": result.start.isoformat() if result.start else None,
        "trained_on": result.trained_on,
        "replayed": result.replayed,
        "refused": dict(result.refused),
        "suspended": {
            name: {
                "judged": one.judged,
                "wrong": one.wrong,
                "at": one.at.isoformat() if result.start else None,
            }
            for name, one in result.suspended.items()
        },
    }


def _field_data(field: FieldSummary) -> dict[str, Any]:
    groups: Mapping[str, Mapping[str, Counts]] = {
        "by_team": field.counts.by_team,
        "by_language": field.counts.by_language,
        "by_month": field.counts.by_month,
    }
    return {
        **_counts_data(field.counts.total),
        "apply": asdict(field.verdict),
        "minutes": round(field.minutes, 1),
        **{
            name: {key: _counts_data(counts) for key, counts in group.items()}
            for name, group in groups.items()
        },
    }


def _counts_data(counts: Counts) -> dict[str, Any]:
    return {**asdict(counts), "error": _interval_data(counts.error)}


def _interval_data(interval: Interval | None) -> dict[str, float] | None:
    return None if interval is None else {key: round(value, 4) for key, value in asdict(interval).items()}


def article_share(articles: ArticleSummary) -> Interval | None:
    """Return the share of right ones among the tickets that a known article solved, with its interval."""
    return clopper_pearson(articles.right, articles.solved_by_known)
