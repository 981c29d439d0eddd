"""JSON files are read as they were written, wherever the pieces end in which they are read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.storage import json_window
from models.storage.json_stream import iter_json
from models.storage.text_file import open_text

ENTRIES = [
    {"id": 1, "score": 1500.25, "share": -7e-20, "large": 2.5e30, "none": None},
    {"id": 20, "text": 'Tür \u2028 \\u0041 "x" }', "nested": [{"a": [1.5, True, -0.5]}, {}]},
    {"id": -300},
]


@pytest.mark.parametrize("piece_chars", range(1, 40))
def test_every_value_is_read_whole_wherever_a_piece_ends(
    piece_chars: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_window, "_PIECE_CHARS", piece_chars)
    path = tmp_path / "a.json"
    for layout in (
        json.dumps(ENTRIES),
        json.dumps({"count": 3.5, "tickets": ENTRIES, "next": None}, indent=1),
        "".join(json.dumps(entry, indent=2) for entry in ENTRIES),
        "\n".join(map(json.dumps, ENTRIES)),
    ):
        path.write_text(layout, "utf-8")
        items = list(iter_json(open_text(path, "a list"), ["tickets"]))
        assert [(item.value, item.problem) for item in items] == [(entry, "") for entry in ENTRIES]
