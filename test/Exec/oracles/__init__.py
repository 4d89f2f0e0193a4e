"""Two independent float64 oracles of ONNX's LSTM, GRU and RNN, and two of the layers that ONNX has no operator for.

``vectorised`` works on whole NumPy arrays; ``scalar`` spells every sum as a loop over Python floats. Both were written
from the text of the operator specification and have to agree to 1e-12 (``test_oracles.py``). They share the fields of a
node (``node.Node``) and nothing that interprets them: ``scalar`` finds directions, activation functions and their
parameters in its own way.
"""
