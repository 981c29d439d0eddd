"""A classifier of one's own: tried, taken where it pays, certified as usual, served without its code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import clone

from kb_index.storage.article_store import ArticleStore
from models.bundle import Bundle
from models.classifiers.features import FeatureMatrix
from models.classifiers.fields import Field
from models.classifiers.linear_model import Hyperparameters, LinearModel
from models.classifiers.onnx_classifier import OnnxClassifier
from models.errors import FolderError, MismatchError, SettingsError, TrainingError
from models.language.detector import LanguageDetector
from models.storage.state import read_state, write_state
from tests.toy import WordHashEncoder, topic_tickets
from training.estimators.user_estimator import fit_user_estimator, load_estimator
from training.fitting.train import TrainingResult, train
from triage.pipeline.engine import Engine
from triage.pipeline.part import Part
from triage.settings.fields import FieldSettings
from triage.ticket import Ticket

MODULE = """
from sklearn.naive_bayes import GaussianNB
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def curved():
    svc = SVC(C=10, kernel="poly", degree=2, coef0=1, probability=True, random_state=0)
    return make_pipeline(StandardScaler(), svc)


class Stiff(LogisticRegression):
    def __init__(self, C=1.0):
        super().__init__(C=C)


def broken():
    raise RuntimeError("no licence")


class Plain:
    def fit(self, X, y):
        return self

    def predict_proba(self, X):
        return None


class Unsure(GaussianNB):
    def fit(self, X, y):
        super().fit(X, y)
        self.theta_[:] = float("nan")
        return self
