"""Writes small ONNX models, good and bad: models.py FOLDER writes each as NAME.onnx."""

import sys

import numpy as np
from onnx import AttributeProto, GraphProto, ModelProto, TensorProto, helper, numpy_helper

FLOAT = TensorProto.FLOAT


def info(name, shape=(2,), element=FLOAT):
    return helper.make_tensor_value_info(name, element, shape)


def weight(name, values):
    return numpy_helper.from_array(np.asarray(values, np.float32), name)


def model(nodes, inputs=("x",), outputs=("y",), initializers=(), opset=17, ir=8, imports=(), values=()):
    graph = helper.make_graph(
        nodes,
        "graph",
        [info(i) if isinstance(i, str) else i for i in inputs],
        [info(o) if isinstance(o, str) else o for o in outputs],
        list(initializers),
        value_info=list(values),
    )
    opsets = [helper.make_opsetid("", opset), *(helper.make_opsetid(domain, 1) for domain in imports)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=ir, producer_name="models.py")


def relu(source="x", target="y", name=""):
    return helper.make_node("Relu", [source], [target], name=name)


def lstm():
    node = helper.make_node("LSTM", ["x", "w", "r", "", "lens"], ["", "y"], name="layer", hidden_size=2)
    rng = np.arange(8 * 40, dtype=np.float32)
    return model(
        [node],
        [info("x", ("time", 1, None)), info("lens", (1,), TensorProto.INT32)],
        [info("y", (1, 1, -1))],
        [weight("w", rng.reshape(1, 8, 40)), weight("r", rng[:16].reshape(1, 8, 2))],
    )


def branches():
    def branch(value):
        return helper.make_graph(
            [helper.make_node("Add", ["x", value], ["out"])], value, [], [info("out")], [weight("inner", [3.0, 4.0])]
        )

    node = helper.make_node("If", ["c"], ["y"], then_branch=branch("outer"), else_branch=branch("inner"))
    return model([node], ["x", info("c", (), TensorProto.BOOL)], initializers=[weight("outer", [1.0, 2.0])])


def shadowing():
    def branch(name):
        nodes = [relu(target="t", name=f"{name}_t")]
        nodes += [relu(target=outer, name=f"{name}_{outer}") for outer in ("x", "before", "behind", "weight")]
        tensors = [weight(outer, [1.0, 2.0]) for outer in ("c", "early", "late")] if name == "then" else []
        # The outputs of the If, and what is defined in both branches, may have these names.
        return helper.make_graph([*nodes, relu(target="y")], name, [], [info("y")], [*tensors, weight("w", [1.0, 2.0])])

    nodes = [
        relu(target="before"),
        relu(target="early"),
        helper.make_node("If", ["c"], ["y"], name="if", then_branch=branch("then"), else_branch=branch("else")),
        relu(target="behind"),
        relu(target="late"),
    ]
    return model(nodes, ["x", info("c", (), TensorProto.BOOL)], initializers=[weight("weight", [1.0, 2.0])])


def constants():
    kinds = {
        "value": weight("", [[1.0, 2.0]]),
        "value_float": 1.5,
        "value_floats": [1.5, 2.5],
        "value_int": 7,
        "value_ints": [7, 8],
    }
    nodes = [helper.make_node("Constant", [], [kind], **{kind: value}) for kind, value in kinds.items()]
    types = {kind: TensorProto.INT64 if "_int" in kind else FLOAT for kind in kinds}
    return model(nodes, outputs=[info(kind, None, types[kind]) for kind in kinds])


TYPED = {
    "float": (TensorProto.FLOAT, [1.5, -2.0]),
    "uint8": (TensorProto.UINT8, [0, 255]),
    "int8": (TensorProto.INT8, [-128, 127]),
    "int16": (TensorProto.INT16, [-32768, 5]),
    "uint32": (TensorProto.UINT32, [4294967295, 1]),
    "int64": (TensorProto.INT64, [-9223372036854775808, 1]),
    "bool": (TensorProto.BOOL, [1, 0]),
    "half": (TensorProto.FLOAT16, [1.0, 2.0]),
    "double": (TensorProto.DOUBLE, [0.5, 0.25]),
    "empty": (TensorProto.INT64, []),
}


def typed():
    tensors = [helper.make_tensor(name, element, [len(values)], values) for name, (element, values) in TYPED.items()]
    outputs = [info(name, [len(values)], element) for name, (element, values) in TYPED.items()]
    return model([], outputs=outputs, initializers=tensors)


def bad_tensor(**fields):
    tensor = TensorProto(name="w", data_type=FLOAT, dims=[2], raw_data=b"\0" * 8)
    for field, value in fields.items():
        tensor.ClearField(field)
        if isinstance(value, list):
            getattr(tensor, field).extend(value)
        elif value is not None:
            setattr(tensor, field, value)
    return model([helper.make_node("Add", ["x", "w"], ["y"], name="add")], initializers=[tensor])


