#!/usr/bin/env python3
"""Makes a small CLIP: two ONNX towers and a tokenizer, laid out as public exports of ViT-B/32 are.

    python3 clip.py FOLDER

writes text_model.onnx, vision_model.onnx, tokenizer.json and preprocessor_config.json, which make the model, and
weights.npz, from which a test computes what the towers should give. The weights are random numbers of a fixed seed:
the model knows nothing, but maps different inputs to different vectors.

The graphs follow Radford et al. 2021, "Learning Transferable Visual Models From Natural Language Supervision", in the
names and order of the usual PyTorch implementation: layer norm before each block, quick GELU, a causal text tower
pooled at the first end token (the highest id), a vision tower pooled at its class token, projections without bias.
"""

import dataclasses
import json
import pathlib
import sys

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

CONTEXT = 77
EPSILON = 1e-5
MEAN = [0.48145466, 0.4578275, 0.40821073]
DEVIATION = [0.26862954, 0.26130258, 0.27577711]
START, END = "<|startoftext|>", "<|endoftext|>"


@dataclasses.dataclass(frozen=True)
class Shape:
    """The extents of a model; both towers have the same."""

    width: int = 64
    heads: int = 4
    layers: int = 3
    projection: int = 32
    # In pixels, both sides.
    image: int = 224
    patch: int = 32
    # Tokens that are trained; the bytes at a word's end and the special ones come on top.
    vocabulary: int = 900


# Weights


