"""Reading summary: what was read of files of articles, what was left out, and what was not understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from kb_index.articles.access.reading import Access
from kb_index.articles.article import Article
from models.wording import counted

_MOST_NAMED = 5


@dataclass(slots=True)
class ReadingSummary:
    """Counts of the articles that were read, and of what their records said beside the text.

    `languages`, `visibility` and `collections` count the articles. `withheld` counts those that are not
    published, by reason, `internal_by` those that a key makes internal. `not_understood` has a value and a
    place of each key that seems to restrict access with a value that is none of the known ones, and
    `not_understood_counts` its articles. `notes` counts the records that something else was noticed of.
    """

    languages: Counter[str] = field(default_factory=Counter)
    visibility: Counter[str] = field(default_factory=Counter)
    collections: Counter[str] = field(default_factory=Counter)
    withheld: Counter[str] = field(default_factory=Counter)
    withheld_example: str = ""
    internal_by: Counter[str] = field(default_factory=Counter)
    not_understood: dict[str, str] = field(default_factory=dict)
    not_understood_counts: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)

    @property
    def articles(self) -> int:
        return self.visibility.total()

    def add(self, article: Article, access: Access, place: str) -> None:
        """Count an article that was read."""
        self.languages[article.language] += 1
        self.visibility[article.visibility] += 1
        self.collections[article.collection] += 1
        if access.not_understood:
            for key, value in access.not_understood.items():
                self.not_understood.setdefault(key, f"{value!r} in {place}")
                self.not_understood_counts[key] += 1
        elif access.internal_by:
            self.internal_by[access.internal_by] += 1

    def leave_out(self, reason: str, place: str) -> None:
        """Count an article that is not published."""
        self.withheld[reason] += 1
        self.withheld_example = self.withheld_example or place

    def lines(self) -> list[str]:
        """Return the summary as lines of text.

        >>> summary = ReadingSummary()
        >>> summary.add(Article("a", "Title", "Text", "en"), Access(), "a.md")
        >>> summary.leave_out("draft", "b.md")
        >>> for line in summary.lines(): print(line)
        read 1 article: 1 en; 1 public
        left out 1 that is not published (1 draft), such as b.md
        """
        kinds = self.collections if set(self.collections) - {"article"} else Counter[str]()
        listed = "; ".join(filter(None, map(_listed, (self.languages, self.visibility, kinds))))
        found = [f"read {counted(self.articles, 'article')}{': ' if listed else ''}{listed}"]
        if self.withheld:
            are = "that is" if self.withheld.total() == 1 else "that are"
            found.append(
                f"left out {self.withheld.total():,} {are} not published ({_listed(self.withheld)}), such as "
                f"{self.withheld_example}"
            )
        if self.internal_by:
            found.append(f"internal by what the articles say: {_listed(self.internal_by)}")
        for key, example in self.not_understood.items():
            them = counted(self.not_understood_counts[key], "article")
            found.append(
                f"warning: {key} seems to restrict who may read {them}, but is {example}, which is not "
                f"understood: made internal. Write visibility: public or internal instead of {key}."
            )
        return found + [f"{note} ({count:,})" for note, count in self.notes.items()]


def _listed(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    named = [f"{count:,} {name}" for name, count in ordered[:_MOST_NAMED]]
    rest = sum(count for _, count in ordered[_MOST_NAMED:])
    return ", ".join([*named, f"{rest:,} others"] if rest else named)
