"""A command in a terminal of the tests' own: what a person types and what is on the screen."""

import contextlib
import fcntl
import os
import pathlib
import pty
import re
import signal
import struct
import sys
import termios
import threading

sys.path.append(os.environ["DPAIS_TEST_TERMINAL"])
import pyte  # noqa: E402

from conftest import DPAIS, environment  # noqa: E402
from waiting import HANG, eventually  # noqa: E402


class Screen:
    """One command that runs in a terminal. `screen` is what is to be seen, `said` all that was ever written."""

    def __init__(self, home, *arguments, columns=80, rows=50, settings={}):
        self.emulator = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.emulator)
        self.said = b""
        self.frames = []
        self.lock = threading.Lock()
        surroundings = environment(home, **({"TERM": "xterm-256color", "LANG": "C.UTF-8"} | settings))
        # What the tests themselves run in may want neither colours nor blocks.
        surroundings = {name: value for name, value in surroundings.items() if name in settings or name not in ("NO_COLOR", "LC_ALL", "LC_CTYPE")}
        ready, go = os.pipe()
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            os.read(ready, 1)
            os.execve(DPAIS, [str(DPAIS), *map(str, arguments)], surroundings)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.write(go, b"x")
        os.close(ready)
        os.close(go)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        while True:
            try:
                data = os.read(self.descriptor, 4096)
            except OSError:
                return
            if not data:
                return
            with self.lock:
                self.said += data
                self.stream.feed(data)
                self.frames.append([line.rstrip() for line in self.emulator.display])

    @property
    def screen(self):
        with self.lock:
            return "\n".join(line.rstrip() for line in self.emulator.display).rstrip()

    def has_shown(self, text):
        """Whether the screen has ever shown this, a regular expression."""
        with self.lock:
            return any(re.search(text, "\n".join(frame)) for frame in self.frames)

    def until(self, text):
        """Waits until the screen has shown this."""
        eventually(lambda: self.has_shown(text), lambda: f"{text!r} did not come:\n{self.screen}")
        return self

    def type(self, text):
        os.write(self.descriptor, text.encode())
        return self

    def enter(self, text=""):
        return self.type(text + "\r")

    def interrupt(self):
        return self.type("\x03")

    def end(self):
        """The exit code, once the command has ended; 128 and the signal where one ended it."""

        def waited():
            done, status = os.waitpid(self.process, os.WNOHANG)
            return [status] if done else None

        (status,) = eventually(waited, lambda: f"it does not end:\n{self.screen}")
        self.reader.join(HANG)
        os.close(self.descriptor)
        self.process = None
        return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)

    def stop(self):
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)


@contextlib.contextmanager
def terminal(*arguments, **options):
    screen = Screen(*arguments, **options)
    try:
        yield screen
    finally:
        screen.stop()


def lines_fit(screen, columns):
    """No line was broken by the terminal itself: nothing stands in its last column."""
    return all(len(line) < columns for frame in screen.frames for line in frame)


def small_model(path, kilobytes=64):
    """A file that is a chat model as far as an install looks, and answers nothing."""
    import gguf
    import numpy

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(64)
    writer.add_embedding_length(8)
    writer.add_block_count(1)
    writer.add_tensor("token_embd.weight", numpy.zeros((kilobytes * 32, 8), dtype=numpy.float32))
    return write(writer, path)


# Begins and ends a message of a conversation.
BEGIN, END = "<|im_start|>", "<|im_end|>"
TEMPLATE = (
    "{% for message in messages %}" + BEGIN + "{{ message.role }}\n{{ message.content }}" + END + "\n{% endfor %}"
    "{% if add_generation_prompt %}" + BEGIN + "assistant\n{% endif %}"
)


def model_that_says(answer, path):
    """A chat model that says one text to whatever it is asked, however it is sampled and whatever computes it.

    Its layers add nothing, so that each token alone decides on the next one: after the answer comes the end, after all
    else the answer, with a logit of 80 where all others have 0. The text is a token of its own, beside one for each byte.
    """
    import gguf
    import numpy

    # The characters that stand for bytes in the vocabulary of GPT-2.
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    tokens = [chr(byte) for byte in plain] + [chr(256 + place) for place in range(len(others))] + ["He", answer, BEGIN, END]
    width, spoken, end = 32, len(tokens) - 3, len(tokens) - 1
    kinds = [gguf.TokenType.NORMAL] * (len(tokens) - 2) + [gguf.TokenType.CONTROL] * 2
    embedding = numpy.zeros((len(tokens), width), dtype=numpy.float32)
    embedding[:, 0] = 1
    embedding[spoken, :2] = 0, 1
    # The norm before it makes the one component that is not 0 the root of the width.
    output = numpy.zeros_like(embedding)
    output[spoken, 0] = output[end, 1] = 80 / width**0.5

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(1024)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(width)
    writer.add_block_count(1)
    writer.add_head_count(1)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_dimension_count(width)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    # One at least must be there.
    writer.add_token_merges(["H e"])
    writer.add_bos_token_id(len(tokens) - 2)
    writer.add_eos_token_id(end)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output.weight", output)
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(name + ".weight", numpy.ones(width, dtype=numpy.float32))
    for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"):
        writer.add_tensor(f"blk.0.{name}.weight", numpy.zeros((width, width), dtype=numpy.float32))
    return write(writer, path)


def write(writer, path):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return pathlib.Path(path)
