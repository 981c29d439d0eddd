"""What serves reads the estimators' arrays without scikit-learn, and gives their probabilities."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from models.bundle import Bundle
from models.classifiers.fields import Field
from models.classifiers.linear_model import Hyperparameters
from models.classifiers.past_tickets import PastTickets
from models.classifiers.thresholds import Thresholds
from models.language.detector import LanguageDetector
from tests.toy import WordHashEncoder, topic_tickets
from training.data.ticket_table import TicketTable, encode_tickets, value_descriptions
from training.data.token_counts import CountedCorpus
from training.estimators.calibration import PlattScaling, TemperatureScaling
from training.estimators.logistic_regression import LogisticRegression
from training.estimators.novelty import NoveltyEstimator
from training.fitting.cross_validation import FoldResult
from training.fitting.field_models import calibrate
from training.fitting.fitted_models import FitPlan, FittedModels, TrainingSet

FIELDS = [Field("category"), Field("tags", "tags")]
CHOSEN = Hyperparameters()
SERVE = """
import sys
from pathlib import Path
import numpy as np
from models.bundle import Bundle
from models.classifiers.features import Document
from models.classifiers.joint_model import TicketFeatures
from models.classifiers.novelty import NoveltyScores

folder = Path(sys.argv[1])
bundle, given = Bundle.load(folder / "bundle", encoder_name="word-hash"), np.load(folder / "given.npz")
documents = [Document(text, {"language": "en"}) for text in given["texts"].tolist()]
batch = bundle.encode(documents)
matrix = bundle.features.transform(documents, given["embeddings"], batch.second, batch.text)
features = TicketFeatures(matrix, bundle.neighbours.nearest(matrix.language_neutral))
scores = bundle.joint_model.scores(matrix, batch.lexical_scores)
found = NoveltyScores.from_scores(scores.sums, features.neighbours)
np.savez(
    folder / "served.npz",
    category=np.exp(scores.choices),
    tags=scores.tags,
    votes=bundle.joint_model.with_neighbour_votes(scores, features),
    probabilities=bundle.joint_model.probabilities(scores, features),
    novelty_scores=found.columns(),
    is_novel=[novelty.is_novel for novelty in bundle.novelty.predict(found)],
)
assert "sklearn" not in sys.modules
"""


@pytest.fixture(scope="module")
def tables() -> tuple[TicketTable, TicketTable, CountedCorpus]:
    train, new = (
        encode_tickets(tickets, WordHashEncoder(), LanguageDetector(["en"]), progress=False)
        for tickets in (topic_tickets(150), topic_tickets(60, seed=7))
    )
    return train, new, CountedCorpus(d.text for d in [*train.documents, *new.documents])


def test_probabilities_are_those_of_the_estimators(
    tables: tuple[TicketTable, TicketTable, CountedCorpus], tmp_path: Path
) -> None:
    train, new, corpus = tables
    plan = FitPlan(
        FIELDS, value_descriptions(FIELDS, WordHashEncoder()), np.eye(48, dtype=np.float32)[:2], corpus
    )
    training_set = TrainingSet(train, plan)
    fitted = FittedModels(training_set, FIELDS, {}, SimpleNamespace(update=lambda: None))
    result = FoldResult(fitted, new)
    for name, model in fitted.models.items():
        scores = result.calibration_scores(name)
        assert scores is not None
        calibrate(model, [scores])
    novelty = NoveltyEstimator().fit(result.novelty_scores().columns())
    bundle = Bundle(
        encoder_name="word-hash",
        features=fitted.features,
        models=fitted.models,
        neighbours=fitted.neighbours,
        novelty=novelty.detector_,
        past_tickets=PastTickets.of([t.id for t in train.tickets], [t.labels for t in train.tickets]),
        thresholds={name: Thresholds(None, None, "no matter") for name in fitted.models},
    )
    bundle.save(tmp_path / "bundle")
    np.savez(tmp_path / "given.npz", texts=[d.text for d in new.documents], embeddings=new.embeddings)
    subprocess.run([sys.executable, "-c", SERVE, str(tmp_path)], check=True)
    served = np.load(tmp_path / "served.npz")

    rows, unseen = training_set.rows.rows(CHOSEN), training_set.transform(new).rows(CHOSEN)
    category, tags = (
        LogisticRegression(CHOSEN.C).fit(rows, [str(t.labels["category"]) for t in train.tickets]),
        LogisticRegression(CHOSEN.C, multilabel=True).fit(rows, indicators(train)),
    )
    np.testing.assert_allclose(served["category"], category.predict_proba(unseen), atol=1e-6)
    assert list(category.classes_) == fitted.models["category"].classes

    truth = np.searchsorted(category.classes_, [str(t.labels["category"]) for t in new.tickets])
    temperature = TemperatureScaling(best_only=True).fit(served["votes"], truth)
    expected = temperature.predict_proba(served["votes"])
    np.testing.assert_allclose(served["probabilities"][:, :3], expected, atol=1e-6)

    tag_scores = tags.decision_function(unseen)
    np.testing.assert_allclose(served["tags"], tag_scores, atol=1e-5)
    sigmoid = PlattScaling().fit(served["tags"].ravel(), indicators(new).ravel())
    expected = sigmoid.predict_proba(served["tags"].ravel())[:, 1].reshape(len(new.tickets), -1)
    np.testing.assert_allclose(served["probabilities"][:, 3:], expected, atol=1e-6)

    np.testing.assert_array_equal(served["is_novel"], novelty.predict(served["novelty_scores"]) == -1)
    assert 0 < served["is_novel"].sum() < len(new.tickets)


def indicators(table: TicketTable) -> NDArray[np.bool_]:
    tags = [ticket.labels["tags"] for ticket in table.tickets]
    return np.array([["money" in given, "winter" in given] for given in tags])
