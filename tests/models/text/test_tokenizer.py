"""Tokens carry the place they came from, in every script."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.text.tokenizer import character_ngrams, character_tokens, word_ngrams, word_spans, word_tokens


@given(st.text(max_size=200))
def test_every_token_lies_within_the_text(text: str) -> None:
    for tokens in (word_tokens(text), character_tokens(text)):
        assert all(tokens.starts >= 0)
        assert all(tokens.starts < tokens.ends)
        assert all(tokens.ends <= len(text))


@given(st.text(max_size=200))
def test_names_agree_with_and_without_places(text: str) -> None:
    assert word_ngrams(text) == word_tokens(text).names
    assert character_ngrams(text) == character_tokens(text).names


@given(st.text(alphabet="abc de ÄÖ 密码", max_size=60))
def test_a_short_ngram_is_what_stands_at_its_place(text: str) -> None:
    tokens = character_tokens(text)
    for name, start, end in zip(tokens.names, tokens.starts, tokens.ends, strict=True):
        assert name.strip() == text[start:end].lower()


def test_words_and_their_pairs_stand_at_their_places() -> None:
    tokens = word_tokens("Reset my VPN")
    spans = zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)
    assert dict(zip(tokens.names, spans, strict=True)) == {
        "reset": (0, 5),
        "my": (6, 8),
        "reset my": (0, 8),
        "vpn": (9, 12),
        "my vpn": (6, 12),
    }


def test_chinese_is_read_by_characters_and_their_pairs() -> None:
    assert word_ngrams("重置密码") == ["重", "置", "重 置", "密", "置 密", "码", "密 码"]
    assert word_spans("重置密码坏") == [(0, 2), (2, 4), (4, 5)]


def test_word_edges_differ_from_word_insides() -> None:
    assert " re" in character_ngrams("reset")
    assert " re" not in character_ngrams("bare")


def test_a_held_down_key_does_not_flood_the_features() -> None:
    assert len(character_ngrams("x" * 100_000)) < 300
