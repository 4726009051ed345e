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
