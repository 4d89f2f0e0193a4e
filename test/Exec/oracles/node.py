"""What a recurrent ONNX node asks for, with every default of its operator version filled in."""

from __future__ import annotations

import dataclasses

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
DEFAULT_ACTIVATIONS = {"LSTM": ["sigmoid", "tanh", "tanh"], "GRU": ["sigmoid", "tanh"], "RNN": ["tanh"]}
#: Default alpha and beta of the ONNX operator with the function's name; None: the operator set has no such operator.
PARAMETERS = {
    "affine": (None, None),
    "relu": (),
    "leakyrelu": (0.01,),
    "thresholdedrelu": (1.0,),
    "scaledtanh": (None, None),
    "tanh": (),
    "sigmoid": (),
    "hardsigmoid": (0.2, 0.5),
    "elu": (1.0,),
    "softsign": (),
    "softplus": (),
}


@dataclasses.dataclass
class Activation:
    """One activation function with the parameters it takes."""

    name: str
    alpha: float | None = None
    beta: float | None = None


@dataclasses.dataclass
class Node:
    """A recurrent node. Arrays are NumPy arrays as the graph gives them; absent optionals are None.

    ``x`` is [T, B, I] (``layout`` 0) or [B, T, I] (1); ``w`` [D, G*H, I]; ``r`` [D, G*H, H]; ``b`` [D, 2*G*H];
    ``p`` [D, 3*H]; ``lens`` [B]; initial states [D, B, H] (layout 0) or [B, D, H] (1).
    """

    op: str
    x: object
    w: object
    r: object
    b: object = None
    lens: object = None
    h0: object = None
    c0: object = None
    p: object = None
    direction: str = "forward"
    layout: int = 0
    clip: float | None = None
    input_forget: int = 0
    linear_before_reset: int = 0
    activations: list[str] | None = None
    alpha: list[float] = dataclasses.field(default_factory=list)
    beta: list[float] = dataclasses.field(default_factory=list)

    @property
    def reversed_directions(self) -> list[bool]:
        """For each direction, whether it runs from the end of the sequence."""
        return {"forward": [False], "reverse": [True], "bidirectional": [False, True]}[self.direction]

    def activation_list(self) -> list[list[Activation]]:
        """The functions of each direction; alphas and betas are consumed in order by the functions that take them."""
        directions = len(self.reversed_directions)
        names = self.activations or DEFAULT_ACTIVATIONS[self.op] * directions
        alphas, betas = list(self.alpha), list(self.beta)
        resolved = []
        for name in (n.lower() for n in names):
            defaults = PARAMETERS[name]
            item = Activation(name)
            if len(defaults) > 0:
                item.alpha = alphas.pop(0) if alphas else defaults[0]
            if len(defaults) > 1:
                item.beta = betas.pop(0) if betas else defaults[1]
            resolved.append(item)
        each = len(DEFAULT_ACTIVATIONS[self.op])
        return [resolved[d * each : (d + 1) * each] for d in range(directions)]
