#!/usr/bin/env python3
"""Makes a very small CLIP model, pictures, and the golden values of both.

    python3 make.py

Needs the packages of Tests/EndToEnd/requirements.txt, but Pillow before 13: from there on it shrinks some tall pictures
in height first, which rounds otherwise; models were trained with width first. Writes beside itself

    text_model.onnx, vision_model.onnx, tokenizer.json, preprocessor_config.json
                                the model, by Tests/EndToEnd/convert/clip.py
    text_model_masked.onnx      the same text tower with an attention mask
    NAME.png, .jpg, .webp       pictures
    golden.json                 texts, tokens and pictures with their vectors, by Tests/EndToEnd/reference/clip.py (numpy)
    huge.png                    60,000 × 60,000 pixels by its header
    sizes.rgb                   the squares that Pillow makes of the pictures which `drawn` draws, one for each of SIZES
"""

import io
import json
import pathlib
import struct
import sys
import zlib

import numpy
import PIL.Image

HERE = pathlib.Path(__file__).resolve().parent
END_TO_END = HERE.parents[2] / "EndToEnd"
sys.path[:0] = [str(END_TO_END), str(END_TO_END / "convert")]

import clip  # noqa: E402
from reference.clip import CLIP  # noqa: E402

SHAPE = clip.Shape(width=16, heads=2, layers=2, projection=8, image=32, patch=16, vocabulary=560)
TEXTS = [
    "",
    "a",
    "A photo of a cat.",
    "a photo of a dog",
    "The quick brown fox jumps over the lazy dog, again and again, until the evening comes.",
    "Zürich, 12 naïve cafés; 你好 👍🏽",
    "models and pictures " * 9,
]
SIZES = [(1, 1), (1, 40), (2, 3), (31, 32), (32, 32), (33, 47), (40, 7), (64, 64), (65, 129), (100, 32), (101, 99)]
SIZES += [(127, 640), (224, 224), (255, 33), (300, 201), (333, 500), (512, 77), (640, 480), (1000, 3), (1021, 613)]


def drawn(width, height):
    """A picture that the test draws too: full of edges, so that a shifted or missing filter shows."""
    y, x, channel = numpy.ogrid[:height, :width, :3]
    return ((x * x * 7 + x * y * 13 + (x ^ y) * 5 + channel * 97) & 255).astype(numpy.uint8)


def pictures():
    """By file name: one of each kind that is decoded differently."""
    smooth = PIL.Image.fromarray(drawn(9, 7)).resize((90, 62), PIL.Image.BICUBIC)
    turned = PIL.Image.Exif()
    turned[0x0112] = 6
    with_alpha = smooth.copy()
    with_alpha.putalpha(PIL.Image.fromarray(drawn(90, 62)[..., 1]))
    return {
        "plain.png": (smooth, {}),
        "grey.png": (smooth.convert("L"), {}),
        "alpha.webp": (with_alpha, {"lossless": True, "exact": True}),
        "turned.jpg": (smooth, {"quality": 90, "exif": turned}),
        "tiny.png": (PIL.Image.fromarray(drawn(3, 2)), {}),
    }


def huge():
    """A small PNG that would fill 10 GB."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(99_999))) + chunk(b"IEND", b"")


def main():
    clip.make(HERE, SHAPE, with_mask=True)
    (HERE / "text_model.onnx").rename(HERE / "text_model_masked.onnx")
    clip.make(HERE, SHAPE)
    reference = CLIP(HERE)
    (HERE / "weights.npz").unlink()

    def entry(vector, **given):
        return given | {"vector": [round(float(component), 6) for component in vector]}

    golden = {"texts": [], "tokens": [], "pictures": []}
    for text in TEXTS:
        golden["texts"].append(entry(reference.of_text(text), text=text, count=len(reference.tokens(text))))
    for tokens in ([5], [7, 300, 12], list(range(100, 175))):
        start, end = reference.tokens("")
        golden["tokens"].append(entry(reference.of_tokens([start, *tokens, end]), tokens=tokens))
    for name, (picture, options) in pictures().items():
        picture.save(HERE / name, **options)
        golden["pictures"].append(entry(reference.of_picture((HERE / name).read_bytes()), file=name))
    golden["sizes"] = SIZES
    (HERE / "golden.json").write_text(json.dumps(golden, indent=1))

    (HERE / "huge.png").write_bytes(huge())
    squares = []
    for size in SIZES:
        file = io.BytesIO()
        PIL.Image.fromarray(drawn(*size)).save(file, "PNG")
        squares.append(reference.pixels(file.getvalue()).tobytes())
    (HERE / "sizes.rgb").write_bytes(b"".join(squares))


if __name__ == "__main__":
    main()
