"""Reasons: which words carried a prediction."""

import numpy as np
import pytest

from models.classifiers.explanation import Explainer
from models.classifiers.features import Document
from models.classifiers.fields import Field
from models.classifiers.joint_model import JointModel
from tests.toy import fit_toy_features
from training.fitting.field_models import fit_field_model

TEXTS = {
    "printing": [
        "the printer is broken",
        "printer out of paper",
        "the printer prints blank pages",
        "打印机坏了",
    ],
    "access": ["reset my password", "the password expired", "locked out, wrong password", "忘记密码了"],
}


@pytest.fixture(scope="module")
def learnt():
    documents = [Document(text) for texts in TEXTS.values() for text in texts]
    labels = [label for label, texts in TEXTS.items() for _ in texts]
    embeddings = np.zeros((len(documents), 4), np.float32)
    features, matrix = fit_toy_features(documents, embeddings)
    model = fit_field_model(Field("category", "choice"), matrix, labels)
    return features, JointModel({"category": model}, features)


def phrases(learnt, text, value):
    features, joint_model = learnt
    [found] = Explainer(text, features.locate(text), joint_model).explain(
        [joint_model.column_index("category", value)]
    )
    return found


@pytest.mark.parametrize(
    ("text", "value", "word"),
    [("Hello, my Printer hums", "printing", "Printer"), ("我的密码", "access", "密码")],
)
def test_the_word_that_decides_comes_first_with_its_place(learnt, text, value, word):
    first = phrases(learnt, text, value)[0]
    assert (first.text, text[first.start : first.end]) == (word, word)
    assert first.weight > 0


def test_a_word_of_another_value_counts_against(learnt):
    found = {p.text: p.weight for p in phrases(learnt, "printer password", "access")}
    assert found["printer"] < 0 < found["password"]


def test_repetitions_are_added_up_under_the_first_place(learnt):
    found = phrases(learnt, "password, PASSWORD and password", "access")
    assert [(p.start, p.end) for p in found if p.text.lower() == "password"] == [(0, 8)]


@pytest.mark.parametrize("text", ["", "my Printer's password: 我的密码了 (expired)"])
def test_what_is_prepared_while_a_ticket_is_encoded_gives_the_same_reasons(learnt, text):
    features, joint_model = learnt
    now, later = (Explainer(text, features.locate(text), joint_model) for _ in range(2))
    now.prepare()
    assert now.explain([0, 1]) == later.explain([0, 1])


@pytest.mark.parametrize("text", ["", "qqq zzz", "🙂🙂"])
def test_a_text_without_a_known_word_has_no_reasons(learnt, text):
    assert phrases(learnt, text, "access") == []
