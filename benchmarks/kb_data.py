"""The goals for article search, and the questions and articles they are measured on."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb_index.articles.article import Article
from kb_index.articles.loaders import load_articles

Query = dict[str, Any]

ALL = "all"
GNOME, MICROSOFT, LIBREOFFICE = "gnome_help", "ms_alchemy_insights", "libreoffice_guides"
MICROSOFT_LANGUAGES = ("de", "fi", "lv", "nb", "sv", "zh")


@dataclass(frozen=True)
class Direction:
    """Questions of a set in one language (of one `kind`, unless ""), and articles in another, or in `all`."""

    set: str
    asked: str
    articles: str
    kind: str = ""
    max_title_overlap: float | None = None

    @property
    def index(self) -> tuple[str, str]:
        """Key of an index; with articles in all languages, also of the translations it lacks."""
        return (self.articles, self.asked if self.articles == ALL else "")

    def __str__(self) -> str:
        limit = "" if self.max_title_overlap is None else f" overlap < {self.max_title_overlap}"
        return f"{self.set} {self.asked} -> {self.articles} {self.kind}".rstrip() + limit


@dataclass(frozen=True)
class GoalRow:
    """A line of the goals' table: the mean of `figure` over some directions."""

    name: str
    figure: str
    goal: float | None
    directions: tuple[Direction, ...]


def _same(kind: str = "", overlap: float | None = None) -> tuple[Direction, ...]:
    return tuple(Direction(MICROSOFT, code, code, kind, overlap) for code in MICROSOFT_LANGUAGES)


def _to(name: str, *pairs: str, kind: str = "") -> tuple[Direction, ...]:
    return tuple(Direction(name, *pair.split(">"), kind) for pair in pairs)


_FROM_ENGLISH = _to(MICROSOFT, "en>de", "en>fi", "en>lv", "en>nb", "en>zh")
ROWS = (
    GoalRow("Microsoft, same language, title overlap < 0.5", "ndcg@10", 0.70, _same("", 0.5)),
    GoalRow("Microsoft, en → de fi lv nb zh", "hit@1", 0.60, _FROM_ENGLISH),
    GoalRow(
        "Microsoft, lv → fi, zh → fi, lv → de, zh → de",
        "hit@1",
        0.42,
        _to(MICROSOFT, "lv>fi", "zh>fi", "lv>de", "zh>de"),
    ),
    GoalRow(
        "Microsoft, all indexed, own translation withheld",
        "hit@1",
        0.45,
        tuple(Direction(MICROSOFT, code, ALL) for code in MICROSOFT_LANGUAGES),
    ),
    GoalRow("Microsoft, all indexed, asked in en", "hit@1", None, (Direction(MICROSOFT, "en", ALL),)),
    GoalRow("Microsoft, gaps, same language", "auroc", 0.80, _same()),
    GoalRow("Microsoft, gaps, en → de fi lv nb zh", "auroc", None, _FROM_ENGLISH),
    GoalRow("GNOME, en, description", "hit@1", 0.90, _to(GNOME, "en>en", kind="desc")),
    GoalRow("GNOME, fi → en, title", "hit@1", 0.55, _to(GNOME, "fi>en", kind="title")),
    GoalRow("GNOME, lv → en, title", "hit@1", 0.60, _to(GNOME, "lv>en", kind="title")),
    GoalRow("GNOME, de → en, title", "hit@1", 0.80, _to(GNOME, "de>en", kind="title")),
    GoalRow(
        "LibreOffice, keyword, mean of seven languages",
        "ndcg@10",
        0.70,
        tuple(
            Direction(LIBREOFFICE, code, code, "index_keyword")
            for code in ("en", "de", "da", "et", "fi", "sv", "zh")
        ),
    ),
    GoalRow("Samsung e-manual", "ndcg@10", 0.72, _to("samsung_emanual", "en>en")),
    GoalRow(
        "Tilde, lv lt et ru → en",
        "hit@1",
        0.93,
        _to("tilde_xling_questions", "lv>en", "lt>en", "et>en", "ru>en"),
    ),
    GoalRow("HINT3 Curekart", "auroc", 0.90, _to("hint3_curekart", "en>en")),
    GoalRow("HINT3 SOFMattress", "auroc", 0.90, _to("hint3_sofmattress", "en>en")),
)


class Data:
    """One folder of articles and questions with right answers; of the questions, one part."""

    def __init__(self, folder: Path, *, choosing: bool) -> None:
        self.articles = load_articles([folder / "articles.jsonl.gz"]).articles
        self.no_answer = set((folder / "no_answer.txt").read_text().split())
        self.relevant: dict[str, dict[str, int]] = defaultdict(dict)
        for line in (folder / "qrels.tsv").read_text().splitlines()[1:]:
            query, article, relevance = line.split("\t")
            self.relevant[query][article] = int(relevance)
        with gzip.open(folder / "queries.jsonl.gz", "rt", encoding="utf-8") as lines:
            queries: list[Query] = [json.loads(line) for line in lines]
        parted = {"dev", "test"} <= {query["split"] for query in queries}
        self.queries = [
            query
            for query in queries
            if (query["split"] == "dev" if parted else self._for_choosing(query)) == choosing
        ]

    def _for_choosing(self, query: Query) -> bool:
        """Put all questions for one page in one half; where pages are few (bots), each question alone."""
        # A question's number without its language, where translations of it are asked too.
        page = query.get("page") or re.sub(r"-[a-z]{2}$", "", query["id"])
        if page == query["id"] and query["id"].startswith("em"):
            page = min(self.relevant[query["id"]], default=page)
        return hashlib.sha256(page.encode()).digest()[0] % 2 == 0

    def indexed(self, direction: Direction) -> list[Article]:
        """Return what to search: of all languages together, without what answers in the asker's own."""
        if direction.articles != ALL:
            return [article for article in self.articles if article.language == direction.articles]
        asked = [query["id"] for query in self.queries if query["language"] == direction.asked]
        right = {article for query in asked for article in self.relevant[query]}
        return [a for a in self.articles if a.language != direction.asked or a.id not in right]

    def asked(self, direction: Direction, indexed: set[str]) -> list[Query]:
        return [
            query
            for query in self.queries
            if query["language"] == direction.asked
            and (not direction.kind or query["kind"] == direction.kind)
            and (direction.max_title_overlap is None or query["title_overlap"] < direction.max_title_overlap)
            and (query["id"] in self.no_answer or not indexed.isdisjoint(self.relevant[query["id"]]))
        ]
