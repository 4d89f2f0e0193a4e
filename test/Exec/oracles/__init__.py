"""Two independent float64 oracles of ONNX's LSTM, GRU and RNN.

``vectorised`` works on whole NumPy arrays; ``scalar`` spells every sum as a loop over Python floats. Both were written
from the text of the operator specification, share no code but the reading of a node (``node.py``), and have to agree to
1e-12 (``test_oracles.py``).
"""
