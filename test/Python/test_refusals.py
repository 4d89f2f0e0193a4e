"""A model with several faults is told all of them in one run."""

import itertools
import re
import subprocess

import numpy as np
import onnx
import pytest
import rnn_mlir
from onnx import AttributeProto, TensorProto, helper, numpy_helper
from operators import NEWEST
from places import BUILD, ROOT

FLOAT = TensorProto.FLOAT


def lstm(name, x, **attributes):
    return helper.make_node("LSTM", [x, "lstm_w", "lstm_r"], [f"{name}_y"], name=name, hidden_size=4, **attributes)


WEIGHTS = [
    numpy_helper.from_array(np.zeros((1, 16, 3), np.float32), "lstm_w"),
    numpy_helper.from_array(np.zeros((1, 16, 4), np.float32), "lstm_r"),
]
#: Functions that the LSTM has no room for, an alpha that nothing takes, and values that nothing permits.
WRONG = {"clip": -1.0, "activations": ["Mish", "Mish", "Tanh"], "input_forget": 2, "activation_alpha": "much"}
WRONG_TEXTS = [
    "LSTM: attribute 'activation_alpha': expected floats, found a string",
    "LSTM: attribute 'input_forget': expected 0 or 1, found 2",
    "attribute clip: expected a bound that is not negative, found -1.000000",
    "attribute activations: unknown function 'Mish', expected Affine, Relu, LeakyRelu, ThresholdedRelu, ScaledTanh, "
    "Tanh, Sigmoid, HardSigmoid, Elu, Softsign or Softplus",
]
BAD = TensorProto(name="bad", data_type=FLOAT, dims=[2], raw_data=b"\0" * 4)
BRANCHES = helper.make_node("If", ["undecided"], ["if_y"], name="if", **{
    branch: helper.make_graph([helper.make_node(operator, ["x"], [f"{branch}_y"], name=branch)], branch, [],
                              [helper.make_tensor_value_info(f"{branch}_y", FLOAT, None)])
    for branch, operator in (("then_branch", "Then"), ("else_branch", "Else"))
})  # fmt: skip

#: Its `to` is declared as an integer and holds a float.
CAST = helper.make_node("Cast", ["x"], ["cast_y"], name="cast", to=1.0)
CAST.attribute[0].type = AttributeProto.INT

#: The second axis is in range, the first is not.
FLATTEN = helper.make_node("Flatten", ["x"], ["flatten_y"], name="flatten", axis=9)
FLATTEN.attribute.append(helper.make_attribute("axis", 0))

#: Of each kind of fault: nodes, initializers, inputs, and the errors as `(node, text)`.
FAULTS = {
    "operators": (
        [
            helper.make_node("Foo", ["x"], ["foo_y"], name="foo"),
            helper.make_node("Bar", ["foo_y"], ["bar_y"], name="bar"),
        ],
        [],
        [],
        [("foo", "operator 'Foo' is not supported"), ("bar", "operator 'Bar' is not supported")],
    ),
    "undefined": (
        [helper.make_node("Relu", ["nothing"], ["undefined_y"], name="undefined"), lstm("fed", "undefined_y", **WRONG)],
        WEIGHTS,
        [],
        [("undefined", "uses 'nothing', which nothing defines"), *(("fed", text) for text in WRONG_TEXTS)],
    ),
    "attributes": (
        [lstm("layer", "sequence", **WRONG)],
        WEIGHTS,
        [("sequence", FLOAT, ["T", 1, 5])],
        [*(("layer", text) for text in WRONG_TEXTS), ("layer", "input X: expected shape [?, 1, 3], found [?, 1, 5]")],
    ),
    "initializer": (
        [helper.make_node("Add", ["x", "bad"], ["add_y"], name="add")],
        [BAD],
        [],
        [("bad", "expected 8 bytes for the shape, found 4")],
    ),
    "duplicate": (
        [helper.make_node("Relu", ["x"], ["twice"], name=name) for name in ("first", "second")],
        [],
        [],
        [("second", "'twice' is already defined")],
    ),
    "cycle": (
        [helper.make_node("Relu", ["b"], ["a"], name="one"), helper.make_node("Relu", ["a"], ["b"], name="two")],
        [],
        [],
        [("one", "uses 'b' before it is computed; nodes must be sorted and without cycles")],
    ),
    "twice": (
        [helper.make_node("Mul", ["missing", "missing"], ["mul_y"], name="mul"), FLATTEN],
        [],
        [],
        [("mul", "uses 'missing', which nothing defines"), ("flatten", "attribute 'axis' is given twice")],
    ),
    "attribute": ([CAST], [], [], [("cast", "attribute 'to' is declared as INT and holds FLOAT")]),
    "input": (
        [helper.make_node("Relu", ["complex"], ["complex_y"], name="of_complex")],
        [],
        [("complex", TensorProto.COMPLEX64, [2])],
        [("complex", "inputs of COMPLEX64 are not supported")],
    ),
    "branches": (
        [helper.make_node("Baz", ["x"], ["undecided"], name="baz"), BRANCHES],
        [],
        [],
        [
            ("baz", "operator 'Baz' is not supported"),
            ("then_branch", "operator 'Then' is not supported"),
            ("else_branch", "operator 'Else' is not supported"),
        ],
    ),
}


