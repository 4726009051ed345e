"""Texts and pictures as vectors of one space, by the official client on both bases.

CLIP's own weights are in no package index: the model here is a small one of the same layout, made by convert/clip.py,
and its vectors are compared with those that numpy computes (reference/clip.py)."""

import base64
import io
import random
import struct
import zlib

import numpy
import openai
import pytest
from PIL import Image

from conftest import Server, dpais, in_parallel
from convert import clip
from reference.clip import CLIP

MODEL = "openai-clip"
# The contract's own examples.
SENTENCE = "The quick brown fox jumped over the lazy dog"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
TEXTS = [
    SENTENCE,
    "This is a test.",
    "a",
    "A photo of a cat.",
    "a photo of a dog",
    "Zürich, 12 naïve cafés; 你好 👍🏽",
    "pictures and words " * 8,
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The files of the small model."""
    folder = tmp_path_factory.mktemp("clip") / "model"
    clip.make(folder)
    return folder


@pytest.fixture(scope="module")
def reference(folder):
    return CLIP(folder)


@pytest.fixture(scope="module")
def server(folder, tmp_path_factory):
    """A server with the small model and no other, in a home of its own."""
    home = tmp_path_factory.mktemp("clip-home")
    installed = dpais(home, "model", "install", "--from", folder, "--name", MODEL)
    assert installed.returncode == 0, installed.stderr
    server = Server(home, tmp_path_factory.mktemp("clip-server") / "log")
    yield server
    server.stop()


def picture(width, height, mode="RGB", seed=0):
    """A picture of soft shapes with some noise in it."""
    generator = numpy.random.default_rng(seed)
    channels = {"L": 1, "RGB": 3, "RGBA": 4}[mode]
    coarse = generator.integers(0, 256, (max(1, height // 16), max(1, width // 16), channels), dtype=numpy.uint8)
    smooth = Image.fromarray(coarse.squeeze(2) if mode == "L" else coarse, mode).resize((width, height), Image.BICUBIC)
    noise = generator.integers(-12, 13, numpy.asarray(smooth).shape)
    return Image.fromarray(numpy.clip(numpy.asarray(smooth) + noise, 0, 255).astype(numpy.uint8), mode)


def file(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def encoded(*files):
    return [base64.b64encode(one).decode() for one in files]


def embed(client, given=None, images=None, **options):
    """The reply, and its vectors, one a row."""
    extra = {} if images is None else {"extra_body": {"images": images}}
    reply = client.embeddings.create(model=MODEL, input=given, **extra, **options)
    assert [one.index for one in reply.data] == list(range(len(reply.data)))
    return reply, numpy.array([one.embedding for one in reply.data])


# The least cosine between a vector and the reference's, which computes in 64 bits. In 32 bits it was 1 to 12 digits, in bf16,
# which some CPUs compute in, 0.99998. Two texts of these have 0.87 at most, two pictures 0.98.
ALIKE = 0.999


def cosines(vectors, expected):
    assert len(vectors) == len(expected)
    return [float(numpy.dot(one, other) / numpy.linalg.norm(one)) for one, other in zip(vectors, expected)]


def test_a_text_as_in_the_contract(server, base, reference):
    for given in (SENTENCE, [SENTENCE]):
        reply, (vector,) = embed(server.client(base), given)
        assert (reply.object, reply.model, reply.data[0].object) == ("list", MODEL, "embedding")
        assert numpy.dot(vector, reference.of_text(SENTENCE)) >= ALIKE
        assert abs(numpy.linalg.norm(vector) - 1) < 1e-3
        assert reply.usage.prompt_tokens == reply.usage.total_tokens == len(reference.tokens(SENTENCE))


def test_a_picture_as_in_the_contract(server, base, reference):
    reply, (vector,) = embed(server.client(base), None, images=[PIXEL])
    assert numpy.dot(vector, reference.of_picture(base64.b64decode(PIXEL))) >= ALIKE
    assert reply.usage.prompt_tokens == 0


def test_floats_are_those_of_the_clients_default(server, base):
    client = server.client(base)
    _, default = embed(client, TEXTS)
    _, floats = embed(client, TEXTS, encoding_format="float")
    assert min(cosines(default, floats)) > 0.9999


def test_texts_match_the_reference_whatever_the_batch(server, reference):
    client = server.client()
    expected = [reference.of_text(text) for text in TEXTS]
    # The vectors tell texts apart: else their likeness would say nothing.
    assert max(numpy.dot(one, other) for place, one in enumerate(expected) for other in expected[:place]) < 0.99
    together = embed(client, TEXTS)[1]
    alone = [embed(client, text)[1][0] for text in TEXTS]
    many = embed(client, TEXTS * 20)[1]
    assert min(cosines(together, expected)) >= ALIKE
    assert min(cosines(alone, expected)) >= ALIKE
    assert min(cosines(many, expected * 20)) >= ALIKE


def test_pictures_of_every_kind_match_the_reference_whatever_the_batch(server, reference):
    client = server.client()
    turned = Image.Exif()
    turned[0x0112] = 8
    files = [
        file(picture(224, 224, seed=1)),
        file(picture(640, 480, seed=2)),
        file(picture(31, 57, seed=3)),
        file(picture(1000, 40, seed=4)),
        file(picture(300, 200, seed=5), "JPEG", quality=92),
        file(picture(300, 200, seed=6), "JPEG", quality=92, exif=turned),
        file(picture(250, 260, seed=7), "WEBP", lossless=True),
        file(picture(250, 260, "L", seed=8)),
        file(picture(250, 260, "RGBA", seed=9)),
        file(picture(100, 90, "L", seed=10), "JPEG", quality=92),
    ]
    expected = [reference.of_picture(one) for one in files]
    together = embed(client, images=encoded(*files))[1]
    alone = [embed(client, images=encoded(one))[1][0] for one in files]
    assert min(cosines(together, expected)) >= ALIKE
    assert min(cosines(alone, expected)) >= ALIKE


def test_texts_come_first_then_pictures_in_one_reply(server, base, reference):
    shown = file(picture(60, 50))
    reply, vectors = embed(server.client(base), TEXTS[:2], images=encoded(shown, shown))
    expected = [reference.of_text(text) for text in TEXTS[:2]] + 2 * [reference.of_picture(shown)]
    assert min(cosines(vectors, expected)) >= ALIKE
    assert reply.usage.prompt_tokens == sum(len(reference.tokens(text)) for text in TEXTS[:2])


def test_tokens_are_taken_with_and_without_their_ends(server, reference):
    whole = reference.tokens(SENTENCE)
    for given in (whole, whole[1:-1], [whole], [whole[1:-1]]):
        _, (vector,) = embed(server.client(), given)
        assert numpy.dot(vector, reference.of_text(SENTENCE)) >= ALIKE


def test_clients_at_the_same_time_get_their_own_vectors(server, reference):
    files = [file(picture(90 + 7 * number, 80, seed=number)) for number in range(4)]

    def work(number):
        draw = random.Random(number)
        client = server.client()
        for _ in range(5):
            if draw.random() < 0.5:
                text = draw.choice(TEXTS)
                assert cosines(embed(client, text)[1], [reference.of_text(text)])[0] >= ALIKE
            else:
                shown = draw.choice(files)
                vectors = embed(client, images=encoded(shown))[1]
                assert cosines(vectors, [reference.of_picture(shown)])[0] >= ALIKE

    in_parallel([lambda number=number: work(number) for number in range(6)])


def test_a_text_that_is_too_long_is_refused_with_both_lengths(server, base, reference):
    text = "words upon words " * 40
    with pytest.raises(openai.BadRequestError) as refused:
        embed(server.client(base), [SENTENCE, text])
    assert refused.value.param == "input[1]"
    assert str(len(reference.tokens(text))) in refused.value.message and "77" in refused.value.message


def test_shorter_vectors_are_refused(server, base):
    with pytest.raises(openai.BadRequestError) as refused:
        embed(server.client(base), SENTENCE, dimensions=16)
    assert refused.value.param == "dimensions"


def huge():
    """A PNG of less than 2 kB that would fill 10 GB."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(99_999))) + chunk(b"IEND", b"")


UNREADABLE = {
    "an empty file": b"",
    "a text": b"This is no picture at all.",
    "a GIF": file(picture(8, 8).convert("P"), "GIF"),
    "a JPEG that is cut short": file(picture(200, 200), "JPEG")[:2000],
    "a picture that is too large": huge(),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_file_that_is_not_a_picture_is_refused(server, base, kind):
    with pytest.raises(openai.APIStatusError) as refused:
        embed(server.client(base), images=encoded(file(picture(40, 40)), UNREADABLE[kind]))
    assert refused.value.status_code == (413 if "large" in kind else 400)
    assert refused.value.param == "images[1]"


def test_a_request_without_any_input_is_refused(server, base):
    for body in ({}, {"input": None}, {"input": None, "images": []}):
        reply = server.http().post(f"{base}/embeddings", json={"model": MODEL} | body)
        assert reply.status_code == 400, reply.text
