"""BERT-family encoders in numpy, straight from their papers: the independent source of the golden values."""

import math

import numpy as np


def erf(x):
    return np.vectorize(math.erf, otypes=[np.float64])(x)


def layer_norm(x, weight, bias, epsilon):
    mean = x.mean(-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + epsilon) * weight + bias


def softmax(x):
    x = np.exp(x - x.max(-1, keepdims=True))
    return x / x.sum(-1, keepdims=True)


ACTIVATIONS = {
    "gelu": lambda x: 0.5 * x * (1 + erf(x / math.sqrt(2))),
    "gelu_new": lambda x: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    "relu": lambda x: np.maximum(x, 0),
}
# Of the gate (Shazeer, 2020, "GLU Variants Improve Transformer").
GATES = {"swiglu": lambda x: x / (1 + np.exp(-x)), "geglu": ACTIVATIONS["gelu"]}

BERT = dict(
    query="attention.self.query", key="attention.self.key", value="attention.self.value",
    attention="attention.output.dense", attention_norm="attention.output.LayerNorm",
    expansion="intermediate.dense", contraction="output.dense", norm="output.LayerNorm", layer="encoder.layer.",
)
DISTILBERT = dict(
    query="attention.q_lin", key="attention.k_lin", value="attention.v_lin", attention="attention.out_lin",
    attention_norm="sa_layer_norm", expansion="ffn.lin1", contraction="ffn.lin2", norm="output_layer_norm",
    layer="transformer.layer.",
)


def encode(config, weights, tokens, prefix=""):
    """The last hidden state of one text without padding, [tokens, width], in float64."""
    family = config["model_type"]
    if family == "nomic_bert":
        return encode_nomic(config, weights, tokens, prefix)
    names = DISTILBERT if family == "distilbert" else BERT
    heads = config.get("num_attention_heads", config.get("n_heads"))
    epsilon = config.get("layer_norm_eps", 1e-12)
    activation = ACTIVATIONS[config.get("hidden_act", config.get("activation"))]

    def get(name):
        return weights[prefix + name].astype(np.float64)

    def linear(x, name):
        return x @ get(name + ".weight").T + get(name + ".bias")

    def norm(x, name):
        return layer_norm(x, get(name + ".weight"), get(name + ".bias"), epsilon)

    first = config["pad_token_id"] + 1 if family in ("roberta", "xlm-roberta") else 0
    x = get("embeddings.word_embeddings.weight")[tokens]
    x = x + get("embeddings.position_embeddings.weight")[first : first + len(tokens)]
    if family != "distilbert":
        x = x + get("embeddings.token_type_embeddings.weight")[0]
    x = norm(x, "embeddings.LayerNorm")
    for index in range(config.get("num_hidden_layers", config.get("n_layers"))):
        layer = f"{names['layer']}{index}."

        def split(y):
            return y.reshape(len(tokens), heads, -1).transpose(1, 0, 2)

        query, key, value = (split(linear(x, layer + names[role])) for role in ("query", "key", "value"))
        shares = softmax(query @ key.transpose(0, 2, 1) / math.sqrt(query.shape[-1]))
        attended = (shares @ value).transpose(1, 0, 2).reshape(len(tokens), -1)
        x = norm(x + linear(attended, layer + names["attention"]), layer + names["attention_norm"])
        inner = activation(linear(x, layer + names["expansion"]))
        x = norm(x + linear(inner, layer + names["contraction"]), layer + names["norm"])
    return x


def rotated(x, base):
    """Points (i, i + half) of each head turned by position / base^(2i / width) (Su et al., 2021), as complex numbers.

    x is of shape [heads, tokens, width].
    """
    half = x.shape[-1] // 2
    points = x[..., :half] + 1j * x[..., half:]
    angles = np.outer(np.arange(x.shape[1]), base ** (-np.arange(half) / half))
    points = points * np.exp(1j * angles)
    return np.concatenate([points.real, points.imag], axis=-1)


def encode_nomic(config, weights, tokens, prefix=""):
    """The same of nomic's kind: rotated positions, and a gate."""
    heads, epsilon = config["n_head"], config["layer_norm_epsilon"]
    gate = GATES[config["activation_function"]]

    def get(name):
        return weights[prefix + name].astype(np.float64)

    def linear(x, name, has_bias):
        return x @ get(name + ".weight").T + (get(name + ".bias") if has_bias else 0)

    def norm(x, name):
        return layer_norm(x, get(name + ".weight"), get(name + ".bias"), epsilon)

    def split(y):
        return y.reshape(len(tokens), heads, -1).transpose(1, 0, 2)

    x = get("embeddings.word_embeddings.weight")[tokens] + get("embeddings.token_type_embeddings.weight")[0]
    x = norm(x, "emb_ln")
    for index in range(config["n_layer"]):
        layer = f"encoder.layers.{index}."
        projected = linear(x, layer + "attn.Wqkv", config["qkv_proj_bias"])
        query, key, value = (split(part) for part in np.split(projected, 3, axis=-1))
        query, key = (rotated(part, config["rotary_emb_base"]) for part in (query, key))
        shares = softmax(query @ key.transpose(0, 2, 1) / math.sqrt(query.shape[-1]))
        attended = (shares @ value).transpose(1, 0, 2).reshape(len(tokens), -1)
        x = norm(x + linear(attended, layer + "attn.out_proj", config["qkv_proj_bias"]), layer + "norm1")
        inner = linear(x, layer + "mlp.fc11", config["mlp_fc1_bias"])
        inner = inner * gate(linear(x, layer + "mlp.fc12", config["mlp_fc1_bias"]))
        x = norm(x + linear(inner, layer + "mlp.fc2", config["mlp_fc2_bias"]), layer + "norm2")
    return x
