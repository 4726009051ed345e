#!/usr/bin/env python3
"""Makes a small encoder of nomic-embed-text's kind, laid out as its authors publish it, and the same as GGUF.

    python3 -m convert.nomic FOLDER [--gguf FILE] [--kind f32|f16|q8_0] [--full]

writes, where the folder is not there yet, config.json, model.safetensors, tokenizer.json, tokenizer_config.json,
sentence_bert_config.json and 1_Pooling/config.json. The weights are random numbers of a fixed seed: the model knows nothing,
but where a token stands and what stands around it matter as much as they can. `--full` gives it the sizes of
nomic-embed-text-v1.5, which measurements ask for.

The encoder is that of Nussbaum et al. 2024, "Nomic Embed: Training a Reproducible Long Context Text Embedder": BERT with
rotated positions, a gate in the feed-forward part, and no biases.
"""

import argparse
import dataclasses
import json
import pathlib

import gguf
import numpy
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from .minilm_gguf import TYPES, PublishedModel, add_tensor, finish, write_tokenizer

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,;:!?-'"
WORDS = """the of and a in to is was for on that with as by at from it an be are this or which one you his her their river
stone window garden music paper winter summer morning evening bread water house street letter question search query
document clustering classification""".split()


@dataclasses.dataclass(frozen=True)
class Shape:
    """The extents of a model."""

    width: int = 128
    heads: int = 2
    layers: int = 3
    # As the configuration has it; the matrices are as wide as the next multiple of 256.
    inner: int = 320
    positions: int = 2048
    # Rows of the table of words, at least; as the published one, it has more than there are words.
    vocabulary: int = 192

    @property
    def gated(self):
        return (self.inner + 255) // 256 * 256


FULL = Shape(width=768, heads=12, layers=12, inner=3072, positions=8192, vocabulary=30_528)


def tokenizer():
    pieces = SPECIAL + list(LETTERS) + ["##" + letter for letter in LETTERS] + sorted(set(WORDS) - set(LETTERS))
    made = Tokenizer(models.WordPiece({piece: index for index, piece in enumerate(pieces)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(name, pieces.index(name)) for name in ("[CLS]", "[SEP]")])
    made.add_special_tokens(SPECIAL)
    return made


def configuration(shape, vocabulary):
    return {
        "activation_function": "swiglu", "architectures": ["NomicBertModel"], "causal": False,
        "layer_norm_epsilon": 1e-12, "max_position_embeddings": 2048, "max_trained_positions": 2048,
        "mlp_fc1_bias": False, "mlp_fc2_bias": False, "model_type": "nomic_bert", "n_embd": shape.width,
        "n_head": shape.heads, "n_inner": shape.inner, "n_layer": shape.layers, "n_positions": shape.positions,
        "parallel_block": False, "prenorm": False, "qkv_proj_bias": False, "rotary_emb_base": 1000,
        "rotary_emb_fraction": 1.0, "rotary_emb_interleaved": False, "rotary_emb_scale_base": None,
        "rotary_scaling_factor": None, "type_vocab_size": 2, "use_rms_norm": False, "vocab_size": vocabulary,
    }  # fmt: skip


def weights(shape, vocabulary, seed=9):
    random = numpy.random.default_rng(seed)
    width, gated = shape.width, shape.gated

    def normal(*extents, scale):
        return random.standard_normal(extents, numpy.float32) * numpy.float32(scale)

    def norm(name):
        return {f"{name}.weight": 1 + normal(width, scale=0.1), f"{name}.bias": normal(width, scale=0.1)}

    result = {
        "embeddings.word_embeddings.weight": normal(vocabulary, width, scale=1),
        "embeddings.token_type_embeddings.weight": normal(2, width, scale=0.3),
    } | norm("emb_ln")
    for layer in range(shape.layers):
        name = f"encoder.layers.{layer}"
        projection = normal(3 * width, width, scale=width**-0.5)
        # Attention that looks at few tokens: which they are depends on where they stand.
        projection[: 2 * width] *= 2
        result |= {f"{name}.attn.Wqkv.weight": projection}
        result |= {f"{name}.attn.out_proj.weight": normal(width, width, scale=2 * width**-0.5)} | norm(f"{name}.norm1")
        for part in ("fc11", "fc12"):
            result[f"{name}.mlp.{part}.weight"] = normal(gated, width, scale=width**-0.5)
        result |= {f"{name}.mlp.fc2.weight": normal(width, gated, scale=gated**-0.5)} | norm(f"{name}.norm2")
    return result


def write_safetensors(path, tensors):
    header, start = {}, 0
    for name, values in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [start, start + values.nbytes]}
        start += values.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for values in tensors.values():
            file.write(values.tobytes())


