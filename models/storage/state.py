"""The learned state of models as plain values and arrays in a folder: reading it runs no code.

A state is a nested mapping. Its arrays are .npy files named by their place in it, such as
`fields.0.linear.weights.npy`, and are mapped into memory when they are read; all else is in `state.json`.
Every value is checked as it is read, so that what does not fit is found before anything is predicted.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import DTypeLike, NDArray

from models.errors import FolderError
from models.wording import kind_of

State = Mapping[str, Any]
STATE = "state.json"
_ADVICE = "restore the folder from a backup or run `triage train` again"
_BLOCK = 1 << 18
# Nothing that is fitted comes near these (the sample's largest weight is 7). The product of two such numbers
# still has a float32, so that no sum or quotient of predicting overflows.
_LARGEST, _SMALLEST = 1e9, 1e-9


def write_state(folder: Path, state: State) -> None:
    """Write a nested mapping of JSON values, lists of mappings, and arrays into `folder`."""
    text = json.dumps(_without_arrays(folder, "", state), allow_nan=False)
    (folder / STATE).write_text(text, encoding="utf-8")


def _without_arrays(folder: Path, place: str, state: State) -> dict[str, Any]:
    """Return the values of a state, and write its arrays."""
    values: dict[str, Any] = {}
    for name, value in state.items():
        if isinstance(value, np.ndarray):
            np.save(folder / f"{place}{name}.npy", value, allow_pickle=False)
        elif isinstance(value, Mapping):
            values[name] = _without_arrays(folder, f"{place}{name}.", value)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            values[name] = [
                _without_arrays(folder, f"{place}{name}.{i}.", part) for i, part in enumerate(value)
            ]
        else:
            values[name] = value
    return values


def read_state(folder: Path) -> StateReader:
    """Open what `write_state` wrote.

    Raises:
        FolderError: `state.json` is missing or does not parse.
    """
    path = folder / STATE
    try:
        values = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except (OSError, ValueError, RecursionError) as error:
        raise FolderError(f"{path} cannot be read ({error}): {_ADVICE}") from error
    if not isinstance(values, dict):
        raise FolderError(f"{path} holds {kind_of(values)}, expected an object: {_ADVICE}")
    return StateReader(folder, values)


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number")


class StateReader:
    """A stored state, or a part of one. Each method raises a `FolderError` for what is not as expected."""

    def __init__(self, folder: Path, values: Mapping[str, Any], place: str = "") -> None:
        self._folder, self._values, self._place = folder, values, place

    def part(self, name: str) -> StateReader:
        """Return the mapping of this name."""
        return StateReader(self._folder, self._value(name, dict, "an object"), f"{self._place}{name}.")

    def parts(self, name: str) -> list[StateReader]:
        """Return the list of mappings of this name."""
        parts = self._value(name, list, "a list")
        for i, part in enumerate(parts):
            self._require(isinstance(part, dict), f"{name}.{i}", part, "an object")
        return [StateReader(self._folder, part, f"{self._place}{name}.{i}.") for i, part in enumerate(parts)]

    def texts(self, name: str) -> list[str]:
        """Return a list of texts."""
        texts: list[str] = self._value(name, list, "a list of texts")
        self._require({*map(type, texts)} <= {str}, name, texts, "texts only")
        return texts

    def texts_and_lists(self, name: str) -> list[str | tuple[str, ...]]:
        """Return a list of texts and of lists of texts, these as tuples."""
        found = self._value(name, list, "a list of texts and lists of texts")
        for item in found:
            texts = item if isinstance(item, list) else [item]
            self._require(all(type(text) is str for text in texts), name, item, "a text or a list of texts")
        return [tuple(item) if isinstance(item, list) else item for item in found]

    def numbered(self, name: str) -> dict[str, int]:
        """Return a list of different texts as a mapping, each text with its position."""
        texts = self.texts(name)
        numbers = dict(zip(texts, range(len(texts)), strict=True))
        self._require(len(numbers) == len(texts), name, texts, "different texts")
        return numbers

    def text(self, name: str, *, one_of: Collection[str] = ()) -> str:
        """Return a text, one of these where any are given."""
        text: str = self._value(name, str, "a text")
        self._require(not one_of or text in one_of, name, text, f"one of {sorted(one_of)}")
        return text

    def number(self, name: str) -> float:
        """Return a finite number that is not too large to compute with."""
        number = self._value(name, (int, float), "a number")
        self._require(-_LARGEST <= number <= _LARGEST, name, number, "a number from -1e9 to 1e9")
        return float(number)

    def has(self, name: str) -> bool:
        """Tell whether there is a value or a mapping of this name."""
        return self._values.get(name) is not None

    def flag(self, name: str) -> bool:
        """Return true or false."""
        flag = self._values.get(name)
        self._require(isinstance(flag, bool), name, flag, "true or false")
        return bool(flag)

    def text_or_none(self, name: str) -> str | None:
        """Return a text, or None where there is null."""
        return self.text(name) if self.has(name) else None

    def number_or_none(self, name: str) -> float | None:
        """Return a finite number, or None where there is null."""
        return self.number(name) if self.has(name) else None

    def positive(self, name: str) -> float:
        """Return a finite number above 0 that is not too small to divide by."""
        number = self.number(name)
        self._require(number >= _SMALLEST, name, number, "a number above 0, at least 1e-9")
        return number

    def array(self, name: str, dtype: DTypeLike, shape: Sequence[int | None]) -> NDArray[Any]:
        """Return an array of this type and shape, mapped from its file; None is any length.

        Its numbers are finite and not too large to compute with. It is a plain view of the mapped file:
        NumPy's own class for those takes 5 µs a step, this one 1 µs.
        """
        path = self._folder / f"{self._place}{name}.npy"
        try:
            mapped = open_memmap(path, mode="r")
        except Exception as error:  # a damaged header makes NumPy raise errors of many kinds
            raise FolderError(
                f"{path} cannot be read ({type(error).__name__}: {error}): {_ADVICE}"
            ) from error
        fits = len(mapped.shape) == len(shape) and all(
            wanted in {None, found} for wanted, found in zip(shape, mapped.shape, strict=True)
        )
        if not fits or mapped.dtype != np.dtype(dtype):
            wanted = tuple("any" if length is None else length for length in shape)
            raise FolderError(
                f"{path} holds {mapped.dtype} of shape {mapped.shape}, expected {np.dtype(dtype)} of shape "
                f"{wanted}: {_ADVICE}"
            )
        if not mapped.flags.c_contiguous:
            raise FolderError(f"{path} holds an array by columns, expected one by rows: {_ADVICE}")
        if mapped.dtype.kind == "f" and not _is_in_range(path, mapped):
            raise FolderError(
                f"{path} holds numbers that are not finite or too large, expected -1e9 to 1e9: {_ADVICE}"
            )
        return np.asarray(mapped)

    def positive_array(self, name: str, dtype: DTypeLike, shape: Sequence[int | None]) -> NDArray[Any]:
        """Return an array of finite numbers above 0 that are not too small to divide by."""
        array = self.array(name, dtype, shape)
        self.require(bool((array >= _SMALLEST).all()), f"{name} to be above 0, at least 1e-9")
        return array

    def places(self, name: str, shape: Sequence[int | None], *, least: int, below: int) -> NDArray[np.int32]:
        """Return an array of int32, each at least `least` and under `below`."""
        places = self.array(name, np.int32, shape)
        if places.size and not (least <= int(places.min()) and int(places.max()) < below):
            path = self._folder / f"{self._place}{name}.npy"
            raise FolderError(
                f"{path} holds numbers from {places.min()} to {places.max()}, expected {least} to "
                f"{below - 1}: {_ADVICE}"
            )
        return places

    def require(self, is_so: bool, expected: str) -> None:
        """Refuse the state where something that must be so is not."""
        if not is_so:
            raise FolderError(f"{self._folder / STATE}: expected {self._place}{expected}: {_ADVICE}")

    def _value(self, name: str, kind: type[Any] | tuple[type[Any], ...], expected: str) -> Any:
        value = self._values.get(name)
        self._require(isinstance(value, kind) and not isinstance(value, bool), name, value, expected)
        return value

    def _require(self, is_so: bool, name: str, found: Any, expected: str) -> None:
        if not is_so:
            raise self.error(name, f"{found!r:.80}", expected)

    def error(self, name: str, found: str, expected: str) -> FolderError:
        """Return the error for a value that is not as expected."""
        return FolderError(
            f"{self._folder / STATE} has {found} as {self._place}{name}, expected {expected}: {_ADVICE}"
        )


def _is_in_range(path: Path, mapped: np.memmap[Any, Any]) -> bool:
    """Tell whether no number of a file is too large or none, block by block: the mapping takes no memory."""
    with path.open("rb") as stream:
        stream.seek(mapped.offset)
        while (block := np.fromfile(stream, mapped.dtype, _BLOCK)).size:
            if not (float(block.min()) >= -_LARGEST and float(block.max()) <= _LARGEST):
                return False
    return True