def weights(shape, vocabulary, seed=20):
    random = numpy.random.default_rng(seed)
    width = shape.width

    def normal(*extents, scale):
        return random.normal(0, scale, extents).astype(numpy.float32)

    def norm(name):
        return {f"{name}.weight": 1 + normal(width, scale=0.1), f"{name}.bias": normal(width, scale=0.1)}

    def linear(name, inputs, outputs):
        return {
            f"{name}.weight": normal(inputs, outputs, scale=inputs**-0.5),
            f"{name}.bias": normal(outputs, scale=0.1),
        }

    def layers(tower):
        result = {}
        for layer in range(shape.layers):
            name = f"{tower}.layers.{layer}"
            result |= norm(f"{name}.norm1") | norm(f"{name}.norm2")
            for part in ("query", "key", "value", "out"):
                result |= linear(f"{name}.{part}", width, width)
            result |= linear(f"{name}.mlp1", width, 4 * width) | linear(f"{name}.mlp2", 4 * width, width)
        return result

    return (
        {
            "text.tokens": normal(vocabulary, width, scale=1),
            "text.positions": normal(CONTEXT, width, scale=0.5),
            "vision.patches": normal(width, 3, shape.patch, shape.patch, scale=2 / shape.patch),
            "vision.class": normal(width, scale=1),
            "vision.positions": normal((shape.image // shape.patch) ** 2 + 1, width, scale=0.5),
            "text.projection": normal(width, shape.projection, scale=width**-0.5),
            "vision.projection": normal(width, shape.projection, scale=width**-0.5),
        }
        | layers("text")
        | layers("vision")
        | norm("text.final")
        | norm("vision.before")
        | norm("vision.after")
    )


# Graphs


class Graph:
    """Nodes and constants of an ONNX graph, as they are added."""

    def __init__(self, shape, weights):
        self.shape = shape
        self.weights = weights
        self.nodes = []
        self.constants = {}

    def __call__(self, operator, *inputs, **attributes):
        """Adds a node; arrays among its inputs become constants. Returns the name of its output."""
        names = [value if isinstance(value, str) else self.constant(value) for value in inputs]
        output = f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, names, [output], **attributes))
        return output

    def constant(self, value):
        array = numpy.asarray(value)
        name = f"constant_{len(self.constants)}"
        self.constants[name] = numpy_helper.from_array(array, name)
        return name

    def weight(self, name):
        self.constants[name] = numpy_helper.from_array(self.weights[name], name)
        return name

    def norm(self, name, states):
        return self(
            "LayerNormalization", states, self.weight(f"{name}.weight"), self.weight(f"{name}.bias"), epsilon=EPSILON
        )

    def linear(self, name, states):
        return self("Add", self("MatMul", states, self.weight(f"{name}.weight")), self.weight(f"{name}.bias"))

    def heads(self, states):
        split = self("Reshape", states, [0, 0, self.shape.heads, self.shape.width // self.shape.heads])
        return self("Transpose", split, perm=[0, 2, 1, 3])

    def attention(self, name, states, mask):
        query, key, value = (self.heads(self.linear(f"{name}.{part}", states)) for part in ("query", "key", "value"))
        scaled = self("Mul", query, numpy.float32((self.shape.width // self.shape.heads) ** -0.5))
        scores = self("MatMul", scaled, self("Transpose", key, perm=[0, 1, 3, 2]))
        if mask:
            scores = self("Add", scores, mask)
        mixed = self("MatMul", self("Softmax", scores, axis=-1), value)
        merged = self("Reshape", self("Transpose", mixed, perm=[0, 2, 1, 3]), [0, 0, self.shape.width])
        return self.linear(f"{name}.out", merged)

    def mlp(self, name, states):
        inner = self.linear(f"{name}.mlp1", states)
        quick_gelu = self("Mul", inner, self("Sigmoid", self("Mul", inner, numpy.float32(1.702))))
        return self.linear(f"{name}.mlp2", quick_gelu)

    def layers(self, tower, states, mask=None):
        for layer in range(self.shape.layers):
            name = f"{tower}.layers.{layer}"
            states = self("Add", states, self.attention(name, self.norm(f"{name}.norm1", states), mask))
            states = self("Add", states, self.mlp(name, self.norm(f"{name}.norm2", states)))
        return states

    def model(self, inputs, outputs):
        """:param outputs: the names they shall have, the nodes they come from, and their shapes."""
        for name, source, _ in outputs:
            self.nodes.append(helper.make_node("Identity", [source], [name]))
        graph = helper.make_graph(
            self.nodes,
            "clip",
            [helper.make_tensor_value_info(*given) for given in inputs],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, _, shape in outputs],
            list(self.constants.values()),
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model, full_check=True)
        return model


def text_tower(shape, weights, with_mask):
    graph = Graph(shape, weights)
    length = graph("Gather", graph("Shape", "input_ids"), numpy.int64(1), axis=0)
    end = graph("Unsqueeze", length, [0])
    tokens = graph("Gather", graph.weight("text.tokens"), "input_ids", axis=0)
    positions = graph("Slice", graph.weight("text.positions"), [0], end, [0])
    causal = numpy.triu(numpy.full((CONTEXT, CONTEXT), -1e9, numpy.float32), 1)
    both = graph("Concat", end, end, axis=0)
    mask = graph("Slice", causal, [0, 0], both, [0, 1])
    if with_mask:
        present = graph("Cast", graph("Unsqueeze", "attention_mask", [1, 2]), to=TensorProto.FLOAT)
        mask = graph("Add", mask, graph("Mul", graph("Sub", numpy.float32(1), present), numpy.float32(-1e9)))
    states = graph("Add", tokens, positions)
    states = graph.norm("text.final", graph.layers("text", states, mask))
    # The first place of the highest id, which is the end token's.
    place = graph("ArgMax", "input_ids", axis=1, keepdims=1)
    pooled = graph("GatherND", states, place, batch_dims=1)
    embeds = graph("MatMul", pooled, graph.weight("text.projection"))
    inputs = [("input_ids", TensorProto.INT64, ["batch", "sequence"])]
    if with_mask:
        inputs.append(("attention_mask", TensorProto.INT64, ["batch", "sequence"]))
    return graph.model(
        inputs,
        [
            ("text_embeds", embeds, ["batch", shape.projection]),
            ("last_hidden_state", states, ["batch", "sequence", shape.width]),
        ],
    )


def vision_tower(shape, weights):
    graph = Graph(shape, weights)
    patches = graph("Conv", "pixel_values", graph.weight("vision.patches"), strides=[shape.patch, shape.patch])
    patches = graph("Transpose", graph("Reshape", patches, [0, shape.width, -1]), perm=[0, 2, 1])
    batch = graph("Slice", graph("Shape", "pixel_values"), [0], [1])
    extents = graph("Concat", batch, numpy.array([1, shape.width]), axis=0)
    first = graph("Expand", graph("Unsqueeze", graph.weight("vision.class"), [0, 1]), extents)
    states = graph("Add", graph("Concat", first, patches, axis=1), graph.weight("vision.positions"))
    states = graph.layers("vision", graph.norm("vision.before", states))
    pooled = graph.norm("vision.after", graph("Gather", states, numpy.int64(0), axis=1))
    embeds = graph("MatMul", pooled, graph.weight("vision.projection"))
    return graph.model(
        [("pixel_values", TensorProto.FLOAT, ["batch", 3, "height", "width"])],
        [
            ("image_embeds", embeds, ["batch", shape.projection]),
            ("last_hidden_state", states, ["batch", "patches", shape.width]),
        ],
    )


# Tokenizer


def tokenizer(shape, texts):
    """A byte-pair tokenizer of CLIP's layout, trained on some texts."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    pattern = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    result = Tokenizer(models.BPE(continuing_subword_prefix="", end_of_word_suffix="</w>"))
    result.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    result.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    # As in the real one every byte is a token, by itself and at a word's end, and the end token has the highest id. Left
    # to itself the trainer numbers the latter in no fixed order, by which it then chooses between merges.
    ends = [character + "</w>" for character in alphabet]
    trainer = trainers.BpeTrainer(
        vocab_size=shape.vocabulary + len(ends), special_tokens=alphabet + ends, end_of_word_suffix="</w>",
        show_progress=False,
    )  # fmt: skip
    result.train_from_iterator(texts, trainer)
    layout = json.loads(result.to_str())
    # None of these is special.
    layout["added_tokens"] = []
    model = layout["model"]
    for token in (START, END):
        model["vocab"][token] = len(model["vocab"])
    model["unk_token"] = END
    result = Tokenizer.from_str(json.dumps(layout))
    result.add_special_tokens([AddedToken(START, normalized=True), AddedToken(END, normalized=False)])
    result.decoder = decoders.ByteLevel()
    result.post_processor = processors.RobertaProcessing(
        (END, result.token_to_id(END)), (START, result.token_to_id(START)), trim_offsets=False, add_prefix_space=False
    )
    return result


# What the tokenizer learns its merges from: prose of its own, so that the model is the same whatever else is written.
TEXTS = """
A photo of a cat that sleeps on a red chair by the window, with a ball of wool between its feet.
Two dogs run along the beach in the evening; the smaller one carries a stick, and the sea behind them is green.
The quick brown fox jumps over the lazy dog, and the lazy dog does not even open its eyes to look at the fox.
This is a test of words and of pictures: for every picture there are words that say what is to be seen in it.
An old woman sells bread, apples and yellow flowers in a narrow street below the church, as her mother did before her.
Three children build a castle out of sand; the first brings water, the second digs, and the third gives orders.
The train stops at a small station between two mountains. Nobody gets off, nobody gets on, and it begins to snow.
A close view of a bicycle wheel with a broken spoke, leaning against a white wall under a number, 12, painted in black.
In winter the lake freezes, and people walk over it to the island, where somebody makes soup for all who come.
A photograph of a wooden table with a blue cup of coffee, an open book, a pair of glasses and a letter from far away.
The bridge was built by hand, stone upon stone, in seven years; since then a thousand carts have gone over it each day.
A black horse stands in high grass under a large tree, and a bird with a long tail is sitting on its back.
Models learn from many examples which words go with which pictures, and pictures with which other pictures.
The kitchen is full of smoke: someone has forgotten the pan, gone into the garden, and fallen asleep over the newspaper.
A city at night, seen from above: rows of lights, a dark river between them, and one boat with music and dancing.
He wrote the same sentence again and again until the page was full, then turned the page and wrote it once more.
A drawing of a house with a door, four windows, a chimney with smoke, and the sun in the upper corner, by a child of five.
There are days on which nothing happens, and they are not the worst; the bread is fresh, the cat is well, the roof is dry.
The market closes at noon. What is left of the fish goes to the cats, what is left of the fruit to the children.
A green bottle, half empty, beside a plate of cheese and grapes; the light falls on them from the left, as in old paintings.
She has counted the steps between her door and the library: there are one thousand and forty, and eleven more in the rain.
A football team in white shirts with the cup in their hands, some of them laughing, one of them with his eyes closed.
Clouds upon clouds over a field of wheat, a road that leads straight through it, and at its end the smallest of all cars.
When the clock in the tower struck ten, every pigeon of the town rose at once, as on every morning, and none knew why.
"""


def preprocessor(shape):
    """The file as exports have it."""
    return {
        "crop_size": {"height": shape.image, "width": shape.image},
        "do_center_crop": True,
        "do_convert_rgb": True,
        "do_normalize": True,
        "do_rescale": True,
        "do_resize": True,
        "feature_extractor_type": "CLIPFeatureExtractor",
        "image_mean": MEAN,
        "image_processor_type": "CLIPImageProcessor",
        "image_std": DEVIATION,
        "resample": 3,
        "rescale_factor": 0.00392156862745098,
        "size": {"shortest_edge": shape.image},
    }


def make(folder, shape=Shape(), with_mask=False):
    """Writes the model into a folder, which is made if need be.

    :param with_mask: gives the text tower an attention mask, as some exports have it.
    """
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    words = tokenizer(shape, TEXTS.splitlines())
    words.save(str(folder / "tokenizer.json"))
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor(shape), indent=2))
    arrays = weights(shape, words.get_vocab_size())
    onnx.save(text_tower(shape, arrays, with_mask), folder / "text_model.onnx")
    onnx.save(vision_tower(shape, arrays), folder / "vision_model.onnx")
    numpy.savez(folder / "weights.npz", **arrays, heads=shape.heads, layers=shape.layers)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    make(sys.argv[1])
