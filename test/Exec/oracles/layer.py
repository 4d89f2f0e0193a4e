"""A layer of the rnn dialect that no ONNX operator is: what it takes and what it is asked for."""

from __future__ import annotations

import dataclasses

#: Blocks of rows in the weights.
GATES = {"sru": 3, "qrnn_f": 2, "qrnn_fo": 3, "qrnn_ifo": 4, "lstm": 4}


@dataclasses.dataclass
class Layer:
    """``op`` is a key of ``GATES``. Arrays are time-major, as ``docs/rnn`` has them; absent optionals are None.

    ``sru``: ``w`` [3*H, I], ``bias`` and ``peephole`` [2*H], ``highway`` [H, I]. ``qrnn``: ``w`` [G*H, K*I], ``bias``
    [G*H], ``history`` [K-1, B, I]. ``lstm``: ``w`` [4*H, I], ``r`` [4*H, P], ``bias`` (of the inputs) [4*H],
    ``peephole`` [3*H], ``proj`` [P, H]. ``init`` lists the initial states.
    """

    op: str
    x: object
    w: object
    r: object = None
    bias: object = None
    peephole: object = None
    highway: object = None
    history: object = None
    proj: object = None
    init: list | None = None
    lens: object = None
    reverse: bool = False
    window: int = 1
    output_activation: str | None = None
    input_forget: bool = False
    clip: float | None = None

    @property
    def hidden(self) -> int:
        return self.w.shape[0] // GATES[self.op]

    @property
    def output(self) -> int:
        """Elements of one vector of y."""
        return self.hidden if self.proj is None else self.proj.shape[0]

    @property
    def state_sizes(self) -> list[int]:
        return [self.output, self.hidden] if self.op == "lstm" else [self.hidden]
