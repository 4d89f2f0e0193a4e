"""Prints a recurrence of so many states, each given as an argument and returned: states.py COUNT [BATCH_TILE]."""

import sys

n = int(sys.argv[1])
batch_tile = sys.argv[2] if len(sys.argv) > 2 else 1
T, V = "tensor<?x4xf32>", "tensor<4xf32>"
args = ", ".join(["%x: tensor<?x?x4xf32>"] + [f"%a{k}: {T}" for k in range(n)])
states = ", ".join(f"%a{k}" for k in range(n))
res = ", ".join(f"%h{k}" for k in range(n))
tiles = f"{{batch_tile = {batch_tile} : i64, time_tile = 1 : i64}}"
print(f"""rpu.program @states({args}) {{
  %y, {res} = rnn.recurrence plain %x init({states}) project {{
  ^bb0(%v: {V}):
    rnn.yield
  }} step {{
  ^bb0({", ".join(f"%s{k}: {V}" for k in range(n))}):
    rnn.yield %s0, {", ".join(f"%s{k}" for k in range(n))} : {", ".join([V] * (n + 1))}
  }} {tiles} : (tensor<?x?x4xf32>, {", ".join([T] * n)}) -> (tensor<?x?x4xf32>, {", ".join([T] * n)})
  rpu.return %y, {res} : tensor<?x?x4xf32>, {", ".join([T] * n)}
}}""")