def external(location, **entries):
    tensor = TensorProto(name="w", data_type=FLOAT, dims=[2], data_location=TensorProto.EXTERNAL)
    for key, value in {"location": location, **entries}.items():
        tensor.external_data.add(key=key, value=str(value))
    return model([helper.make_node("Add", ["x", "w"], ["y"])], initializers=[tensor])


def big_external():
    tensor = TensorProto(name="w", data_type=FLOAT, dims=[32768], data_location=TensorProto.EXTERNAL)
    for key, value in {"location": "big.bin", "offset": 8, "length": 131072}.items():
        tensor.external_data.add(key=key, value=str(value))
    return model([helper.make_node("Add", ["x", "w"], ["y"])], initializers=[tensor])


def nested(depth):
    inner = helper.make_graph([relu("x", "out")], "g", [], [info("out")])
    for _ in range(depth):
        node = helper.make_node("If", ["c"], ["out"], then_branch=inner, else_branch=empty())
        inner = helper.make_graph([node], "g", [], [info("out")])
    result = model([relu()], ["x", info("c", (), TensorProto.BOOL)])
    del result.graph.node[:]
    result.graph.node.extend(inner.node)
    result.graph.output[0].name = "out"
    return result


def empty():
    return helper.make_graph([], "g", [], [info("x")])


def with_attribute(**fields):
    node = helper.make_node("Relu", ["x"], ["y"], name="node")
    attribute = AttributeProto(name="a")
    for field, value in fields.items():
        setattr(attribute, field, value)
    node.attribute.append(attribute)
    return model([node])


def sparse(names=("s",), **parts):
    result = model([helper.make_node("Add", ["x", "s"], ["y"], name="add")], **parts)
    for name in names:
        result.graph.sparse_initializer.add().values.name = name
    return result


def sparse_in_a_branch():
    result = branches()
    result.graph.node[0].attribute[0].g.sparse_initializer.add().values.name = "s"
    return result


def functions():
    """Functions of both spellings of the default domain and of another, and what no call can be."""
    negates = [helper.make_node("Neg", ["p"], ["q"])]
    calls_itself = [helper.make_node("Self", ["p"], ["q"], domain="org.example")]
    kinds = [
        ("", "Relu", negates, 17),
        ("ai.onnx", "Constant", negates, 17),
        ("org.example", "Relu", negates, 13),
        ("org.example", "Self", calls_itself, 17),
        ("org.example", "Old", [helper.make_node("Softmax", ["p"], ["q"])], 12),
        ("org.example", "Unused", negates, 17),
    ]
    nodes = [
        relu(target="a", name="default"),
        helper.make_node("Relu", ["a"], ["b"], name="other", domain="org.example"),
        helper.make_node("Constant", [], ["c"], name="constant", value_float=1.0),
        helper.make_node("Sum", ["a", "b", "c"], ["y"], name="sum"),
        helper.make_node("Neg", ["nowhere"], ["z"], name="overloaded", overload="o"),
        helper.make_node("Self", ["a"], ["d"], name="recursive", domain="org.example"),
        helper.make_node("Relu", ["a", "b"], ["e"], name="wide", domain="org.example"),
        helper.make_node("Old", ["a"], ["f"], name="old", domain="org.example"),
    ]
    result = model(nodes, outputs=["y", "z"], ir=10, imports=["org.example"])
    for domain, name, body, opset in kinds:
        imports = [helper.make_opsetid("", opset), helper.make_opsetid("org.example", 1)]
        result.functions.append(helper.make_function(domain, name, ["p"], ["q"], body, imports))
    return result


def refusals():
    node = helper.make_node
    return model(
        [
            node("Foo", ["x"], ["a"], name="foo"),
            node("Bar", ["x"], ["b"], name="bar", domain="org.example"),
            node("Softmax", ["x"], ["c"], name="softmax", axes=1),
            node("LSTM", ["x", "w"], ["d"], name="layer", direction="sideways", hidden_size=[1]),
            node("Constant", [], ["e"], name="text", value_string="hello"),
        ],
        initializers=[weight("w", [1.0])],
        outputs=["a", "b", "c", "d", "e"],
        imports=["org.example"],
    )


def attribute_twice():
    node = helper.make_node("Relu", ["x"], ["y"], name="node", a=1)
    node.attribute.append(node.attribute[0])
    return model([node])


def segment():
    result = bad_tensor()
    result.graph.initializer[0].segment.begin = 0
    return result


