"""all-MiniLM-L6-v2's vectors, as served, against an implementation in numpy over the published weights."""

import random

import numpy
import openai
import pytest
from conftest import EMBEDDER, in_parallel
from test_gguf_embeddings import cosines, reference, weights  # noqa: F401  (fixtures)

# Single tokens of the vocabulary, so that a text's length is its number of words; some of them are no words at all.
WORDS = """the of and a in to is was for on that with as by at from it an be are this or which one you his her their
river stone window garden music paper winter summer morning evening bread water house street letter question answer
? ! 7 1984 + 木 é ∞ x""".split()
LONGEST = 256
# Where a CPU computes in bf16, with 8 bits of mantissa, the worst texts are those of one word, in which no error averages
# out: they are 3e-5 from 1. The limit is 30 times as far; in binary16 and in 32 bits they are below 1e-6.
SMALLEST_COSINE = 0.999
# The same text in another batch: 5e-6 in bf16, less than 1e-6 otherwise.
SAME = 0.9999


@pytest.fixture(scope="module")
def published(reference):  # noqa: F811
    """Texts of 1 to 254 words, and their vectors in numpy: all lengths up to 33, where kernels end in the midst of their
    blocks, and some up to the longest."""
    choice = random.Random(20)
    lengths = [*range(1, 34), *(round(length) for length in numpy.linspace(34, LONGEST - 2, 15))]
    texts = [" ".join(choice.choices(WORDS, k=length)) for length in lengths]
    choice.shuffle(texts)
    return texts, numpy.array([reference.vector(text) for text in texts])


def embed(server, given, **options):
    """The vectors, one a row, and the tokens that were read."""
    reply = server.client().embeddings.create(model=EMBEDDER, input=given, **options)
    vectors = numpy.array([one.embedding for one in reply.data], dtype=numpy.float32)
    assert numpy.allclose(numpy.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    return vectors, reply.usage.prompt_tokens


def test_vectors_are_the_published_models_in_one_request(server, reference, published):  # noqa: F811
    texts, expected = published
    vectors, read = embed(server, texts)
    assert cosines(vectors, expected).min() >= SMALLEST_COSINE
    assert read == sum(len(reference.tokens(text)) for text in texts)


def test_vectors_are_the_published_models_one_by_one(server, published):
    texts, expected = published
    vectors = numpy.concatenate([embed(server, text)[0] for text in texts])
    assert cosines(vectors, expected).min() >= SMALLEST_COSINE


def test_vectors_are_the_published_models_in_batches_of_requests_at_once(server, published):
    texts, expected = published
    order = random.Random(21).sample(range(len(texts)), len(texts))
    groups = [order[start : start + 7] for start in range(0, len(order), 7)]
    results = in_parallel([lambda group=group: embed(server, [texts[place] for place in group])[0] for group in groups])
    for group, vectors in zip(groups, results):
        assert cosines(vectors, expected[group]).min() >= SMALLEST_COSINE


def test_a_vector_is_the_same_in_any_batch(server, published):
    texts, _ = published
    together, _ = embed(server, texts)
    backwards, _ = embed(server, texts[::-1])
    alone = numpy.concatenate([embed(server, text)[0] for text in texts[::5]])
    assert cosines(together, backwards[::-1]).min() >= SAME
    assert cosines(together[::5], alone).min() >= SAME


def test_in_f32_vectors_are_the_published_models_to_the_last_digits(own_server, home, published):
    texts, expected = published
    vectors, _ = embed(own_server(DPAIS_RUNNER_PRECISION="f32"), texts)
    assert cosines(vectors, expected).min() >= 0.99999


def test_tokens_and_their_text_give_one_vector(server, reference):  # noqa: F811
    text = "The river by the window."
    framed = reference.tokens(text)
    (expected,), _ = embed(server, text)
    for given in (framed, framed[1:-1]):
        (vector,), read = embed(server, [given])
        assert read == len(framed)
        assert vector @ expected >= SAME


def test_the_longest_text_is_read_whole_and_a_longer_one_refused(server, reference):  # noqa: F811
    words = random.Random(22).choices(WORDS[:20], k=LONGEST - 2)
    (vector,), read = embed(server, " ".join(words))
    assert read == LONGEST
    assert vector @ reference.vector(" ".join(words)) >= SMALLEST_COSINE
    with pytest.raises(openai.BadRequestError) as refused:
        embed(server, ["fine", " ".join([*words, "more"])])
    assert (refused.value.code, refused.value.param) == ("context_length_exceeded", "input[1]")
    assert "257" in refused.value.message and "256" in refused.value.message


def test_texts_that_the_model_did_not_see_in_training_are_vectors_too(server, reference):  # noqa: F811
    texts = ["\u0000\u0007control", "🦊" * 60, "Ⅻ ﬁ ½", "x" * 300, "a\u0301e\u0308", "\u202eright to left", "  \t\n spaced  "]
    vectors, _ = embed(server, texts)
    expected = numpy.array([reference.vector(text) for text in texts])
    assert cosines(vectors, expected).min() >= SMALLEST_COSINE
