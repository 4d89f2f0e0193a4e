"""How far from the float64 oracle a right float32 result may be.

A sum of k products in float32 is the exact sum of products with weights that are changed by at most k roundings each, a
factor of 1 + k·2^-24. So the oracle itself measures what rounding may do: it runs again with every array of the node
changed by as much, at random, and the outputs move by what the recurrence makes of it, however its gains amplify it.
The tolerance is the largest such move (k roundings are those of a sum whose errors all have one sign), and for the
functions, whose errors no change of an array stands for, 8 roundings of the largest magnitude for each step.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from . import layer_vectorised, vectorised
from .layer import Layer
from .node import Node

ROUNDING = 2.0**-24
#: How often a node is changed.
CHANGES = 3


def move(node, roles, roundings: int, rng):
    """A node or layer with each element of the arrays `roles` changed by at most so many roundings."""

    def change(array):
        if array is None:
            return None
        if isinstance(array, list):
            return [change(each) for each in array]
        return np.asarray(array, np.float64) * (1 + roundings * ROUNDING * rng.uniform(-1, 1, array.shape))

    return dataclasses.replace(node, **{role: change(getattr(node, role)) for role in roles})


def changed(node: Node, rng) -> Node:
    """The node with each element of its arrays changed by at most the roundings of a pre-activation."""
    # Products, two biases and the state's, a peephole, and the two of a function's argument.
    roundings = node.w.shape[2] + node.r.shape[2] + 6
    return move(node, ("x", "w", "r", "b", "h0", "c0", "p"), roundings, rng)


def tolerance(want: np.ndarray, moved: list[np.ndarray], steps: int) -> float:
    """The largest difference of a right result from `want`; `moved` are outputs of changed nodes."""
    move = max(float(np.max(np.abs(each - want), initial=0)) for each in moved)
    return move + 8 * (steps + 1) * ROUNDING * float(np.max(np.abs(want), initial=0))


def tolerances(node: Node, expected: list[np.ndarray], seed: int) -> list[float]:
    """Of each output of a node."""
    rng = np.random.default_rng(seed)
    moved = [vectorised.run(changed(node, rng)) for _ in range(CHANGES)]
    steps = node.x.shape[1 if node.layout else 0]
    return [tolerance(want, list(each), steps) for want, each in zip(expected, zip(*moved))]


def layer_tolerances(layer: Layer, expected: list[np.ndarray], seed: int) -> list[float]:
    """Of each output of a layer."""
    rng = np.random.default_rng(seed)
    # Products, the bias and the peephole, and the two of a function's argument.
    roundings = sum(0 if each is None else each.shape[1] for each in (layer.w, layer.r, layer.proj)) + 6
    roles = ("x", "w", "r", "bias", "peephole", "highway", "history", "proj", "init")
    moved = [layer_vectorised.run(move(layer, roles, roundings, rng)) for _ in range(CHANGES)]
    return [tolerance(want, list(each), layer.x.shape[0]) for want, each in zip(expected, zip(*moved))]
