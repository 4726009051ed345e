"""Makes a projector's file for a model of a given width, in the form that llama.cpp's libmtmd reads: an eye like
LLaVA's or an ear like Qwen2-Audio's, small and of random weights. What a model says of its pictures and sounds means
nothing: it is there to try the way."""

import sys

import gguf
import numpy

IMAGE, PATCH = 56, 14
MELS, POSITIONS = 32, 1500
WIDTH, HIDDEN, HEADS, LAYERS = 32, 64, 2, 2


class Projector:
    """A file in the making; the same weights every time."""

    def __init__(self, path, encoder, kind):
        self.random = numpy.random.default_rng(7)
        self.encoder = encoder
        self.writer = gguf.GGUFWriter(path, "clip")
        self.writer.add_string("clip.projector_type", kind)
        self.writer.add_bool(f"clip.has_{encoder}_encoder", True)
        self.writer.add_bool("clip.use_gelu", True)
        self.writer.add_float32(f"clip.{encoder}.attention.layer_norm_epsilon", 1e-5)
        self.numbers(
            embedding_length=WIDTH, feed_forward_length=HIDDEN, block_count=LAYERS, **{"attention.head_count": HEADS})

    def numbers(self, **values):
        for name, value in values.items():
            self.writer.add_uint32(f"clip.{self.encoder}.{name}", value)

    def weight(self, name, *shape, scale=0.2):
        self.writer.add_tensor(name, (self.random.standard_normal(shape) * scale).astype(numpy.float32))

    def linear(self, name, outputs, inputs, bias=True, scale=0.2):
        self.weight(name + ".weight", outputs, inputs, scale=scale)
        if bias:
            self.weight(name + ".bias", outputs, scale=scale)

    def norm(self, name):
        self.writer.add_tensor(name + ".weight", numpy.ones(WIDTH, numpy.float32))
        self.writer.add_tensor(name + ".bias", numpy.zeros(WIDTH, numpy.float32))

    def layers(self, prefix, key_bias):
        for layer in range(LAYERS):
            block = f"{prefix}.blk.{layer}."
            self.norm(block + "ln1")
            self.norm(block + "ln2")
            for name in ("attn_q", "attn_k", "attn_v", "attn_out"):
                self.linear(block + name, WIDTH, WIDTH, bias=key_bias or name != "attn_k")
            self.linear(block + "ffn_up", HIDDEN, WIDTH)
            self.linear(block + "ffn_down", WIDTH, HIDDEN)

    def close(self):
        self.writer.write_header_to_file()
        self.writer.write_kv_data_to_file()
        self.writer.write_tensors_to_file()
        self.writer.close()


def eye(path, model_width):
    """A projector that sees: 16 tokens a picture."""
    file = Projector(path, "vision", "mlp")
    file.numbers(image_size=IMAGE, patch_size=PATCH, projection_dim=model_width)
    file.writer.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    file.writer.add_array("clip.vision.image_std", [0.25, 0.25, 0.25])
    file.weight("v.patch_embd.weight", WIDTH, 3, PATCH, PATCH, scale=0.05)
    file.weight("v.position_embd.weight", (IMAGE // PATCH) ** 2, WIDTH)
    file.norm("v.pre_ln")
    file.layers("v", key_bias=True)
    file.linear("mm.0", HIDDEN, WIDTH)
    file.linear("mm.2", model_width, HIDDEN, scale=0.03)
    file.close()


def ear(path, model_width):
    """A projector that hears: 750 tokens for half a minute."""
    file = Projector(path, "audio", "qwen2a")
    file.numbers(num_mel_bins=MELS, projection_dim=model_width)
    for layer, inputs in ((1, MELS), (2, WIDTH)):
        file.weight(f"a.conv1d.{layer}.weight", WIDTH, inputs, 3)
        # One for each row: the library adds it to a matrix.
        file.weight(f"a.conv1d.{layer}.bias", WIDTH, 1)
    file.weight("a.position_embd.weight", POSITIONS, WIDTH)
    file.layers("a", key_bias=False)
    file.norm("a.post_ln")
    file.linear("mm.a.fc", model_width, WIDTH, scale=0.03)
    file.close()


if __name__ == "__main__":
    {"eye": eye, "ear": ear}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