def faulty(kinds, ir_version=8, output=FLOAT):
    """A model with the faults, and its errors."""
    nodes, tensors, inputs, expected = [], {}, [("x", FLOAT, [2])], []
    for kind in kinds:
        more, initializers, arguments, texts = FAULTS[kind]
        nodes += more
        tensors |= {tensor.name: tensor for tensor in initializers}
        inputs += arguments
        expected += texts
    nodes.append(helper.make_node("Relu", ["x"], ["y"], name="relu"))
    # Nodes that nothing uses are not judged.
    used = {name for node in nodes for name in node.input}
    rest = dict.fromkeys(name for node in nodes[:-1] for name in node.output if name and name not in used)
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info(*each) for each in inputs],
        [helper.make_tensor_value_info("y", output, None), *(onnx.ValueInfoProto(name=name) for name in rest)],
        list(tensors.values()),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=ir_version)
    return model, sorted(f"model.onnx:{node}: error: {text}" for node, text in expected)


def errors(*faults, **options):
    model, expected = faulty(*faults, **options)
    with pytest.raises(rnn_mlir.Error) as raised:
        rnn_mlir.compile(model.SerializeToString())
    return sorted(str(raised.value).splitlines()), expected


@pytest.mark.parametrize("count", range(1, len(FAULTS) + 1))
def test_each_combination_of_faults(count):
    for kinds in itertools.combinations(FAULTS, count):
        found, expected = errors(kinds)
        assert found == expected, kinds


def test_versions_hide_nothing():
    found, expected = errors(FAULTS, ir_version=99, output=TensorProto.INT32)
    assert found == sorted(
        [
            *expected,
            "model.onnx: error: expected an IR version of 1 to 14, found 99",
            "model.onnx:y: error: output of the graph is declared with elements of 'i32', found 'f32'",
        ]
    )


def test_the_optimizer_tells_the_same(tmp_path):
    model, expected = faulty(FAULTS)
    onnx.save(model, tmp_path / "model.onnx")
    done = subprocess.run([BUILD / "bin" / "rnn-opt", "model.onnx"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert sorted(done.stderr.splitlines()) == expected


RECORDS = (ROOT / "include/rnn-mlir/Dialect/Onnx/IR/OnnxOperators.td").read_text()
OPERATORS = re.findall(r'^def \w+ : \w+<"(\w+)"', RECORDS, re.MULTILINE)
KINDS = re.findall(r'\b(Float|Int|String|Floats|Ints|Strings|Tensor)<"(\w+)"', RECORDS)


@pytest.mark.parametrize("opset", range(1, NEWEST + 1))
@pytest.mark.parametrize("inputs", [0, 1, 2, 3, 8])
@pytest.mark.parametrize("attributes", [False, True])
def test_nothing_is_said_of_what_is_not_known(opset, inputs, attributes):
    """Each input comes from a refused operator, each attribute is of a wrong kind: a lowering has nothing to check."""
    assert len(OPERATORS) > 40 and len(KINDS) > 40
    wrong = {name: "wrong" if kind == "Floats" else [1.5, 2.5] for kind, name in KINDS} if attributes else {}
    nodes = [helper.make_node("Foo", [], ["unknown"], name="foo")]
    nodes += [helper.make_node(each, ["unknown"] * inputs, [each], name=each, **wrong) for each in OPERATORS]
    outputs = [onnx.ValueInfoProto(name=each) for each in ("unknown", *OPERATORS)]
    graph = helper.make_graph(nodes, "g", [], outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    with pytest.raises(rnn_mlir.Error) as raised:
        rnn_mlir.compile(model.SerializeToString())
    # A lowering's error begins with the operator, that of its record with the operator and a colon.
    lines = str(raised.value).splitlines()
    assert "model.onnx:foo: error: operator 'Foo' is not supported" in lines
    # They are in training by default.
    lines = [line for line in lines if "supports inference only, found is_test = 0" not in line or attributes]
    # How many inputs and outputs there are is known.
    lines = [line for line in lines if "Loop expects an output for each of the" not in line]
    said = [line for line in lines if re.search(r":(\w+): error: (\1 |attribute |input )", line)]
    assert not said
    assert not attributes or sum("attribute 'perm': expected ints, found floats" in line for line in lines) == 1
