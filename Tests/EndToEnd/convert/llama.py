"""Makes small chat models of the Llama layout in GGUF (Touvron et al. 2023): their weights are chosen or random, and their
vocabulary has a token for each byte, as that of GPT-2. What they answer does not depend on the CPU that computes it."""

import pathlib

import gguf
import numpy

from .minilm_gguf import finish

# Begin and end a message of a conversation.
BEGIN, END = "<|im_start|>", "<|im_end|>"
TEMPLATE = (
    "{% for message in messages %}" + BEGIN + "{{ message.role }}\n{{ message.content }}" + END + "\n{% endfor %}"
    "{% if add_generation_prompt %}" + BEGIN + "assistant\n{% endif %}"
)
MATRICES = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")


def small_model(path, kilobytes=64):
    """A file that is a chat model as far as an install looks, and answers nothing."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(64)
    writer.add_embedding_length(8)
    writer.add_block_count(1)
    writer.add_tensor("token_embd.weight", numpy.zeros((kilobytes * 32, 8), dtype=numpy.float32))
    finish(writer)
    return pathlib.Path(path)


def model_that_says(answer, path):
    """A chat model that says one text to whatever it is asked, however it is sampled and whatever computes it.

    Its layer adds nothing, so that each token alone decides on the next one: after the answer comes the end, after all
    else the answer, with a logit of 80 where all others have 0. The text is one token.
    """
    tokens, width = vocabulary(answer), 32
    spoken, end = tokens.index(answer), tokens.index(END)
    embedding = numpy.zeros((len(tokens), width), dtype=numpy.float32)
    embedding[:, 0] = 1
    embedding[spoken, :2] = 0, 1
    # The norm before it makes the one component that is not 0 the root of the width.
    output = numpy.zeros_like(embedding)
    output[spoken, 0] = output[end, 1] = 80 / width**0.5
    zeros = numpy.zeros((width, width), dtype=numpy.float32)
    return write(path, tokens, embedding, output, [dict.fromkeys(MATRICES, zeros)], heads=1)


def random_model(path, layers=2, width=64, heads=2, seed=5):
    """A chat model that answers nonsense. Each of its tokens looks at few of those before it: which they are depends on
    what and where they are, so that a wrong one among them shows."""
    random = numpy.random.default_rng(seed)
    tokens = vocabulary()

    def normal(*extents, scale=1.0):
        return random.standard_normal(extents, numpy.float32) * numpy.float32(scale)

    scales = dict.fromkeys(MATRICES, width**-0.5) | {"attn_q": 2 * width**-0.5, "attn_k": 2 * width**-0.5}
    matrices = [{name: normal(width, width, scale=scale) for name, scale in scales.items()} for _ in range(layers)]
    embedding, output = (normal(len(tokens), width) for _ in range(2))
    return write(path, tokens, embedding, output, matrices, heads)


def vocabulary(*further):
    """A token for each byte, some further ones, and those that begin and end a message."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return [chr(byte) for byte in plain] + [chr(256 + place) for place in range(len(others))] + ["He", *further, BEGIN, END]


def write(path, tokens, embedding, output, layers, heads):
    """:param layers: of each layer the matrices by name, all of them square."""
    width = embedding.shape[1]
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(2048)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(width)
    writer.add_block_count(len(layers))
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_dimension_count(width // heads)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.CONTROL if token in (BEGIN, END) else gguf.TokenType.NORMAL for token in tokens])
    # A list of merges cannot be empty.
    writer.add_token_merges(["H e"])
    writer.add_bos_token_id(tokens.index(BEGIN))
    writer.add_eos_token_id(tokens.index(END))
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    ones = numpy.ones(width, dtype=numpy.float32)
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output.weight", output)
    writer.add_tensor("output_norm.weight", ones)
    for number, matrices in enumerate(layers):
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{number}.{name}.weight", ones)
        for name, values in matrices.items():
            writer.add_tensor(f"blk.{number}.{name}.weight", values)
    finish(writer)
    return pathlib.Path(path)
