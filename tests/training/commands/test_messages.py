"""Messages of commands count one thing as one."""

from __future__ import annotations

import pytest

from models.classifiers.fields import Field
from models.errors import TrainingError
from models.language.detector import LanguageDetector
from tests.toy import WordHashEncoder, topic_tickets
from training.commands.files import say_skipped
from training.fitting.train import train


def test_one_ticket_and_one_line_are_not_called_tickets_and_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(TrainingError, match="found 1 ticket, expected at least"):
        train(topic_tickets(1), WordHashEncoder(), LanguageDetector(["en"]), fields=[Field("category")])
    say_skipped(["line 1: bad"])
    assert "skipped 1 line in all" in capsys.readouterr().err