def make(folder, shape=Shape()):
    folder = pathlib.Path(folder)
    (folder / "1_Pooling").mkdir(parents=True)
    tokens = tokenizer()
    tokens.save(str(folder / "tokenizer.json"))
    vocabulary = shape.vocabulary
    assert vocabulary >= tokens.get_vocab_size()
    for name, content in {
        "config.json": configuration(shape, vocabulary),
        "tokenizer_config.json": {"model_max_length": 8192, "tokenizer_class": "BertTokenizer"},
        "sentence_bert_config.json": {"max_seq_length": 8192, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": shape.width, "pooling_mode_mean_tokens": True},
    }.items():
        (folder / name).write_text(json.dumps(content))
    write_safetensors(folder / "model.safetensors", weights(shape, vocabulary))


EMBEDDINGS = {
    "embeddings.word_embeddings": "token_embd", "embeddings.token_type_embeddings": "token_types",
    "emb_ln": "token_embd_norm",
}  # fmt: skip
LAYER = {
    "attn.Wqkv": "attn_qkv", "attn.out_proj": "attn_output", "norm1": "attn_output_norm", "mlp.fc11": "ffn_up",
    "mlp.fc12": "ffn_gate", "mlp.fc2": "ffn_down", "norm2": "layer_output_norm",
}  # fmt: skip


def gguf_name(published):
    module, kind = published.rsplit(".", 1)
    if module in EMBEDDINGS:
        return f"{EMBEDDINGS[module]}.{kind}"
    number, part = module.removeprefix("encoder.layers.").split(".", 1)
    return f"blk.{number}.{LAYER[part]}.{kind}"


def write_gguf(folder, path, kind="f16"):
    """The model of a folder as llama.cpp reads it; the type is that of the matrices."""
    model = PublishedModel(folder)
    config = model.json("config.json")
    matrix_type, file_type = TYPES[kind]
    writer = gguf.GGUFWriter(path, "nomic-bert")
    writer.add_name("a model of nomic's kind")
    writer.add_context_length(config["n_positions"])
    writer.add_embedding_length(config["n_embd"])
    writer.add_feed_forward_length(model.tensors()["encoder.layers.0.mlp.fc11.weight"].shape[0])
    writer.add_block_count(config["n_layer"])
    writer.add_head_count(config["n_head"])
    writer.add_layer_norm_eps(config["layer_norm_epsilon"])
    writer.add_rope_freq_base(config["rotary_emb_base"])
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_file_type(file_type)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    write_tokenizer(writer, model, config["type_vocab_size"])
    vocabulary = len(model.json("tokenizer.json")["model"]["vocab"])
    for published, values in model.tensors().items():
        name = gguf_name(published)
        if name.startswith("token_embd."):
            values = numpy.ascontiguousarray(values[:vocabulary])
        add_tensor(writer, name, values, matrix_type)
    finish(writer)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--gguf", metavar="FILE")
    parser.add_argument("--kind", choices=TYPES, default="f16", help="the type of the GGUF file's matrices")
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    if not pathlib.Path(options.folder).exists():
        make(options.folder, FULL if options.full else Shape())
    if options.gguf:
        write_gguf(options.folder, options.gguf, options.kind)


if __name__ == "__main__":
    main()
