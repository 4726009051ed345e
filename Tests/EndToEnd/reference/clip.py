"""CLIP in numpy, after Radford et al. 2021, "Learning Transferable Visual Models From Natural Language Supervision":
what an engine's vectors are compared with. One text or picture at a time, float64, from the weights that
convert/clip.py writes; tokens come from the `tokenizers` package, and pictures are prepared with Pillow, in the steps
of transformers' CLIPImageProcessor."""

import io
import json
import pathlib

import numpy
import PIL.Image
import PIL.ImageOps
import tokenizers


def unit(vector):
    return vector / numpy.linalg.norm(vector)


class CLIP:
    """A model of a folder that convert/clip.py has written."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        with numpy.load(folder / "weights.npz") as arrays:
            self.weights = {name: arrays[name].astype(numpy.float64) for name in arrays.files}
        self.heads, self.layers = int(self.weights["heads"]), int(self.weights["layers"])
        self.tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.preprocessor = json.loads((folder / "preprocessor_config.json").read_text())

    # Towers

    def linear(self, name, x):
        return x @ self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def norm(self, name, x):
        x = x - x.mean(-1, keepdims=True)
        x = x / numpy.sqrt((x * x).mean(-1, keepdims=True) + 1e-5)
        return x * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def attention(self, name, x, causal):
        length, width = x.shape
        query, key, value = (
            self.linear(f"{name}.{part}", x).reshape(length, self.heads, -1).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(1, 2) / numpy.sqrt(width // self.heads)
        if causal:
            scores = numpy.where(numpy.tri(length, dtype=bool), scores, -numpy.inf)
        scores = numpy.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True)) @ value
        return self.linear(f"{name}.out", mixed.swapaxes(0, 1).reshape(length, width))

    def blocks(self, tower, x, causal):
        for layer in range(self.layers):
            name = f"{tower}.layers.{layer}"
            x = x + self.attention(name, self.norm(f"{name}.norm1", x), causal)
            inner = self.linear(f"{name}.mlp1", self.norm(f"{name}.norm2", x))
            x = x + self.linear(f"{name}.mlp2", inner / (1 + numpy.exp(-1.702 * inner)))
        return x

    def tokens(self, text):
        """The ids of a text, with those that start and end it."""
        return self.tokenizer.encode(text).ids

    def of_tokens(self, tokens):
        """The vector of a text's tokens."""
        x = self.weights["text.tokens"][tokens] + self.weights["text.positions"][: len(tokens)]
        x = self.norm("text.final", self.blocks("text", x, causal=True))
        return unit(x[numpy.argmax(tokens)] @ self.weights["text.projection"])

    def of_text(self, text):
        return self.of_tokens(self.tokens(text))

    def of_values(self, values):
        """The vector of a prepared picture, [3, height, width]."""
        kernel = self.weights["vision.patches"]
        patch = kernel.shape[-1]
        rows, columns = (side // patch for side in values.shape[1:])
        patches = values.reshape(3, rows, patch, columns, patch).transpose(1, 3, 0, 2, 4).reshape(rows * columns, -1)
        x = numpy.concatenate([self.weights["vision.class"][None], patches @ kernel.reshape(len(kernel), -1).T])
        x = self.norm("vision.before", x + self.weights["vision.positions"])
        x = self.blocks("vision", x, causal=False)
        return unit(self.norm("vision.after", x[0]) @ self.weights["vision.projection"])

    # Pictures

    def pixels(self, file):
        """The square that the model sees, [side, side, 3] bytes."""
        picture = PIL.ImageOps.exif_transpose(PIL.Image.open(io.BytesIO(file))).convert("RGB")
        side, crop = self.preprocessor["size"]["shortest_edge"], self.preprocessor["crop_size"]["width"]
        width, height = picture.size
        shortest = min(width, height)
        picture = picture.resize((side * width // shortest, side * height // shortest), PIL.Image.BICUBIC)
        left, top = (picture.width - crop) // 2, (picture.height - crop) // 2
        return numpy.asarray(picture.crop((left, top, left + crop, top + crop)))

    def of_picture(self, file):
        """The vector of a picture's file."""
        scaled = self.pixels(file) * self.preprocessor["rescale_factor"]
        normalized = (scaled - self.preprocessor["image_mean"]) / self.preprocessor["image_std"]
        return self.of_values(normalized.transpose(2, 0, 1))
