"""The element-wise operations that a step may hold are those that a micro-operation implements, and no others."""

import re
import subprocess

from places import BUILD, ROOT

UNARY = """absf acos acosh asin asinh atan atanh cbrt ceil cos cosh erf erfc exp exp2 expm1 floor log log10 log1p log2
round roundeven rsqrt sin sinh sqrt tan tanh trunc""".split()
PREDICATES = "false oeq ogt oge olt ole one ord ueq ugt uge ult ule une uno true".split()
#: Those without parameters.
ACTIVATIONS = "relu sigmoid softplus softsign tanh".split()
VECTOR, MASK = "tensor<4xf32>", "tensor<4xi1>"
SECTION = """func.func @main(%x: tensor<2x1x4xf32>) -> tensor<2x1x4xf32> {{
  %y = rnn.recurrence plain %x project {{
  ^bb0(%a: tensor<4xf32>):
    rnn.yield %a : tensor<4xf32>
  }} step {{
  ^bb0(%a: tensor<4xf32>):
    {lines}
    rnn.yield %r : tensor<4xf32>
  }} {{time_tile = 1 : i64}} : (tensor<2x1x4xf32>) -> tensor<2x1x4xf32>
  return %y : tensor<2x1x4xf32>
}}
"""


def candidates():
    """By the operation, with its kind where it has one, the lines that make %r with it."""
    lines = {f"math.{name}": f"%r = math.{name} %a : {VECTOR}" for name in UNARY}
    lines["arith.negf"] = f"%r = arith.negf %a : {VECTOR}"
    for name in "addf subf mulf divf remf minimumf maximumf minnumf maxnumf".split():
        lines[f"arith.{name}"] = f"%r = arith.{name} %a, %a : {VECTOR}"
    for name in "atan2 copysign powf".split():
        lines[f"math.{name}"] = f"%r = math.{name} %a, %a : {VECTOR}"
    lines["math.fma"] = f"%r = math.fma %a, %a, %a : {VECTOR}"
    select = f"%r = arith.select %m, %a, %a : {MASK}, {VECTOR}"
    lines["arith.select"] = f"%m = arith.cmpf oge, %a, %a : {VECTOR} {select}"
    for name in PREDICATES:
        lines[f"arith.cmpf {name}"] = f"%m = arith.cmpf {name}, %a, %a : {VECTOR} {select}"
    for name in ACTIVATIONS:
        lines[f"rnn.activation {name}"] = f"%r = rnn.activation {name} %a : {VECTOR}"
    return lines


def accepted(lines, folder):
    """Those of the operations that the verification of steps does not refuse."""
    path = folder / "steps.mlir"
    path.write_text("// -----\n".join(SECTION.format(lines=each) for each in lines.values()))
    done = subprocess.run([BUILD / "bin" / "rnn-opt", path, "--split-input-file", "--rnn-outline", "-o", "/dev/null"],
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    errors = re.findall(r"steps\.mlir:(\d+):\d+: error: (.*)", done.stderr)
    assert all(re.match(r"expects an? .* in a step|expects the activations ", text) for _, text in errors), done.stderr
    size = SECTION.count("\n") + 1
    refused = {(int(line) - 1) // size for line, _ in errors}
    return {name for index, name in enumerate(lines) if index not in refused}


def test_what_a_step_may_hold_is_what_the_machine_implements(tmp_path):
    records = (ROOT / "include/rnn-mlir/Dialect/Rpu/IR/RpuInstr.td").read_text()
    found = re.findall(r'Rpu_Implements<"([^"]+)"(?:, "([^"]+)")?', records)
    implemented = {" ".join(filter(None, each)) for each in found}
    lines = candidates()
    assert implemented <= lines.keys(), "an operation that this test does not try"
    assert accepted(lines, tmp_path) == implemented