MODELS = {
    "lstm": lstm,
    "branches": branches,
    "constants": constants,
    "typed": typed,
    "refusals": refusals,
    "default": lambda: model(
        [helper.make_node("Add", ["x", "w"], ["y"])], ["x", "w"], initializers=[weight("w", [1.0, 2.0])]
    ),
    "twice": lambda: model(
        [helper.make_node("Add", ["w", "w"], ["y"])], initializers=[weight("w", [1.0] * 300), weight("w", [1.0] * 300)]
    ),
    "unused_domain": lambda: model([relu()], imports=["org.example"]),
    "external": lambda: external("weights.bin", offset=8, length=8),
    "big_external": big_external,
    # Malformed from here on.
    "no_graph": lambda: ModelProto(ir_version=8),
    "no_ir_version": lambda: ModelProto(graph=GraphProto(name="g")),
    "ir_version": lambda: model([relu()], ir=15),
    "opset": lambda: model([relu()], opset=29),
    "opset_none": lambda: ModelProto(ir_version=8, graph=model([relu()]).graph),
    "opset_two": lambda: ModelProto(
        ir_version=8,
        graph=model([relu()]).graph,
        opset_import=[helper.make_opsetid("", 11), helper.make_opsetid("ai.onnx", 12)],
    ),
    "no_outputs": lambda: model([relu()], outputs=[]),
    "sequence": lambda: model([relu()], [helper.make_tensor_sequence_value_info("x", FLOAT, None)]),
    "complex": lambda: model([relu()], [info("x", (2,), TensorProto.COMPLEX64)]),
    "huge_input": lambda: model([relu()], [info("x", (2**40, 2**40))]),
    "negative_input": lambda: model([relu()], [info("x", (-2,))]),
    "undefined": lambda: model([relu("nothing", "y", "node")]),
    "unsorted": lambda: model([relu("a", "y", "second"), relu("x", "a", "first")]),
    "cycle": lambda: model([relu("b", "a", "one"), relu("a", "b", "two")], outputs=["a"]),
    "output_twice": lambda: model([relu()], outputs=["y", "y"]),
    "output_unknown": lambda: model([relu()], outputs=[info("y", element=99)]),
    "undefined_many": lambda: model([relu(f"a{k}", f"b{k}") for k in range(102)]),
    "output_input_type": lambda: model([relu()], outputs=["y", info("x", element=TensorProto.INT32)]),
    "undefined_output": lambda: model([relu()], outputs=["z"]),
    "duplicate": lambda: model([relu("x", "y", "one"), relu("x", "y", "two")]),
    "duplicate_weight": lambda: model([relu()], initializers=[weight("w", [1.0] * 300), weight("w", [2.0] * 300)]),
    "no_operator": lambda: model([helper.make_node("", ["x"], ["y"], name="node")]),
    "sparse": sparse,
    "sparse_unused": lambda: sparse(["t"], initializers=[weight("s", [1.0, 2.0])]),
    "sparse_input": lambda: sparse(inputs=["x", "s"]),
    "sparse_dense": lambda: sparse(initializers=[weight("s", [1.0, 2.0])]),
    "sparse_twice": lambda: sparse(["s", "s"]),
    "sparse_unnamed": lambda: sparse(["s", ""]),
    "sparse_in_a_branch": sparse_in_a_branch,
    "functions": functions,
    "attribute_twice": attribute_twice,
    "attribute_unnamed": lambda: with_attribute(name="", type=AttributeProto.INT, i=1),
    "attribute_untyped": lambda: with_attribute(i=1),
    "attribute_mixed": lambda: with_attribute(type=AttributeProto.INT, f=1.0),
    "attribute_reference": lambda: with_attribute(type=AttributeProto.INT, ref_attr_name="b"),
    "tensor_short": lambda: bad_tensor(raw_data=b"\0" * 7),
    "tensor_huge": lambda: bad_tensor(dims=[2**31, 2**31, 2**31]),
    "tensor_negative": lambda: bad_tensor(dims=[-2]),
    "tensor_rank": lambda: bad_tensor(dims=[1] * 65),
    "tensor_string": lambda: bad_tensor(data_type=TensorProto.STRING, raw_data=None, string_data=[b"a", b"b"]),
    "tensor_places": lambda: bad_tensor(float_data=[1.0, 2.0]),
    "tensor_field": lambda: bad_tensor(raw_data=None, int64_data=[1, 2]),
    "tensor_range": lambda: bad_tensor(raw_data=None, data_type=TensorProto.INT8, int32_data=[1, 128]),
    "tensor_bool": lambda: bad_tensor(raw_data=b"\0\2", data_type=TensorProto.BOOL),
    "tensor_segment": segment,
    "external_absolute": lambda: external("/etc/passwd"),
    "external_root": lambda: external("//weights.bin"),
    "external_parent": lambda: external("../outside.bin"),
    "external_link": lambda: external("link.bin"),
    "external_missing": lambda: external("missing.bin"),
    "external_folder": lambda: external("folder"),
    "external_length": lambda: external("weights.bin", length=4),
    "external_offset": lambda: external("weights.bin", offset=12),
    "external_number": lambda: external("weights.bin", offset="-1"),
    "external_nowhere": lambda: external(""),
    "nested": lambda: nested(30),
    "shadowing": shadowing,
}


if __name__ == "__main__":
    for name, build in MODELS.items():
        with open(f"{sys.argv[1]}/{name}.onnx", "wb") as file:
            file.write(build().SerializeToString())
