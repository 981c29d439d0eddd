"""L-BFGS in single precision (Nocedal & Wright, Numerical Optimization, 2006, algorithm 7.5).

SciPy's works in double precision on one flat vector, which for 10 million weights takes four times the
memory; the accuracy that it adds is far below what a validation part can tell.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Objective = Callable[[Matrix], tuple[float, Matrix]]

_MEMORY = 6
_MAX_STEPS = 100
_RELATIVE_CHANGE = 1e-4
_SUFFICIENT_DECREASE = 1e-4
_SMALLEST_STEP = 1e-4


class _CurvaturePair(NamedTuple):
    """A step, how the gradient changed along it, and 1 / their product."""

    step: Matrix
    change: Matrix
    inverse: float


def lbfgs(objective: Objective, start: Matrix) -> Matrix:
    """Return where a smooth convex function (value, gradient) is smallest, to a relative change of 0.0001."""
    here, (value, gradient) = start, objective(start)
    memory: deque[_CurvaturePair] = deque(maxlen=_MEMORY)
    for _ in range(_MAX_STEPS):
        direction = _direction(gradient, memory)
        slope = _dot(gradient, direction)
        if slope >= 0:
            break
        length = 1.0
        while True:
            there = here + np.float32(length) * direction
            new_value, new_gradient = objective(there)
            enough = new_value <= value + _SUFFICIENT_DECREASE * length * slope
            if enough or length < _SMALLEST_STEP:
                break
            length /= 2
        if not enough:
            break
        step, change = there - here, new_gradient - gradient
        if (product := _dot(step, change)) > 0:
            memory.append(_CurvaturePair(step, change, 1 / product))
        converged = value - new_value < _RELATIVE_CHANGE * abs(new_value)
        here, value, gradient = there, new_value, new_gradient
        if converged:
            break
    return here


def _direction(gradient: Matrix, memory: deque[_CurvaturePair]) -> Matrix:
    """Return minus the gradient times the remembered inverse curvature."""
    direction = -gradient
    if not memory:
        length = np.sqrt(_dot(gradient, gradient))
        return direction / np.float32(length) if length > 0 else direction
    shares = []
    scaled = np.empty_like(direction)  # written again and again: new memory would cost more than the product
    for pair in reversed(memory):
        share = pair.inverse * _dot(pair.step, direction)
        direction -= np.multiply(pair.change, np.float32(share), out=scaled)
        shares.append(share)
    last = memory[-1]
    direction *= np.float32(1 / (last.inverse * _dot(last.change, last.change)))
    for pair, share in zip(memory, reversed(shares), strict=True):
        left = share - pair.inverse * _dot(pair.change, direction)
        direction += np.multiply(pair.step, np.float32(left), out=scaled)
    return direction


def _dot(a: Matrix, b: Matrix) -> float:
    return float(np.vdot(a, b))
