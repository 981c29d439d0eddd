"""A small knowledge base and an encoder that needs no model."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb_index.articles.article import Article
from kb_index.search.filters import Filters
from kb_index.search.knowledge_base import Hit, KnowledgeBase
from kb_index.search.query import Query
from models.encoder import TextKind

EVERYONE = frozenset({"public"})
AGENTS = frozenset({"public", "internal"})
DIM = 64
FILTERS = [field.name for field in fields(Filters)]


@lru_cache(maxsize=100_000)
def _direction(word: str) -> NDArray[np.float32]:
    seed = int.from_bytes(hashlib.sha256(word.encode("utf-8", "replace")).digest()[:4], "big")
    return np.random.default_rng(seed).normal(size=DIM).astype(np.float32)


@lru_cache(maxsize=100_000)
def embedding(text: str, dim: int = DIM) -> NDArray[np.float32]:
    total = _direction("any text")[:dim] * 2
    for word in re.findall(r"\w+", text.casefold()):
        total = total + _direction(word)[:dim]
    return total / np.linalg.norm(total)


class WordEncoder:
    """Embeds a text as the sum of its words' fixed directions: texts that share words lie close together."""

    name = "words/64"
    dim = DIM

    def encode(
        self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        return np.array([embedding(text) for text in texts], np.float32).reshape(len(texts), DIM)


ENCODER = WordEncoder()

ARTICLES = (
    Article(
        "vpn-en",
        "Connect to the VPN",
        "Open the VPN client and press Connect. A green lock means that the tunnel is up.\n"
        "## The VPN drops\nInstall the newest client. Ask the network team to reset your profile.",
        "en",
    ),
    Article(
        "vpn-de",
        "Mit dem VPN verbinden",
        "Öffnen Sie den VPN-Client und drücken Sie auf Verbinden. Ein grünes Schloss zeigt den Tunnel.",
        "de",
        translation_of="vpn-en",
    ),
    Article(
        "vpn-fi",
        "VPN-yhteyden avaaminen",
        "Avaa VPN-asiakasohjelma ja valitse Yhdistä. Vihreä lukko kertoo, että tunneli on auki.",
        "fi",
        translation_of="vpn-en",
    ),
    Article(
        "printer",
        "The printer does not print",
        "Check that the printer has paper and toner. Remove the paper jam behind the rear cover.",
        "en",
        labels=("hardware", "office"),
    ),
    Article(
        "password",
        "Reset your password",
        "Choose Forgot password on the sign-in page. A link comes by e-mail and is valid for one hour.",
        "en",
        labels=("accounts",),
    ),
    Article(
        "admin-password",
        "Reset the administrator password of the payroll server",
        "The recovery code for the payroll server lies in the safe of the finance department.",
        "en",
        visibility="internal",
        labels=("accounts",),
    ),
    Article(
        "reply-refund",
        "Refund granted",
        "We have refunded your money. It reaches your bank within five days.",
        "en",
        visibility="internal",
        collection="reply",
    ),
    Article("mima-zh", "重置密码", "请打开登录页面,选择忘记密码。系统会发送重置链接到您的邮箱。", "zh"),
)


def build(articles: Iterable[Article] = ARTICLES) -> KnowledgeBase:
    return KnowledgeBase.build(list(articles), ENCODER)


def ask(kb: KnowledgeBase, text: str, **more: Any) -> list[Hit]:
    """Search as a customer would, unless `more` says otherwise: filters, and other values of a `Query`."""
    filters = Filters(**{name: more.pop(name) for name in FILTERS if name in more})
    return kb.search(Query(text, ENCODER.encode([text])[0], filters=filters, **more))


def ids(hits: Iterable[Hit]) -> list[str]:
    return [hit.article.id for hit in hits]
