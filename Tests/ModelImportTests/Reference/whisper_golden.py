"""Writes ../Whisper/WhisperGolden.swift: what numpy makes of the tiny model that ../Support/TinyWhisper.swift describes.

    python3 whisper_golden.py        (needs numpy)
"""

import math
import pathlib

import numpy as np

WIDTH, HEADS, BANDS, AUDIO, TEXT, INNER, WORDS = 8, 2, 4, 6, 16, 12, 40
TOKENS = [21, 22, 25, 3, 17]
ALIGNMENT = [(0, 1), (1, 1)]


def shapes():
    """Names and shapes in the order that gives each tensor its number."""
    norm = lambda name: [(name + "/gamma", [WIDTH]), (name + "/beta", [WIDTH])]
    linear = lambda name, inputs, outputs: [(name + "/weight", [outputs, inputs]), (name + "/bias", [outputs])]
    result = [
        ("encoder/conv1/weight", [WIDTH, BANDS, 3]), ("encoder/conv1/bias", [WIDTH]),
        ("encoder/conv2/weight", [WIDTH, WIDTH, 3]), ("encoder/conv2/bias", [WIDTH]),
        ("encoder/position_encodings/encodings", [AUDIO, WIDTH]),
        ("decoder/position_encodings/encodings", [TEXT, WIDTH]),
        ("decoder/embeddings/weight", [WORDS, WIDTH]),
    ]
    for part in ("encoder", "decoder"):
        for index in range(2):
            layer = f"{part}/layer_{index}/"
            result += norm(layer + "self_attention/layer_norm")
            result += linear(layer + "self_attention/linear_0", WIDTH, 3 * WIDTH)
            result += linear(layer + "self_attention/linear_1", WIDTH, WIDTH)
            if part == "decoder":
                result += norm(layer + "attention/layer_norm") + linear(layer + "attention/linear_0", WIDTH, WIDTH)
                result += linear(layer + "attention/linear_1", WIDTH, 2 * WIDTH)
                result += linear(layer + "attention/linear_2", WIDTH, WIDTH)
            result += norm(layer + "ffn/layer_norm") + linear(layer + "ffn/linear_0", WIDTH, INNER)
            result += linear(layer + "ffn/linear_1", INNER, WIDTH)
        result += norm(part + "/layer_norm")
    return result


def values(name, shape, number):
    """Whole 256ths; each row of a matrix begins with 127, each bias of keys is 0."""
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    numbers = ((i * i * 7 + i * 37 + number * 101) % 255 - 127).astype(np.float64)
    if len(shape) > 1:
        numbers[:: int(np.prod(shape[1:]))] = 127
    if name.endswith("self_attention/linear_0/bias"):
        numbers[WIDTH : 2 * WIDTH] = 0
    elif name.endswith("/attention/linear_1/bias"):
        numbers[:WIDTH] = 0
    return numbers.reshape(shape) / 256


W = {name: values(name, shape, number) for number, (name, shape) in enumerate(shapes())}
gelu = np.vectorize(lambda x: x / 2 * (1 + math.erf(x / math.sqrt(2))))


def linear(x, name):
    return x @ W[name + "/weight"].T + W[name + "/bias"]


def norm(x, name):
    mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-5) * W[name + "/gamma"] + W[name + "/beta"]


def attend(query, key, value, mask=0.0):
    split = lambda x: x.reshape(len(x), HEADS, -1).transpose(1, 0, 2)
    scores = split(query) @ split(key).transpose(0, 2, 1) / math.sqrt(WIDTH // HEADS) + mask
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    shares /= shares.sum(-1, keepdims=True)
    return (shares @ split(value)).transpose(1, 0, 2).reshape(len(query), WIDTH), shares


def convolve(x, name, stride):
    """x is [inputs, frames]; a kernel of three, one frame of zeros at each end."""
    padded = np.pad(x, ((0, 0), (1, 1)))
    starts = range(0, padded.shape[1] - 2, stride)
    windows = [np.tensordot(W[name + "/weight"], padded[:, i : i + 3], ([1, 2], [0, 1])) for i in starts]
    return gelu(np.stack(windows, 1) + W[name + "/bias"][:, None])


def feed_forward(x, layer):
    return x + linear(gelu(linear(norm(x, layer + "ffn/layer_norm"), layer + "ffn/linear_0")), layer + "ffn/linear_1")


def self_attention(x, layer, mask=0.0):
    joint = linear(norm(x, layer + "self_attention/layer_norm"), layer + "self_attention/linear_0")
    return x + linear(attend(*np.split(joint, 3, -1), mask)[0], layer + "self_attention/linear_1")


def encode(mel):
    x = convolve(convolve(mel, "encoder/conv1", 1), "encoder/conv2", 2).T
    x = x + W["encoder/position_encodings/encodings"]
    for index in range(2):
        layer = f"encoder/layer_{index}/"
        x = feed_forward(self_attention(x, layer), layer)
    return norm(x, "encoder/layer_norm")


def decode(sound, tokens):
    x = W["decoder/embeddings/weight"][tokens] + W["decoder/position_encodings/encodings"][: len(tokens)]
    mask = np.triu(np.full((len(tokens), len(tokens)), -np.inf), 1)
    shares = []
    for index in range(2):
        layer = f"decoder/layer_{index}/"
        x = self_attention(x, layer, mask)
        query = linear(norm(x, layer + "attention/layer_norm"), layer + "attention/linear_0")
        attended, weights = attend(query, *np.split(linear(sound, layer + "attention/linear_1"), 2, -1))
        shares.append(weights)
        x = feed_forward(x + linear(attended, layer + "attention/linear_2"), layer)
    return norm(x, "decoder/layer_norm") @ W["decoder/embeddings/weight"].T, shares


def swift(numbers, indent):
    texts = [f"{number:.6f}" for number in np.ravel(numbers)]
    lines = [", ".join(texts[i : i + 10]) for i in range(0, len(texts), 10)]
    return (",\n" + " " * indent).join(lines)


mel = (((np.arange(BANDS * 2 * AUDIO) * 29) % 64 - 32) / 32).reshape(BANDS, 2 * AUDIO)
scores, shares = decode(encode(mel), TOKENS)
chosen = np.stack([shares[layer][head] for layer, head in ALIGNMENT])
rows = "".join(f"        [\n            {swift(row, 12)},\n        ],\n" for row in scores)
text = f"""/// By Reference/whisper_golden.py.
enum WhisperGolden {{
    static let tokens: [Int64] = {TOKENS}

    /// The scores behind each of the tokens.
    static let scores: [[Float]] = [
{rows}    ]

    /// Of the heads 1 in layer 0 and 1 in layer 1, for each token.
    static let shares: [Float] = [
        {swift(chosen, 8)},
    ]
}}
"""
(pathlib.Path(__file__).parent.parent / "Whisper" / "WhisperGolden.swift").write_text(text)
