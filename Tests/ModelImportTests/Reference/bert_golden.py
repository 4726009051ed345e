"""Writes ../BERT/BERTGolden.swift: what numpy makes of the tiny encoders that ../Support/TinyEncoder.swift describes.

    python3 bert_golden.py        (needs numpy)
"""

import pathlib

import numpy as np

from bert_numpy import encode

WIDTH, HEADS, LAYERS, INNER, WORDS, POSITIONS = 8, 2, 2, 12, 20, 16
# The reference implementation makes it a multiple of 256, whatever the configuration says.
GATED_INNER = 256
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
    if family.startswith("nomic_bert"):
        result += [("embeddings.token_type_embeddings.weight", [2, WIDTH])] + norm("emb_ln")
        if family == "nomic_bert":
            linear = lambda name, inputs, outputs: [(name + ".weight", [outputs, inputs])]
        for index in range(LAYERS):
            layer = f"encoder.layers.{index}."
            result += linear(layer + "attn.Wqkv", WIDTH, 3 * WIDTH) + linear(layer + "attn.out_proj", WIDTH, WIDTH)
            result += norm(layer + "norm1")
            result += linear(layer + "mlp.fc11", WIDTH, GATED_INNER) + linear(layer + "mlp.fc12", WIDTH, GATED_INNER)
            result += linear(layer + "mlp.fc2", GATED_INNER, WIDTH) + norm(layer + "norm2")
        return result
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
    if family.startswith("nomic_bert"):
        has_biases = family == "nomic_bert with biases"
        return {
            "model_type": "nomic_bert", "n_layer": LAYERS, "n_head": HEADS, "activation_function": activation,
            "layer_norm_epsilon": 1e-12, "rotary_emb_base": 1000, "qkv_proj_bias": has_biases,
            "mlp_fc1_bias": has_biases, "mlp_fc2_bias": has_biases,
        }
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
    cases = {
        "bert": ("bert", "gelu"), "bertApproximate": ("bert", "gelu_new"), "roberta": ("roberta", "gelu"),
        "distilbert": ("distilbert", "relu"), "nomic": ("nomic_bert", "swiglu"),
        "nomicWithBiases": ("nomic_bert with biases", "geglu"),
    }
    for name, (family, activation) in cases.items():
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
