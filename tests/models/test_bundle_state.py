"""A stored bundle is data: reading it runs nothing, and what does not fit is refused before it is used."""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.bundle import FORMAT_VERSION, KIND, Bundle, Prediction
from models.classifiers.features import Document
from models.classifiers.fields import Field
from models.errors import FolderError
from models.language.detector import LanguageDetector
from models.storage.artifact import MANIFEST, Manifest, file_sha256
from models.storage.state import STATE
from tests.toy import WordHashEncoder, topic_tickets
from training.fitting.train import train

FIELDS = [
    Field("category"),
    Field("subcategory", "child", parent="category"),
    Field("priority", "ordinal", values=("normal", "high")),
    Field("tags", "tags"),
]


@pytest.fixture(scope="module")
def trained() -> Bundle:
    return train(topic_tickets(60), WordHashEncoder(), LanguageDetector(["en"]), fields=FIELDS).bundle


@pytest.fixture
def folder(trained: Bundle, tmp_path: Path) -> Path:
    trained.save(tmp_path / "b1")
    return tmp_path / "b1"


class LeavesATrace:
    """Does what a harmful file does: acts as soon as it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.write_text, (self.trace, "was here"))


def signed_again(folder: Path) -> None:
    """Write a manifest that fits the files, as somebody who means harm would."""
    metadata = json.loads((folder / MANIFEST).read_text("utf-8"))["metadata"]
    sha256 = {p.name: file_sha256(p) for p in folder.iterdir() if p.name != MANIFEST}
    (folder / MANIFEST).write_text(Manifest(KIND, FORMAT_VERSION, metadata, sha256).to_json(), "utf-8")


def load(folder: Path) -> Bundle:
    return Bundle.load(folder, encoder_name="word-hash")


def test_a_file_that_would_run_code_is_refused_and_runs_nothing(folder: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    harmful = np.array([LeavesATrace(trace)], object)
    for file in folder.glob("*.npy"):
        before = file.read_bytes()
        np.save(file, harmful, allow_pickle=True)
        signed_again(folder)
        with pytest.raises(FolderError, match="cannot be read"):
            load(folder)
        file.write_bytes(pickle.dumps(LeavesATrace(trace)))
        signed_again(folder)
        with pytest.raises(FolderError, match="cannot be read"):
            load(folder)
        file.write_bytes(before)
    assert not trace.exists()
    np.load(_written(tmp_path / "harmful.npy", harmful), allow_pickle=True)
    assert trace.exists()  # so it would have been noticed


def _written(file: Path, array: np.ndarray) -> Path:
    np.save(file, array, allow_pickle=True)
    return file


def test_what_a_bundle_holds_names_no_class_of_this_program(folder: Path) -> None:
    for file in folder.glob("*.npy"):
        assert np.load(file, allow_pickle=False).dtype.kind in "biuf"
    text = (folder / STATE).read_text("utf-8")
    modules = [name for name in sys.modules if name.startswith(("models.", "training."))]
    assert modules
    assert not [name for name in modules if name in text]


def test_every_array_is_needed_and_must_have_its_type_and_shape(folder: Path) -> None:
    for file in sorted(folder.glob("*.npy")):
        before = file.read_bytes()
        array = np.load(file)
        for wrong in (array[None], array.astype(np.complex64)):
            np.save(file, wrong)
            signed_again(folder)
            with pytest.raises(FolderError, match=r"expected .* of shape .*triage train"):
                load(folder)
        file.unlink()
        with pytest.raises(FolderError, match="does not hold the files of its manifest"):
            load(folder)
        signed_again(folder)
        with pytest.raises(FolderError, match=rf"{file.name} cannot be read"):
            load(folder)
        file.write_bytes(before)
        signed_again(folder)
    load(folder)


def test_numbers_that_are_none_are_refused(folder: Path) -> None:
    for file in sorted(folder.glob("*.npy")):
        array = np.load(file)
        if array.dtype.kind != "f" or not array.size:
            continue
        before = file.read_bytes()
        array.flat[-1] = np.nan
        np.save(file, array)
        signed_again(folder)
        with pytest.raises(FolderError, match="not finite"):
            load(folder)
        file.write_bytes(before)


EXTREMES = [3e38, -3e38, 1e300, -1e300, 1e-300, 9.9e8, -9.9e8, 1.1e-9, 0.0]


def confidences(folder: Path) -> list[float] | None:
    """Return all numbers of a ticket's predictions, None where the bundle is refused."""
    try:
        Bundle.check(folder)
    except FolderError as error:
        assert "triage train" in str(error)
        return None
    bundle = load(folder)
    found = []
    for language in ("en", "fi"):
        [prediction] = predictions(bundle, "The printer shows an error", language)
        found += [prediction.novelty.score, *(similar.score for similar in prediction.similar)]
        for field in prediction.fields.values():
            found += [field.confidence, *(field.probabilities.values())]
    return found


def predictions(bundle: Bundle, text: str, language: str) -> list[Prediction]:
    batch = bundle.encode([Document(text, {"language": language})])
    with np.errstate(all="raise", under="ignore"):
        return bundle.predict(batch, WordHashEncoder().encode([text]))


