"""An encoder of nomic-embed-text's kind in numpy, after Nussbaum et al. 2024, Su et al. 2021 (rotated positions) and Shazeer
2020 (the gate): what an engine's vectors are compared with. One text at a time, in float64, straight from the weights;
tokens come from the `tokenizers` package."""

import math

import numpy
import tokenizers


class Nomic:
    """`files` reads the published files: `json(name)`, `read(name)` and `tensors()`, as `PublishedModel` does."""

    def __init__(self, files, turns=True):
        config = files.json("config.json")
        self.heads, self.layers = config["n_head"], config["n_layer"]
        self.epsilon, self.base = config["layer_norm_epsilon"], config["rotary_emb_base"]
        self.turns = turns
        self.weights = {name: values.astype(numpy.float64) for name, values in files.tensors().items()}
        self.tokenizer = tokenizers.Tokenizer.from_str(files.read("tokenizer.json").decode())

    def tokens(self, text):
        """The ids of a text, with those that open and close it."""
        return self.tokenizer.encode(text).ids

    def norm(self, name, x):
        x = x - x.mean(-1, keepdims=True)
        x = x / numpy.sqrt((x * x).mean(-1, keepdims=True) + self.epsilon)
        return x * self.weights[name + ".weight"] + self.weights[name + ".bias"]

    def turned(self, x):
        """[heads, tokens, width]: components (i, i + half) are a point, turned by its position and the pair's speed."""
        if not self.turns:
            return x
        half = x.shape[-1] // 2
        angles = numpy.outer(numpy.arange(x.shape[1]), self.base ** (-numpy.arange(half) / half))
        points = (x[..., :half] + 1j * x[..., half:]) * numpy.exp(1j * angles)
        return numpy.concatenate([points.real, points.imag], -1)

    def attention(self, layer, x):
        parts = numpy.split(x @ self.weights[layer + "attn.Wqkv.weight"].T, 3, -1)
        query, key, value = (part.reshape(len(x), self.heads, -1).swapaxes(0, 1) for part in parts)
        scores = self.turned(query) @ self.turned(key).swapaxes(1, 2) / math.sqrt(query.shape[-1])
        scores = numpy.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        return (scores @ value).swapaxes(0, 1).reshape(x.shape) @ self.weights[layer + "attn.out_proj.weight"].T

    def inner(self, layer, x):
        gate = x @ self.weights[layer + "mlp.fc12.weight"].T
        inner = x @ self.weights[layer + "mlp.fc11.weight"].T * gate / (1 + numpy.exp(-gate))
        return inner @ self.weights[layer + "mlp.fc2.weight"].T

    def states(self, tokens):
        """[tokens, width]: the last layer's states."""
        x = self.weights["embeddings.word_embeddings.weight"][tokens]
        x = self.norm("emb_ln", x + self.weights["embeddings.token_type_embeddings.weight"][0])
        for number in range(self.layers):
            layer = f"encoder.layers.{number}."
            x = self.norm(layer + "norm1", x + self.attention(layer, x))
            x = self.norm(layer + "norm2", x + self.inner(layer, x))
        return x

    def vector(self, text):
        """The text's vector, of unit length; token ids are taken as they are."""
        tokens = self.tokens(text) if isinstance(text, str) else text
        mean = self.states(numpy.array(tokens)).mean(0)
        return mean / numpy.linalg.norm(mean)
