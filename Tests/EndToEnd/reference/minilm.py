"""all-MiniLM-L6-v2 in numpy, after "BERT: Pre-training of Deep Bidirectional Transformers" (Devlin et al. 2019) and
"Sentence-BERT" (Reimers and Gurevych 2019): what an engine's vectors are compared with. One text at a time, float32,
straight from the published weights; tokens come from the `tokenizers` package with the published tokenizer.json."""

import json
import math

import numpy
import tokenizers


def gelu(x):
    """x · Φ(x); the error function after Abramowitz and Stegun 7.1.26, whose error is below 1.5e-7."""
    z = numpy.abs(x) / numpy.float32(math.sqrt(2))
    t = 1 / (1 + numpy.float32(0.3275911) * z)
    series = numpy.zeros_like(t)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = (series + numpy.float32(factor)) * t
    erf = numpy.copysign(1 - series * numpy.exp(-z * z), x)
    return numpy.float32(0.5) * x * (1 + erf)


class MiniLM:
    """`files` reads the published files: `json(name)`, `read(name)` and `tensors()`, as `PublishedModel` does."""

    def __init__(self, files):
        config = files.json("config.json")
        self.heads = config["num_attention_heads"]
        self.layers = config["num_hidden_layers"]
        self.epsilon = config["layer_norm_eps"]
        self.weights = files.tensors()
        published = json.loads(files.read("tokenizer.json"))
        published["padding"] = published["truncation"] = None
        self.tokenizer = tokenizers.Tokenizer.from_str(json.dumps(published))

    def tokens(self, text):
        """The ids of a text, with those that open and close it."""
        return self.tokenizer.encode(text).ids

    def linear(self, name, x):
        return x @ self.weights[name + ".weight"].T + self.weights[name + ".bias"]

    def norm(self, name, x):
        x = x - x.mean(-1, keepdims=True)
        x = x / numpy.sqrt((x * x).mean(-1, keepdims=True) + numpy.float32(self.epsilon))
        return x * self.weights[name + ".weight"] + self.weights[name + ".bias"]

    def attention(self, layer, x):
        split = lambda part: self.linear(f"{layer}attention.self.{part}", x).reshape(len(x), self.heads, -1).swapaxes(0, 1)
        query, key, value = split("query"), split("key"), split("value")
        scores = query @ key.swapaxes(1, 2) / numpy.float32(math.sqrt(query.shape[-1]))
        scores = numpy.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        return self.linear(layer + "attention.output.dense", (scores @ value).swapaxes(0, 1).reshape(x.shape))

    def states(self, tokens):
        """[tokens, width]: the last layer's states."""
        embeddings = "embeddings."
        x = self.weights[embeddings + "word_embeddings.weight"][tokens]
        x = x + self.weights[embeddings + "position_embeddings.weight"][: len(tokens)]
        x = x + self.weights[embeddings + "token_type_embeddings.weight"][0]
        x = self.norm(embeddings + "LayerNorm", x)
        for number in range(self.layers):
            layer = f"encoder.layer.{number}."
            x = self.norm(layer + "attention.output.LayerNorm", x + self.attention(layer, x))
            inner = gelu(self.linear(layer + "intermediate.dense", x))
            x = self.norm(layer + "output.LayerNorm", x + self.linear(layer + "output.dense", inner))
        return x

    def vector(self, text):
        """The text's vector, of unit length; token ids are taken as they are."""
        tokens = self.tokens(text) if isinstance(text, str) else text
        mean = self.states(numpy.array(tokens)).mean(0)
        return mean / numpy.linalg.norm(mean)