"""
CURVED, STIFF = "own_estimators:curved", "own_estimators:Stiff"
PLAIN = Hyperparameters(embedding_weight=1, C=1)


@pytest.fixture(autouse=True)
def own_estimators(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_estimators.py").write_text(MODULE, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "own_estimators", raising=False)


def either_word_tickets(count: int, seed: int = 0) -> list[Ticket]:
    """Return tickets that are "one" if one of two words is there, and "even" if both are or none is."""
    rng = np.random.default_rng(seed)
    fillers = [f"w{first}{second}" for first in "klmnpr" for second in "klmnpr"]
    tickets = []
    for number in range(count):
        there = [word for word in ("alpha", "omega") if rng.random() < 0.5]
        words = [*rng.choice(fillers, 2), *there]
        rng.shuffle(words)
        label = "one" if len(there) == 1 else "even"
        tickets.append(
            Ticket(f"t{seed}-{number}", "", " ".join(words), language="en", labels={"kind": label})
        )
    return tickets


def trained(tickets: list[Ticket], *fields: Field) -> TrainingResult:
    return train(tickets, WordHashEncoder(), LanguageDetector(["en"]), fields=fields)


def engine(bundle: Bundle) -> Engine:
    no_articles: Part[ArticleStore] = Part(None, MismatchError("none"))
    return Engine(WordHashEncoder(), LanguageDetector(["en"]), Part(bundle), no_articles)


@pytest.fixture(scope="module")
def features() -> tuple[FeatureMatrix, NDArray[np.intp]]:
    rng = np.random.default_rng(0)
    dense = rng.normal(size=(200, 8)).astype(np.float32)
    text = sparse.random(200, 40, density=0.1, format="csr", dtype=np.float32, random_state=0)
    matrix = FeatureMatrix(text, dense, dense, np.empty((200, 0), np.float32), np.ones(200, bool))
    return matrix, dense[:, :3].argmax(axis=1)


def test_one_that_pays_is_calibrated_certified_and_served_without_its_code(tmp_path: Path) -> None:
    tickets, later = either_word_tickets(600), either_word_tickets(100, seed=1)
    usual = trained(tickets, Field("kind"))
    own = trained(tickets, Field("kind", estimator=CURVED))
    assert own.warnings == usual.warnings
    model = own.bundle.models["kind"]
    assert isinstance(model.classifier, OnnxClassifier)
    assert model.hyperparameters.estimator == CURVED
    before, after = usual.reports[0].metrics, own.reports[0].metrics
    assert before is not None
    assert after is not None
    assert before.accuracy < 0.9 < after.accuracy
    assert after.calibration_error < 0.1
    assert own.bundle.thresholds["kind"].apply is not None
    assert after.applied_error == pytest.approx(0, abs=0.05)

    own.bundle.save(tmp_path / "bundle")
    expected = [result.fields["kind"].prediction for result in engine(own.bundle).predict(later)]
    assert np.mean([p.value == t.labels["kind"] for p, t in zip(expected, later, strict=True)]) > 0.9
    (tmp_path / "own_estimators.py").unlink()
    texts = [ticket.text() for ticket in later]
    np.save(tmp_path / "embeddings.npy", WordHashEncoder().encode(texts))
    script = (
        "import sys; from pathlib import Path; import numpy as np; from models.bundle import Bundle\n"
        "from models.classifiers.features import Document\n"
        f"documents = [Document(text, {{'language': 'en'}}) for text in {texts!r}]\n"
        f"bundle = Bundle.load(Path({str(tmp_path / 'bundle')!r}), encoder_name='word-hash')\n"
        f"embeddings = np.load({str(tmp_path / 'embeddings.npy')!r})\n"
        "found = bundle.predict(bundle.encode(documents), embeddings)\n"
        "assert not {'sklearn', 'skl2onnx', 'onnx'} & set(sys.modules)\n"
        "print(*(prediction.fields['kind'].confidence for prediction in found))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    served = [float(confidence) for confidence in ran.stdout.split()]
    np.testing.assert_allclose(served, [p.confidence for p in expected], atol=1e-6)


def test_one_that_does_not_pay_is_refused_with_the_figures() -> None:
    tickets = topic_tickets(160)
    usual = trained(tickets, Field("category"))
    own = trained(tickets, Field("category", estimator="sklearn.tree:DecisionTreeClassifier"))
    [told] = [w for w in own.warnings if w not in usual.warnings]
    assert (
        "category: the estimator sklearn.tree:DecisionTreeClassifier is not used: its log-loss over" in told
    )
    assert "expected at least 2% less" in told
    later = topic_tickets(20, seed=3)
    first, second = ([r.fields for r in engine(found.bundle).predict(later)] for found in (usual, own))
    assert first == second


def test_one_is_not_tried_on_a_handful_of_tickets() -> None:
    own = trained(topic_tickets(60), Field("category", estimator=STIFF))
    assert any("labelled tickets are too few to compare" in warning for warning in own.warnings)


@pytest.mark.parametrize("classes", [2, 3])
def test_a_linear_one_is_stored_as_arrays(
    features: tuple[FeatureMatrix, NDArray[np.intp]], classes: int
) -> None:
    matrix, y = features[0], features[1] % classes
    found = fit_user_estimator("sklearn.linear_model:LogisticRegression", matrix, y, PLAIN)
    assert isinstance(found, LinearModel)
    assert found.weights.shape == (48, classes)
    theirs = clone(load_estimator("sklearn.linear_model:LogisticRegression")).fit(matrix.rows(PLAIN), y)
    scores = found.scores(matrix.text, matrix.dense(PLAIN))
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(p, theirs.predict_proba(matrix.rows(PLAIN)), atol=1e-5)


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize(
    ("spec", "reads_text"),
    [
        ("sklearn.ensemble:RandomForestClassifier", True),
        ("sklearn.naive_bayes:GaussianNB", False),
        (CURVED, False),
    ],
)
def test_another_one_is_stored_as_a_graph_that_gives_its_probabilities(
    features: tuple[FeatureMatrix, NDArray[np.intp]], spec: str, reads_text: bool
) -> None:
    matrix, y = features
    found = fit_user_estimator(spec, matrix, y, PLAIN)
    assert isinstance(found, OnnxClassifier)
    assert found.reads_text == reads_text
    rows = matrix.rows(PLAIN) if reads_text else matrix.dense(PLAIN)
    expected = load_estimator(spec).fit(rows, y).predict_proba(rows)
    np.testing.assert_allclose(np.exp(found.scores(matrix, PLAIN)), np.maximum(expected, 1e-7), atol=1e-4)


def test_one_that_cannot_be_stored_without_its_code_is_refused_with_the_reason(
    features: tuple[FeatureMatrix, NDArray[np.intp]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TrainingError, match="cannot be stored as ONNX"):
        fit_user_estimator("sklearn.semi_supervised:LabelPropagation", *features, PLAIN)
    monkeypatch.setitem(sys.modules, "skl2onnx", None)
    with pytest.raises(TrainingError, match=r"pip install 'triage\[onnx-export\]'"):
        fit_user_estimator(CURVED, *features, PLAIN)


def test_one_that_gives_no_probabilities_is_refused(
    features: tuple[FeatureMatrix, NDArray[np.intp]],
) -> None:
    with pytest.raises(TrainingError, match="not finite"):
        fit_user_estimator("own_estimators:Unsure", *features, PLAIN)


def test_a_damaged_graph_or_one_of_other_tickets_is_refused(
    features: tuple[FeatureMatrix, NDArray[np.intp]], tmp_path: Path
) -> None:
    found = fit_user_estimator("sklearn.naive_bayes:GaussianNB", *features, PLAIN)
    write_state(tmp_path, found.state())
    OnnxClassifier.from_state(read_state(tmp_path), width=40, dim=8, outputs=3)
    for sizes in ({"dim": 9, "outputs": 3}, {"dim": 8, "outputs": 4}):
        with pytest.raises(FolderError, match="triage train"):
            OnnxClassifier.from_state(read_state(tmp_path), width=40, **sizes)
    write_state(tmp_path, {**found.state(), "graph": np.zeros(9, np.uint8)})
    with pytest.raises(FolderError, match="does not run"):
        OnnxClassifier.from_state(read_state(tmp_path), width=40, dim=8, outputs=3)


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("nowhere:Thing", "No module named 'nowhere'"),
        ("sklearn.svm:Nothing", "has no attribute 'Nothing'"),
        ("own_estimators:broken", "no licence"),
        ("own_estimators:Plain", "derive it from ClassifierMixin and BaseEstimator"),
        ("sklearn.svm:SVR", "no scikit-learn classifier with predict_proba"),
        ("sklearn.svm:LinearSVC", "wrap it in CalibratedClassifierCV"),
    ],
)
def test_what_is_no_classifier_is_named_before_anything_is_trained(spec: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        trained(topic_tickets(160), Field("category", estimator=spec))


def test_settings_take_an_estimator_for_fields_of_one_value_only() -> None:
    assert FieldSettings(estimator=STIFF).spec("category").estimator == STIFF
    with pytest.raises(ValueError, match="fields with one value"):
        FieldSettings(kind="tags", estimator=STIFF)
    with pytest.raises(ValueError, match="pattern"):
        FieldSettings(estimator="no colon")
