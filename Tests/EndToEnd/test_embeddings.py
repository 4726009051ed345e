"""Texts as vectors, by the official client on both bases. Whether the vectors are right is for test_minilm.py."""

import base64

import numpy
import openai
import pytest

from conftest import EMBEDDER, MODEL

SENTENCES = ["The sky is blue.", "Grass is green, mostly.", "Wie sp\u00e4t ist es?", "a"]
# "hello world" by the model's vocabulary.
HELLO = [7592, 2088]
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


def embed(client, given, **options):
    """The vectors, one a row."""
    reply = client.embeddings.create(model=EMBEDDER, input=given, **options)
    assert [one.index for one in reply.data] == list(range(len(reply.data)))
    return numpy.array([one.embedding for one in reply.data], dtype=numpy.float32)


def same(one, other):
    """Whether two vectors are one but for the last bits, which batches and the number of threads may change: 5e-6 in bf16,
    with 8 bits of mantissa, less than 1e-6 where a CPU computes otherwise."""
    return numpy.dot(one, other) > 0.9999


def post(server, body, base="/v1"):
    return server.http().post(f"{base}/embeddings", json={"model": EMBEDDER, "input": "Hi"} | body)


def test_the_reply_is_whole(server, base):
    reply = server.client(base).embeddings.create(model=EMBEDDER, input=SENTENCES, user="me")
    assert (reply.object, reply.model) == ("list", EMBEDDER)
    assert [(one.object, one.index, len(one.embedding)) for one in reply.data] == [("embedding", index, 384) for index in range(4)]
    assert reply.usage.prompt_tokens == reply.usage.total_tokens > len(SENTENCES)
    for one in reply.data:
        assert abs(numpy.linalg.norm(one.embedding) - 1) < 1e-3


def test_the_clients_default_is_base64_and_gives_the_same_floats(server, base):
    # Computed three times, in the last bits perhaps by other batches; that all digits are told is for EmbeddingReplyTests.
    client = server.client(base)
    default, floats = embed(client, SENTENCES), embed(client, SENTENCES, encoding_format="float")
    raw = post(server, {"input": SENTENCES, "encoding_format": "base64"}, base).json()
    decoded = [numpy.frombuffer(base64.b64decode(one["embedding"]), dtype="<f4") for one in raw["data"]]
    for vectors in zip(default, floats, decoded, strict=True):
        assert all(same(vectors[0], vector) and abs(numpy.linalg.norm(vector) - 1) < 1e-5 for vector in vectors)
    assert isinstance(post(server, {}, base).json()["data"][0]["embedding"], list)


def test_inputs_are_texts_tokens_or_lists_of_them(server, base):
    client = server.client(base)
    (hello,) = embed(client, "hello world")
    for given in (["hello world"], HELLO, [HELLO]):
        (vector,) = embed(client, given)
        assert same(vector, hello), given
    listed = embed(client, [*SENTENCES, "hello world"])
    assert same(listed[-1], hello) and not same(listed[0], hello)
    for sentence, vector in zip(SENTENCES, listed):
        assert same(embed(client, sentence)[0], vector)


def test_usage_counts_what_the_model_read(server):
    client = server.client()
    tokens = [client.embeddings.create(model=EMBEDDER, input=given).usage.prompt_tokens
              for given in ("hello world", ["hello world"] * 3)]  # fmt: skip
    assert tokens[1] == 3 * tokens[0]


def test_2048_inputs_come_back_in_order(server):
    client = server.client()
    texts = [f"{index}" + " word" * (index * 7 % 6) for index in range(2_048)]
    vectors = embed(client, texts)
    assert vectors.shape == (2_048, 384)
    for index in (0, 1, 777, 2_047):
        assert same(embed(client, texts[index])[0], vectors[index])


def test_2048_lists_of_tokens_come_back(server):
    assert embed(server.client(), [HELLO] * 2_048).shape == (2_048, 384)


def test_a_user_and_a_format_that_is_the_default_change_nothing(server):
    client = server.client()
    assert same(embed(client, "Hi", user="me", encoding_format="float")[0], embed(client, "Hi")[0])


# The model's own vectors have 384: to ask for them is to ask, too.
@pytest.mark.parametrize("number", [64, 384, 100_000])
def test_dimensions_are_refused_by_a_model_that_was_not_trained_for_them(server, base, number):
    with pytest.raises(openai.BadRequestError) as refused:
        embed(server.client(base), "Hi", dimensions=number)
    assert refused.value.param == "dimensions"


