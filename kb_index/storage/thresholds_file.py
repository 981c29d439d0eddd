"""Thresholds file: the confidences at or above which an index's articles are shown."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from pathlib import Path

from kb_index.search.scoring import DisplayThresholds
from models.storage.artifact import new_text_file

_NAME, _KEY = "bars.json", "bars"
_log = logging.getLogger(__name__)


class ThresholdsFile:
    """The thresholds that were last set with one encoder."""

    def __init__(self, folder: Path, encoder_name: str) -> None:
        self._path = folder / _NAME
        self._encoder_name = encoder_name
        self._told = ""

    def read(self) -> DisplayThresholds:
        """Return the thresholds, the defaults where none are known for this encoder."""
        try:
            stored = json.loads(self._path.read_text("utf-8"))
            return (
                DisplayThresholds(**stored[_KEY])
                if stored["encoder"] == self._encoder_name
                else DisplayThresholds()
            )
        except FileNotFoundError:
            return DisplayThresholds()
        except (ValueError, KeyError, TypeError) as error:
            if str(error) != self._told:
                self._told = str(error)
                _log.error(
                    "%s holds no thresholds (%s), so the usual ones hold: run `triage index --judged FILE`",
                    self._path,
                    error,
                )
            return DisplayThresholds()

    def write(self, thresholds: DisplayThresholds) -> None:
        """Store thresholds; call it with the lock of the snapshots held.

        Raises:
            StorageError: the disk is full or cannot be written; the thresholds are as before.
        """
        with new_text_file(self._path) as stream:
            json.dump({"encoder": self._encoder_name, _KEY: asdict(thresholds)}, stream)
