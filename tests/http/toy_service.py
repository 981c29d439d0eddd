"""The service with an encoder that needs no model, and no bundle: enough for everything about articles."""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient

from kb_index.store import ArticleStore
from models.errors import NotReadyError
from models.language import LanguageDetector
from tests.toy import WordHashEncoder
from triage.engine import Engine
from triage.settings import Settings
from triage.web.app import create_app
from triage.web.service import Loaded, Service


def toy_service(home: Path) -> Service:
    """A service over an empty home whose engine is there at once."""
    settings = Settings(home=home)
    service = Service(settings)
    encoder = WordHashEncoder()
    engine = Engine(
        encoder,
        LanguageDetector(("en", "de")),
        NotReadyError("nothing was trained"),
        ArticleStore(settings.kb_folder, encoder, compacts=False),
    )
    service._loaded = Loaded(engine, None)
    return service


def toy_client(home: Path) -> FlaskClient:
    """A client of such a service, whose errors are answered as in production."""
    service = toy_service(home)
    app = create_app(service.settings, service)
    app.testing = False
    return app.test_client()