@pytest.mark.parametrize("extreme", EXTREMES)
def test_extreme_weights_are_refused_or_still_give_probabilities(folder: Path, extreme: float) -> None:
    for file in sorted(folder.glob("*.npy")):
        array = np.load(file)
        if array.dtype.kind != "f" or not array.size:
            continue
        largest = float(np.finfo(array.dtype).max)
        before = file.read_bytes()
        array[...] = min(max(extreme, -largest), largest)
        np.save(file, array)
        signed_again(folder)
        found = confidences(folder)
        assert found is None or np.isfinite(found).all(), file.name
        assert found is None or abs(float(array.flat[0])) < 1e9, file.name
        file.write_bytes(before)


@pytest.mark.parametrize("extreme", EXTREMES)
def test_extreme_numbers_are_refused_or_still_give_probabilities(folder: Path, extreme: float) -> None:
    good = json.loads((folder / STATE).read_text("utf-8"))
    for place in places_of_numbers(good):
        state = json.loads(json.dumps(good))
        part = state
        for name in place[:-1]:
            part = part[name]
        part[place[-1]] = extreme
        (folder / STATE).write_text(json.dumps(state), "utf-8")
        signed_again(folder)
        found = confidences(folder)
        assert found is None or np.isfinite(found).all(), place
        assert found is None or abs(extreme) < 1e9, place


def places_of_numbers(value: object, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return where the numbers of a state are."""
    if isinstance(value, float):
        return [place]
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for name, part in parts for found in places_of_numbers(part, (*place, name))]


def test_a_value_out_of_place_is_refused_by_name(folder: Path) -> None:
    good = json.loads((folder / STATE).read_text("utf-8"))

    def refused(change: Callable[[dict], object], message: str) -> None:
        state = json.loads(json.dumps(good))
        change(state)
        (folder / STATE).write_text(json.dumps(state), "utf-8")
        signed_again(folder)
        with pytest.raises(FolderError, match=message):
            load(folder)

    refused(lambda s: s.pop("novelty"), "expected an object")
    refused(lambda s: s["models"][0]["field"].update(kind="guess"), r"0\.field\.kind, expected one of")
    refused(lambda s: s["models"][0]["classes"].append("app"), r"0\.classes, expected different texts")
    refused(lambda s: s["models"][0]["classes"].append("new"), r"models\.0\.allowed\.npy holds")
    refused(lambda s: s["models"][0]["temperatures"].update(in_language=0), "expected a number above 0")
    refused(lambda s: s["models"][0]["thresholds"].update(apply=float("nan")), "NaN is no number")
    refused(lambda s: s["models"][0]["thresholds"].update(apply=True), "expected a number")
    refused(lambda s: s["features"]["words"]["tokens"].append(7), "expected texts only")
    refused(lambda s: s["past_tickets"]["ids"].append("t"), "past_tickets")
    refused(lambda s: s["past_tickets"]["columns"][0]["labels"].clear(), "expected -1 to -1")
    for text in ("[]", "{", "\ud800"):
        (folder / STATE).write_text(text, "utf-8", "surrogatepass")
        signed_again(folder)
        with pytest.raises(FolderError, match=r"state\.json"):
            load(folder)


def test_the_weights_of_the_text_are_mapped_and_not_copied(folder: Path) -> None:
    for model in load(folder).models.values():
        array = model.classifier.weights
        assert type(array) is np.ndarray
        assert not array.flags.owndata
        assert not array.flags.writeable
        assert isinstance(array.base, np.memmap)


def test_past_tickets_come_back_with_their_labels(trained: Bundle, folder: Path) -> None:
    tickets = topic_tickets(60)
    loaded = load(folder)
    assert list(loaded.past_tickets) == list(trained.past_tickets)
    assert [(p.id, p.labels) for p in loaded.past_tickets] == [(t.id, t.labels) for t in tickets]


@pytest.mark.parametrize("header", ["{'descr':'<f4'", "  1\n 2", "-" * 5_000 + "1", "{[]: 1}"])
def test_a_damaged_header_of_an_array_is_refused_in_words(folder: Path, header: str) -> None:
    head = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()
    (folder / "features.mean.npy").write_bytes(head + bytes(64))
    signed_again(folder)
    with pytest.raises(FolderError, match=r"features\.mean\.npy cannot be read.*triage train"):
        load(folder)


def test_an_archive_or_an_array_by_columns_in_place_of_an_array_is_refused(folder: Path) -> None:
    vectors = folder / "neighbours.vectors.npy"
    np.save(vectors, np.asfortranarray(np.load(vectors)))
    signed_again(folder)
    with pytest.raises(FolderError, match="by columns"):
        load(folder)
    with vectors.open("wb") as stream:
        np.savez(stream, a=np.zeros(3))
    signed_again(folder)
    with pytest.raises(FolderError, match="cannot be read"):
        load(folder)


@pytest.mark.parametrize("changed", [{"sha256": None}, {"sha256": {"a": 5}}, {"metadata": "ab"}])
def test_a_manifest_of_another_form_is_refused_in_words(folder: Path, changed: dict[str, object]) -> None:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    (folder / MANIFEST).write_text(json.dumps(manifest | changed), "utf-8")
    with pytest.raises(FolderError, match="triage train"):
        load(folder)
