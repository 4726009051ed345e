"""Writes ../BERT/BERTGolden.swift: what numpy makes of the tiny encoders that ../Support/TinyEncoder.swift describes.

    python3 bert_golden.py        (needs numpy)
"""

import pathlib

import numpy as np

from bert_numpy import encode

WIDTH, HEADS, LAYERS, INNER, WORDS, POSITIONS = 8, 2, 2, 12, 20, 16
TEXTS = [[2, 7, 5, 19, 11, 3], [2, 13, 3]]


def values(shape, number):
    """The weights of the tensor with this number: whole 256ths, exact in f32, f16 and bf16 alike."""
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    return (((i * i * 7 + i * 37 + number * 101) % 257 - 128) / 256).reshape(shape)


def tensors(family):
    """Names and shapes in the order that gives each tensor its number."""
    norm = lambda name: [(name + ".weight", [WIDTH]), (name + ".bias", [WIDTH])]
    linear = lambda name, inputs, outputs: [(name + ".weight", [outputs, inputs]), (name + ".bias", [outputs])]
    result = [("embeddings.word_embeddings.weight", [WORDS, WIDTH])]
    result += [("embeddings.position_embeddings.weight", [POSITIONS, WIDTH])]
    if family == "bert":
        result += [("embeddings.token_type_embeddings.weight", [2, WIDTH])]
    if family == "roberta":
        result += [("embeddings.token_type_embeddings.weight", [1, WIDTH])]
    result += norm("embeddings.LayerNorm")
    for index in range(LAYERS):
        if family == "distilbert":
            layer = f"transformer.layer.{index}."
            for name in ("q_lin", "k_lin", "v_lin", "out_lin"):
                result += linear(layer + "attention." + name, WIDTH, WIDTH)
            result += norm(layer + "sa_layer_norm")
            result += linear(layer + "ffn.lin1", WIDTH, INNER) + linear(layer + "ffn.lin2", INNER, WIDTH)
            result += norm(layer + "output_layer_norm")
        else:
            layer = f"encoder.layer.{index}."
            for name in ("self.query", "self.key", "self.value", "output.dense"):
                result += linear(layer + "attention." + name, WIDTH, WIDTH)
            result += norm(layer + "attention.output.LayerNorm")
            result += linear(layer + "intermediate.dense", WIDTH, INNER) + linear(layer + "output.dense", INNER, WIDTH)
            result += norm(layer + "output.LayerNorm")
    return result


def config(family, activation):
    return {
        "model_type": family, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "hidden_act": activation,
        "layer_norm_eps": 1e-12, "pad_token_id": 1 if family == "roberta" else 0,
    }


def case(family, activation):
    weights = {name: values(shape, number) for number, (name, shape) in enumerate(tensors(family))}
    for text in TEXTS:
        yield encode(config(family, activation), weights, text)


def main():
    lines = [
        "// Made by Reference/bert_golden.py; not to be edited.",
        "",
        "/// What numpy makes of the texts of ``TinyEncoder``, in float64, [tokens, width] each.",
        "enum BERTGolden {",
        "    static let texts: [[Int64]] = " + str(TEXTS),
    ]
    for family, activation in (("bert", "gelu"), ("bert", "gelu_new"), ("roberta", "gelu"), ("distilbert", "relu")):
        name = family + {"gelu": "", "gelu_new": "Approximate", "relu": ""}[activation]
        lines += ["", f"    static let {name}: [[Float]] = ["]
        for state in case(family, activation):
            lines += ["        ["]
            for row in state:
                lines += ["            " + " ".join(f"{value:.7f}," for value in row)]
            lines += ["        ],"]
        lines += ["    ]"]
    lines += ["}", ""]
    path = pathlib.Path(__file__).parent.parent / "BERT" / "BERTGolden.swift"
    path.write_text("\n".join(lines))


main()
