"""Several fields' models, asked together."""

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from models.classifiers.column_groups import ColumnGroups
from models.classifiers.features import Document
from models.classifiers.fields import Field
from models.classifiers.joint_model import JointModel, TicketFeatures
from models.classifiers.nearest_neighbours import NearestNeighbours
from tests.toy import fit_toy_features
from training.fitting.field_models import fit_field_model

RNG = np.random.default_rng(0)
WORDS = ["printer", "paper", "password", "login", "invoice", "refund", "slow", "broken", "again", "today"]
TEXTS = [" ".join(RNG.choice(WORDS, 6)) for _ in range(60)]
CATEGORY = ["access" if "password" in text else "billing" if "refund" in text else "it" for text in TEXTS]
CHILD = [f"{parent} {int('slow' in text)}" for parent, text in zip(CATEGORY, TEXTS, strict=True)]
TAGS = [tuple(word for word in ("broken", "today") if word in text) for text in TEXTS]
LABELS = {"tags": TAGS, "category": CATEGORY, "child": CHILD}


@pytest.fixture(scope="module")
def toy():
    documents = [Document(text, {"language": "en"}) for text in TEXTS]
    embeddings = RNG.normal(size=(len(TEXTS), 8)).astype(np.float32)
    features, rows = fit_toy_features(documents, embeddings, directions=np.eye(8, dtype=np.float32)[:1])
    fields = [Field("tags", "tags"), Field("category"), Field("child", "child", "category")]
    models = {
        field.name: fit_field_model(field, rows, LABELS[field.name], parents=LABELS.get(field.parent))
        for field in fields
    }
    return (
        models,
        features,
        TicketFeatures(
            rows, NearestNeighbours.build(rows.language_neutral).nearest(rows.language_neutral, 5)
        ),
    )


def predicted(models, features, tickets):
    joint_model = JointModel(models, features)
    scores = joint_model.scores(tickets.matrix, joint_model.lexical_scores(tickets.matrix.text))
    return joint_model.to_predictions(joint_model.probabilities(scores, tickets))


def about(prediction):
    return [prediction.value, pytest.approx(prediction.confidence, abs=1e-6)]


def test_fields_asked_together_say_what_each_says_alone(toy):
    models, features, tickets = toy
    together = predicted(models, features, tickets)
    assert [list(ticket) for ticket in together] == [["tags", "category", "child"]] * len(TEXTS)
    for names in (["tags"], ["category"], ["category", "child"]):
        alone = predicted({name: models[name] for name in names}, features, tickets)
        for ticket, own in zip(together, alone, strict=True):
            assert [about(own[n]) for n in names] == [[ticket[n].value, ticket[n].confidence] for n in names]


def test_a_ticket_asked_alone_gets_what_it_gets_among_others(toy):
    models, features, tickets = toy
    together = predicted(models, features, tickets)
    for i in range(10):
        [alone] = predicted(models, features, tickets.take([i]))
        for name in models:
            assert about(alone[name]) == [together[i][name].value, together[i][name].confidence]


def test_the_probabilities_of_a_field_sum_to_one_and_the_best_comes_first(toy):
    for ticket in predicted(*toy):
        for name in ("category", "child"):
            confidences = list(ticket[name].probabilities.values())
            assert confidences == sorted(confidences, reverse=True)
        assert sum(ticket["category"].probabilities.values()) == pytest.approx(1)


def test_a_child_has_the_probability_of_its_parent(toy):
    models, features, tickets = toy
    joint_model = JointModel(models, features)
    p = joint_model.probabilities(
        joint_model.scores(tickets.matrix, joint_model.lexical_scores(tickets.matrix.text)), tickets
    )
    for parent in models["category"].classes:
        children = [
            joint_model.column_index("child", name) for name in models["child"].classes if parent in name
        ]
        np.testing.assert_allclose(
            p[:, children].sum(axis=1), p[:, joint_model.column_index("category", parent)]
        )


def test_a_ticket_in_a_language_not_learnt_is_read_by_its_meaning_beside_others(toy):
    models, features, tickets = toy
    in_language = np.arange(len(TEXTS)) % 2 == 0
    rows = type(tickets.matrix)(
        *(getattr(tickets.matrix, n) for n in ("text", "embedding", "language_neutral", "second")),
        in_language,
    )
    joint_model = JointModel(models, features)
    words = joint_model.lexical_scores(rows.text)
    mixed, known = joint_model.scores(rows, words), joint_model.scores(tickets.matrix, words)
    np.testing.assert_allclose(mixed.choices[in_language], known.choices[in_language])
    model = models["category"].cross_language
    expected = log_softmax(2 * rows.language_neutral[1] @ model.weights + model.intercepts)
    first = joint_model.column_index("category", "access")
    np.testing.assert_allclose(mixed.choices[1, first : first + 3], expected, atol=1e-5)


def test_nothing_that_could_be_learnt_says_nothing(toy):
    _, features, tickets = toy
    assert predicted({}, features, tickets) == [{}] * len(TEXTS)


def test_the_groups_of_one_matrix_are_what_each_is_alone():
    scores = RNG.normal(size=(4, 6)) * 500
    found = ColumnGroups.from_sizes([1, 3, 2]).softmax(scores)
    expected = np.hstack([softmax(part, axis=1) for part in np.split(scores, [1, 4], axis=1)])
    np.testing.assert_allclose(found, expected, atol=1e-12)