@pytest.mark.parametrize(
    ("given", "param"), [("word " * 5_000, "input"), (["a", "word " * 5_000], "input[1]"), ([[2088] * 5_000], "input[0]")]
)
def test_a_text_longer_than_the_model_reads_is_refused_and_never_cut(server, base, given, param):
    with pytest.raises(openai.BadRequestError) as refused:
        embed(server.client(base), given)
    assert (refused.value.code, refused.value.param) == ("context_length_exceeded", param)
    assert any(character.isdigit() for character in refused.value.message)


def test_a_token_that_the_model_has_not_is_refused(server, base):
    with pytest.raises(openai.BadRequestError) as refused:
        embed(server.client(base), [HELLO, [2_000_000_000]])
    assert refused.value.param == "input[1]"


def test_images_are_refused_by_a_model_that_does_not_see(server, base):
    for extra in ({"input": None}, {}):
        reply = post(server, {"images": [PIXEL]} | extra, base)
        assert reply.status_code == 400
        assert reply.json()["error"]["param"] == "images"


WRONG = [
    ({"input": ""}, "input"), ({"input": []}, "input"), ({"input": None}, "input"), ({"input": ["a", ""]}, "input[1]"),
    ({"input": ["a", 1]}, "input[1]"), ({"input": [1, "a"]}, "input[1]"), ({"input": [[1], "a"]}, "input[1]"),
    ({"input": [-1]}, "input[0]"), ({"input": [[1, -1]]}, "input[0][1]"), ({"input": [[]]}, "input[0]"),
    ({"input": [0.5]}, "input[0]"), ({"input": ["a"] * 2_049}, "input"), ({"input": {"a": 1}}, "input"),
    ({"encoding_format": "int8"}, "encoding_format"), ({"dimensions": 0}, "dimensions"), ({"user": 7}, "user"),
    ({"images": ["no base64"]}, "images[0]"), ({"images": [base64.b64encode(b"GIF89a").decode()]}, "images[0]"),
    ({"images": ["http://example.com/a.png"]}, "images[0]"), ({"model": ""}, "model"), ({"model": None}, "model"),
    ({"model": MODEL}, "model"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "param"), WRONG)
def test_each_wrong_field_is_named(server, base, body, param):
    reply = post(server, body, base)
    assert reply.status_code == 400, reply.text
    assert reply.json()["error"]["param"] == param


def test_a_chat_model_is_for_chat_and_an_embedding_model_for_embeddings(server, base):
    with pytest.raises(openai.BadRequestError) as refused:
        server.client(base).embeddings.create(model=MODEL, input="Hi")
    assert "not for embeddings" in refused.value.message
    with pytest.raises(openai.BadRequestError) as refused:
        server.client(base).chat.completions.create(model=EMBEDDER, messages=[{"role": "user", "content": "Hi"}])
    assert "not for chat" in refused.value.message


def test_a_model_that_is_not_installed(server):
    for base, status in (("/v1", 404), ("/v1/openai", 400)):
        reply = post(server, {"model": "no-such"}, base)
        assert (reply.status_code, reply.json()["error"]["code"]) == (status, "model_not_found")


def test_unknown_fields_are_refused_where_the_contract_lists_all(server):
    assert post(server, {"wizard": True}).status_code == 200
    reply = post(server, {"wizard": True}, "/v1/openai")
    assert reply.status_code == 400 and reply.json()["error"]["param"] == "wizard"


def test_bad_requests_start_no_process(own_server):
    server = own_server()
    for body in ({"input": ""}, {"images": ["R0lGODlh"]}, {"model": MODEL}, {"model": "no-such"}):
        assert post(server, body).status_code in (400, 404)
    assert server.runners() == []


def test_llamastack_cuts_long_texts_where_that_is_asked_for(server):
    def ask(contents, **options):
        body = {"model_id": EMBEDDER, "contents": contents} | options
        return server.http().post("/v1/llamastack/inference/embeddings", json=body)

    # The model reads 256 tokens, with those that open and close a text; each of these words is one.
    cats, ships = "cat " * 300, "ship " * 300
    assert ask([cats + ships]).json()["error"]["code"] == "context_length_exceeded"
    for cut, kept, other in (("end", "cat ", "ship "), ("start", "ship ", "cat ")):
        long, short, cut_off = ask([cats + ships, kept * 254, other * 254], text_truncation=cut).json()["embeddings"]
        assert same(long, short) and not same(long, cut_off)
