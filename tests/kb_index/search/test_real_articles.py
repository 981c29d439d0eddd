"""Articles are found by their meaning and across languages, with the built-in encoder."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb_index.articles.article import Article
from kb_index.search.knowledge_base import Hit, KnowledgeBase
from kb_index.search.query import Query
from kb_index.search.scoring import AGENT_THRESHOLD, PORTAL_THRESHOLD
from kb_index.storage.article_store import ArticleStore
from models.encoder import Encoder

ARTICLES = [
    Article(
        "vpn-en",
        "Connect to the company network from home",
        "Start the VPN client, choose the nearest site and press Connect.\n## It drops all the time\n"
        "Update the client, then restart your router.",
        "en",
    ),
    Article(
        "vpn-de",
        "Von zu Hause mit dem Firmennetz verbinden",
        "Starten Sie den VPN-Client, wählen Sie den nächsten Standort und drücken Sie auf Verbinden.",
        "de",
        translation_of="vpn-en",
    ),
    Article(
        "printer",
        "The printer prints blank pages",
        "The toner is empty or its seal is still on. Open the front cover and replace the cartridge.",
        "en",
    ),
    Article(
        "password",
        "I forgot my password",
        "Choose Forgot password on the sign-in page. We send you a link that is valid for one hour.",
        "en",
    ),
    Article(
        "leave",
        "Apply for parental leave",
        "Fill in the form at least seven weeks before the leave begins and hand it to the HR team.",
        "en",
    ),
    Article(
        "expenses",
        "Reisekosten abrechnen",
        "Laden Sie die Belege hoch. Die Erstattung kommt mit dem nächsten Gehalt.",
        "de",
    ),
    Article(
        "invoice",
        "Laskun maksaminen erissä",
        "Voit jakaa laskun neljään osaan asiakasportaalissa ennen eräpäivää.",
        "fi",
    ),
    Article(
        "server-room",
        "Code of the server room",
        "The code for the door of the server room changes every Monday; ask the duty engineer.",
        "en",
        visibility="internal",
    ),
]

QUESTIONS = [
    ("en", "my sheets come out of the machine without any ink on them", "printer"),
    ("en", "can't remember my login secret", "password"),
    ("en", "having a baby soon, how do I take time off?", "leave"),
    ("en", "how are travel costs paid back?", "expenses"),
    ("de", "Ich habe mein Kennwort vergessen", "password"),
    ("de", "Die Verbindung ins Büro bricht im Homeoffice dauernd ab", "vpn-de"),
    ("fi", "Tulostin tulostaa tyhjiä sivuja", "printer"),
    ("fi", "Unohdin salasanani", "password"),
    ("lv", "Printeris drukā tukšas lapas", "printer"),
    ("nb", "Hvordan søker jeg om foreldrepermisjon?", "leave"),
    ("sv", "Kan jag betala fakturan i delar?", "invoice"),
    ("zh", "我忘记了密码", "password"),
    ("zh", "打印机打印空白页", "printer"),
    ("ja", "自宅から会社のネットワークに接続する", "vpn-en"),
]


@pytest.fixture(scope="module")
def kb(built_in: Encoder) -> KnowledgeBase:
    return KnowledgeBase.build(ARTICLES, built_in)


def ask(kb: KnowledgeBase, encoder: Encoder, text: str, language: str) -> list[Hit]:
    return kb.search(Query(text, encoder.encode([text])[0], language=language))


@pytest.mark.parametrize(("language", "text", "wanted"), QUESTIONS)
def test_the_right_article_comes_first_in_any_language(
    kb: KnowledgeBase, built_in: Encoder, language: str, text: str, wanted: str
) -> None:
    hits = ask(kb, built_in, text, language)
    assert hits[0].article.id == wanted
    assert hits[0].foreign == (hits[0].article.language != language)
    assert "server-room" not in [hit.article.id for hit in hits]


def test_most_right_answers_reach_an_agent_and_some_a_customer(kb: KnowledgeBase, built_in: Encoder) -> None:
    confidences = [ask(kb, built_in, text, language)[0].confidence for language, text, _ in QUESTIONS]
    assert sum(confidence >= AGENT_THRESHOLD for confidence in confidences) >= 12
    assert sum(confidence >= PORTAL_THRESHOLD for confidence in confidences) >= 5


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "What is the weather on Mars?"),
        ("en", "hello"),
        ("en", "asdf jkl qwer"),
        ("de", "Wann fährt der nächste Zug nach Berlin?"),
        ("fi", "Mistä saan uuden passin?"),
        ("zh", "今天晚上吃什么"),
    ],
)
def test_a_portal_shows_nothing_where_nothing_answers(
    kb: KnowledgeBase, built_in: Encoder, language: str, text: str
) -> None:
    assert ask(kb, built_in, text, language)[0].confidence < PORTAL_THRESHOLD


def test_a_stored_index_answers_the_same(kb: KnowledgeBase, built_in: Encoder, tmp_path: Path) -> None:
    store = ArticleStore(tmp_path / "kb", built_in)
    store.put(ARTICLES)
    stored = ArticleStore(tmp_path / "kb", built_in).knowledge_base()
    for language, text, _ in QUESTIONS[:4]:
        assert ask(stored, built_in, text, language) == ask(kb, built_in, text, language)
