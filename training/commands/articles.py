"""`triage index` and `search`: the commands that take files of articles and of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models.errors import InputError
from training.commands.files import More, SkipBad, names, say_skipped, write_lines
from triage.commands.options import Home, SettingsFile
from triage.commands.progress import shows_progress
from triage.settings import Settings, load_settings

if TYPE_CHECKING:
    from kb_index.articles.loaders import LoadedArticles
    from kb_index.search.knowledge_base import Hit
    from kb_index.storage.article_store import ArticleStore
    from training.data.queries import EvaluationQuery
    from training.thresholds.article_thresholds import RelevanceJudgement
    from triage.pipeline.engine import Engine

_MOST_NAMED = 3


@shows_progress("indexing")
def index(
    articles: Annotated[
        list[Path] | None,
        typer.Option(
            "--articles",
            metavar="FILE_OR_FOLDER...",
            help="Folder of pages, JSONL, CSV, or an export as JSON or XML",
        ),
    ] = None,
    more: More = None,
    tickets: Annotated[
        list[Path] | None,
        typer.Option("--tickets", metavar="FILE...", help="exports of past tickets with their solution"),
    ] = None,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", metavar="ID...", help="Take articles out, by id.")
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Start from scratch: keep nothing but these articles.")
    ] = False,
    home: Home = None,
    settings_file: SettingsFile = None,
    skip_bad: SkipBad = False,
    judged: Annotated[
        Path | None,
        typer.Option("--judged", metavar="FILE", help="JSONL: query, language?, article_id or null"),
    ] = None,
) -> None:
    """Make the knowledge base equal to its files and folders; only what changed is encoded."""
    from training.thresholds.article_thresholds import read_judgements
    from triage.pipeline.factory import open_articles

    settings = load_settings(settings_file, home=home)
    given = sum(map(bool, (articles, tickets, remove)))
    if given != (0 if judged and not given else 1) or (rebuild and not (articles or tickets)):
        raise InputError(
            "expected one of --articles FILE_OR_FOLDER…, --tickets FILE… and --remove ID…, or --judged FILE"
        )
    judgements = [] if judged is None else read_judgements(judged)
    store = open_articles(settings, cached=True)
    if remove:
        _take_out(store, [*remove, *map(str, more or [])])
    elif articles or tickets:
        paths = [*(articles or tickets or []), *(more or [])]
        loaded = _read(paths, settings, are_tickets=bool(tickets), skip_bad=skip_bad)
        _take_in(store, loaded, rebuild=rebuild)
    if judged is not None:
        _set_thresholds(store, settings, judgements)


def _take_out(store: ArticleStore, ids: Sequence[str]) -> None:
    synced = store.remove(ids)
    for missing in sorted(set(ids) - set(synced.removed)):
        typer.echo(f"there is no article {missing!r}", err=True)
    _say_synced(synced)


def _read(paths: Sequence[Path], settings: Settings, *, are_tickets: bool, skip_bad: bool) -> LoadedArticles:
    """Read articles or solved tickets, and say what was read."""
    from kb_index.articles.loaders import load_articles
    from training.data.solved_tickets import read_solved_tickets
    from triage.pipeline.redaction import open_redaction

    if are_tickets:
        redact = open_redaction(settings.privacy)
        loaded = read_solved_tickets(paths, settings.tickets, redact, skip_bad=skip_bad)
    else:
        default = settings.articles.default_visibility
        loaded = load_articles(paths, skip_bad=skip_bad, default_visibility=default)
    say_skipped(loaded.skipped)
    typer.echo("\n".join(loaded.summary.lines()), err=True)
    return loaded


def _take_in(store: ArticleStore, loaded: LoadedArticles, *, rebuild: bool) -> None:
    synced = (store.rebuild if rebuild else store.sync)(loaded.sources, progress=True)
    _say_taken(synced.taken, {a.id: source for source, found in loaded.sources.items() for a in found})
    _say_synced(synced)
    typer.echo(f"vectors of passages: {store.index_type}", err=True)


def _set_thresholds(
    store: ArticleStore, settings: Settings, judgements: Sequence[RelevanceJudgement]
) -> None:
    from models.language.detector import LanguageDetector
    from training.thresholds.article_thresholds import calibrate, describe_thresholds
    from triage.pipeline.factory import open_settings_encoder

    encoder = open_settings_encoder(settings, cached=True)
    detector = LanguageDetector(settings.languages, settings.language_folder, settings.language_detector)
    calibrated = calibrate(store.knowledge_base(), encoder, detector, judgements)
    store.set_thresholds(calibrated.thresholds)
    print(describe_thresholds(calibrated))


@shows_progress("searching")
def search(
    queries: Annotated[Path, typer.Option("--queries", metavar="FILE", help="JSONL: id, text, language?")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="JSONL, one line a query, also .gz")],
    home: Home = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many articles a query.")] = 10,
    languages: Annotated[
        str, typer.Option(help="Only articles in these languages, separated by commas.")
    ] = "",
    settings_file: SettingsFile = None,
) -> None:
    """Search the knowledge base for each query of a file."""
    from training.data.queries import read_queries
    from triage.pipeline.factory import open_engine
    from triage.pipeline.search_responses import search_response

    settings = load_settings(settings_file, home=home)
    found = read_queries(queries)
    engine = open_engine(settings, cached=True)
    hits = _search_all(engine, found, k=k, languages=names(languages))
    threshold = engine.thresholds.portal
    write_lines(
        out, (search_response(q.id, h, threshold).model_dump_json() for q, h in zip(found, hits, strict=True))
    )


def _search_all(
    engine: Engine, queries: Sequence[EvaluationQuery], *, k: int, languages: Sequence[str]
) -> list[list[Hit]]:
    """Return the hits of each query, public or internal; raises as `Engine.search`."""
    from kb_index.search.filters import Filters
    from kb_index.search.query import Query
    from models.text import clean_ticket

    filters = Filters(visibility=frozenset({"public", "internal"}), languages=tuple(languages))
    texts = [clean_ticket("", query.text) for query in queries]
    embeddings = engine.encoder.encode(texts, progress=True)
    return [
        engine.search(
            Query(
                text,
                embedding,
                k=k,
                language=engine.language(query.language, text).code,
                filters=filters,
            )
        )
        for query, text, embedding in zip(queries, texts, embeddings, strict=True)
    ]


def _say_taken(taken: Mapping[str, str], sources: Mapping[str, str]) -> None:
    """Name the articles that another file or folder gave before: one id can only belong to one."""
    for article_id, former in islice(taken.items(), _MOST_NAMED):
        typer.echo(
            f"warning: the article {article_id!r} came from {former} before. {sources[article_id]} has now "
            "replaced it: give each its own id, unless the file was only moved",
            err=True,
        )
    if len(taken) > _MOST_NAMED:
        typer.echo(
            f"warning: {len(taken) - _MOST_NAMED:,} more articles came from elsewhere before", err=True
        )


def _say_synced(synced: Any) -> None:
    print(
        f"{len(synced.added):,} added, {len(synced.changed):,} changed, "
        f"{len(synced.removed):,} removed, {synced.unchanged:,} unchanged"
    )
