"""Log-probabilities against numpy, over logits that a small program takes from llama.cpp's library."""

import collections
import math
import os
import pathlib
import shutil
import subprocess

import numpy
import pytest

from conftest import MODEL, ROOT, Server
from test_chat_fields import ROUNDING

SYSTEM = "You answer briefly."
TEXT = "The capital of France is Paris, and the capital of Italy is Rome. "


class Reference:
    """The model as llama.cpp's library alone computes it."""

    def __init__(self, folder, home):
        self.program = folder / "logits"
        engine = ROOT / ".engines" / "llama"
        clang = pathlib.Path(os.path.realpath(shutil.which("swift"))).parent / "clang"
        subprocess.run(
            [clang, "-O1", "-I", engine / "include", ROOT / "Tests" / "EndToEnd" / "reference" / "logits.c",
             "-o", self.program, "-L", engine / "lib", "-lllama", "-Wl,-rpath," + str(engine / "lib"), "-lm"],
            check=True,
        )
        (self.model,) = pathlib.Path(home).glob(f"models/{MODEL}/*.gguf")
        lines = self.run("vocabulary").decode().split("\n")[:-1]
        self.scoring = subprocess.Popen([self.program, self.model, "scores"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.pieces = [bytes.fromhex(line) for line in lines]
        ids = collections.defaultdict(list)
        for token, piece in enumerate(self.pieces):
            ids[piece].append(token)
        self.ids = ids

    def run(self, *what, given=b""):
        return subprocess.run([self.program, self.model, *map(str, what)], input=given, check=True, capture_output=True).stdout

    def tokens(self, text):
        return [int(token) for token in self.run("tokenize", given=text.encode()).split()]

    def token(self, entry):
        """The id of a token of the API, by its bytes; the tests use no token that shares them with another."""
        (token,) = self.ids[bytes(entry.bytes if hasattr(entry, "bytes") else entry)]
        return token

    def logits(self, tokens, first=0, together=0):
        """Those after each token from the `first` one on. The first tokens, so many as `together` says, are evaluated in
        one batch, all others alone."""
        self.scoring.stdin.write((" ".join(map(str, [together, first, *tokens])) + "\n").encode())
        self.scoring.stdin.flush()
        rows = len(tokens) - first
        scores = self.scoring.stdout.read(4 * rows * len(self.pieces))
        return numpy.frombuffer(scores, dtype=numpy.float32).reshape(rows, len(self.pieces))

    def logprobs(self, tokens, first=0):
        """The logarithm of the softmax after each token from the `first` one on, each evaluated alone; float64."""
        logits = self.logits(tokens, first).astype(numpy.float64)
        logits -= logits.max(axis=1, keepdims=True)
        return logits - numpy.log(numpy.exp(logits).sum(axis=1, keepdims=True))

    def tolerance(self):
        """How far log-probabilities of the server may be from these. The server reads prompts in batches: on CPUs whose
        kernels compute a token in a batch as they do alone both are the same, but for the softmax's own rounding."""
        tokens = self.tokens(TEXT)[:40]
        is_exact = numpy.array_equal(self.logits(tokens), self.logits(tokens, together=len(tokens)))
        return 1e-3 if is_exact else ROUNDING

    def close(self):
        self.scoring.stdin.close()
        self.scoring.wait()


@pytest.fixture(scope="module")
def reference(tmp_path_factory, home):
    reference = Reference(tmp_path_factory.mktemp("reference"), home)
    yield reference
    reference.close()


@pytest.fixture(scope="module")
def tolerance(reference):
    tolerance = reference.tolerance()
    print(f"log-probabilities may differ by {tolerance}")
    return tolerance


@pytest.fixture(scope="module")
def server(home, tmp_path_factory):
    """One whose cache holds nothing else, and that splits no token's attention among threads: both change how sums are
    rounded (Docs/exactness.md)."""
    server = Server(home, tmp_path_factory.mktemp("server") / "log", DPAIS_RUNNER_THREADS=2)
    yield server
    server.stop()


def chat_prompt(question):
    return (
        f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"
    )


def check(reference, tolerance, prompt, content, top):
    """Every entry against the reference, given all tokens before it."""
    answer = [reference.token(entry) for entry in content]
    assert answer
    expected = reference.logprobs(prompt + answer[:-1], first=len(prompt) - 1)
    worst = 0
    for entry, token, row in zip(content, answer, expected, strict=True):
        worst = max(worst, abs(entry.logprob - row[token]))
        assert len(entry.top_logprobs) == top
        for candidate in entry.top_logprobs:
            worst = max(worst, abs(candidate.logprob - row[reference.token(candidate)]))
        logprobs = [candidate.logprob for candidate in entry.top_logprobs]
        assert logprobs == sorted(logprobs, reverse=True)
        if top:
            assert logprobs[0] == pytest.approx(row.max(), abs=tolerance)
            assert logprobs[-1] == pytest.approx(numpy.sort(row)[-top], abs=tolerance)
    assert worst < tolerance, f"the largest difference is {worst}"


CASES = {
    "greedy": dict(temperature=0),
    "sampled": dict(temperature=1.3, seed=11),
    "truncated": dict(temperature=0.9, top_p=0.7, seed=5, frequency_penalty=1.0),
    "biased": dict(temperature=0, logit_bias={"28": -100, "30": 5, "253": -100, "260": -50}),
    "constrained": dict(
        temperature=1,
        seed=3,
        response_format={
            "type": "json_schema",
            "json_schema": {
                "name": "colour",
                "schema": {
                    "type": "object",
                    "properties": {"colour": {"enum": ["red", "green", "blue"]}, "warm": {"type": "boolean"}},
                    "required": ["colour", "warm"],
                    "additionalProperties": False,
                },
            },
        },
    ),
}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_chat_logprobs_are_the_raw_softmax(server, reference, tolerance, case, stream):
    question = "Which colour has the sea?"
    reply = server.client().chat.completions.create(
        model=MODEL,
        messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": question}],
        max_tokens=16,
        logprobs=True,
        top_logprobs=5,
        stream=stream,
        **CASES[case],
    )
    if stream:
        chunks = [chunk.choices[0] for chunk in reply]
        content = [entry for chunk in chunks if chunk.logprobs for entry in chunk.logprobs.content]
        text = "".join(chunk.delta.content or "" for chunk in chunks)
    else:
        content = reply.choices[0].logprobs.content
        text = reply.choices[0].message.content
    # The limit may cut a character.
    assert b"".join(bytes(entry.bytes) for entry in content).decode(errors="replace") == text
    check(reference, tolerance, reference.tokens(chat_prompt(question)), content, top=5)


@pytest.mark.parametrize("top", [0, 1, 20])
def test_top_logprobs_are_as_many_as_asked_for(server, reference, tolerance, top):
    question = "Say hello."
    reply = server.client().chat.completions.create(
        model=MODEL,
        messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": question}],
        max_tokens=5,
        temperature=0,
        logprobs=True,
        top_logprobs=top,
    )
    check(reference, tolerance, reference.tokens(chat_prompt(question)), reply.choices[0].logprobs.content, top)


def test_echoed_prompts_are_scored(server, reference, tolerance):
    """As evaluation harnesses ask for the likelihood of a text; one that is read in several batches."""
    text = TEXT * 5
    tokens = reference.tokens(text)
    assert len(tokens) > 64
    reply = server.client().completions.create(
        model=MODEL, prompt=tokens, echo=True, logprobs=1, max_tokens=1, temperature=0
    )
    logprobs = reply.choices[0].logprobs
    expected = reference.logprobs(tokens)
    assert logprobs.token_logprobs[0] is None
    assert len(logprobs.token_logprobs) == len(tokens) + 1
    for place in range(1, len(tokens)):
        assert math.isclose(logprobs.token_logprobs[place], expected[place - 1][tokens[place]], abs_tol=tolerance)
    assert reply.choices[0].text.startswith(text)
