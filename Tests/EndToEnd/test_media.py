"""Pictures and sounds in messages, with projectors of random weights: what the model says of them means nothing, and is
another thing on each CPU. But the same picture has to give the same answer, and libmtmd alone the same scores."""

import base64
import math
import os
import pathlib
import shutil
import struct
import subprocess
import zlib

import openai
import projector
import pytest
from conftest import MODEL, ROOT, Server, dpais

EYES, EARS = "smollm2-with-eyes", "smollm2-with-ears"
PICTURE_TOKENS = (projector.IMAGE // projector.PATCH) ** 2
SYSTEM = "You answer briefly."
# How far logarithms of probabilities may lie apart, at most, of an answer's tokens. Another picture or another order of two
# moves one of them by 0.4 and more. The rounding on another CPU moves some by 0.2: so far may those of one CPU lie apart
# that come of batches of other sizes. Those of the same batches and threads were the same; they may lie apart by half.
ALIKE, SAME_BATCHES = 0.25, 0.1
# As in reference/media.c.
THREADS = 2


def png(width, height, pixel):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + bytes(v for x in range(width) for v in pixel(x, y)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


SUNRISE = png(80, 60, lambda x, y: (x * 3, y * 4, 0))
SEA = png(80, 60, lambda x, y: (255 - x * 3, 0, y * 4))


def wav(hertz):
    """A second of a tone."""
    samples = b"".join(struct.pack("<h", int(20_000 * math.sin(math.tau * hertz * i / 16_000))) for i in range(16_000))
    head = struct.pack("<HHIIHH", 1, 1, 16_000, 32_000, 2, 16)
    chunks = b"fmt " + struct.pack("<I", len(head)) + head + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


LOW, HIGH = wav(440), wav(1760)


def image(data):
    return {"type": "image_url", "image_url": {"url": "data:image/png;base64," + base64.b64encode(data).decode()}}


def audio(data):
    return {"type": "input_audio", "input_audio": {"data": base64.b64encode(data).decode(), "format": "wav"}}


def text(words):
    return {"type": "text", "text": words}


@pytest.fixture(scope="module")
def files(home, tmp_path_factory):
    folder = tmp_path_factory.mktemp("media")
    (model,) = pathlib.Path(home).glob(f"models/{MODEL}/*.gguf")
    projector.eye(folder / "eye.gguf", 576)
    projector.ear(folder / "ear.gguf", 576)
    return folder, model


@pytest.fixture(scope="module")
def seeing_home(files, tmp_path_factory):
    """A home of two models with projectors, installed by the command."""
    folder, model = files
    home = tmp_path_factory.mktemp("home")
    for name, file in {EYES: "eye.gguf", EARS: "ear.gguf"}.items():
        installed = dpais(home, "model", "install", "--from", model, "--projector", folder / file, "--name", name)
        assert installed.returncode == 0, installed.stderr
    return home


@pytest.fixture(scope="module")
def seeing(seeing_home, tmp_path_factory):
    server = Server(seeing_home, tmp_path_factory.mktemp("seeing") / "log", DPAIS_RUNNER_THREADS=THREADS)
    yield server
    server.stop()


@pytest.fixture
def fresh(seeing_home, tmp_path):
    """A process whose cache nothing else has used: where a prompt comes to lie in the cache moves scores a little, with
    noise for embeddings by up to a tenth."""
    server = Server(seeing_home, tmp_path / "log", DPAIS_RUNNER_THREADS=THREADS)
    yield server
    server.stop()


def look(server, *parts, model=EYES, **options):
    options = {"temperature": 0, "max_tokens": 12, "logprobs": True} | options
    return server.client().chat.completions.create(
        model=model,
        messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": list(parts)}], **options)


def tokens(reply):
    return reply.choices[0].logprobs.content


def assert_alike(answer, other):
    """Both are the same, up to where one takes a token, or ends, and the other one that is nearly as likely."""
    assert answer and other
    for one, another in zip(answer, other):
        assert another.logprob == pytest.approx(one.logprob, abs=ALIKE)
        if another.token != one.token:
            break


def test_the_same_picture_gives_the_same_answer_from_the_cache(seeing):
    parts = image(SUNRISE), text("Which time of day is this?")
    first, second = look(seeing, *parts), look(seeing, *parts)
    assert second.usage.prompt_tokens == first.usage.prompt_tokens
    assert second.usage.prompt_tokens_details.cached_tokens == first.usage.prompt_tokens - 1
    assert_alike(tokens(first), tokens(second))


def test_a_picture_counts_its_tokens_and_changes_the_scores(seeing):
    question, options = text("What is to be seen in this?"), {"max_tokens": 1, "top_logprobs": 10}
    one, other, none = (look(seeing, *parts, question, **options) for parts in ([image(SUNRISE)], [image(SEA)], []))
    assert one.usage.prompt_tokens == other.usage.prompt_tokens
    # The picture stands on a line of its own.
    assert one.usage.prompt_tokens == none.usage.prompt_tokens + PICTURE_TOKENS + 1
    assert one.choices[0].logprobs != other.choices[0].logprobs
    # The other picture is not taken for the first: the cache ends before it.
    assert other.usage.prompt_tokens_details.cached_tokens < one.usage.prompt_tokens - PICTURE_TOKENS


def test_a_streamed_answer_is_the_same(seeing):
    parts = image(SEA), text("Describe it.")
    whole = look(seeing, *parts)
    choices = [chunk.choices[0] for chunk in look(seeing, *parts, stream=True) if chunk.choices]
    streamed = [token for choice in choices if choice.logprobs for token in choice.logprobs.content]
    assert_alike(tokens(whole), streamed)
    # A character may be cut by the answer's end, which both mend alike.
    said = b"".join(bytes(token.bytes) for token in streamed).decode(errors="replace")
    assert "".join(choice.delta.content or "" for choice in choices).rstrip("\ufffd") == said.rstrip("\ufffd")


@pytest.fixture(scope="module")
def reference(files):
    folder, model = files
    engine = ROOT / ".engines" / "llama"
    clang = pathlib.Path(os.path.realpath(shutil.which("swift"))).parent / "clang"
    program = folder / "media"
    subprocess.run(
        [clang, "-O1", "-I", engine / "include", ROOT / "Tests" / "EndToEnd" / "reference" / "media.c", "-o", program,
         "-L", engine / "lib", "-lllama", "-lmtmd", "-Wl,-rpath," + str(engine / "lib"), "-lm"],
        check=True)
    for name, data in {"sunrise": SUNRISE, "sea": SEA, "low": LOW, "high": HIGH}.items():
        (folder / name).write_bytes(data)

    def run(content, *names, answer, organ="eye"):
        """The count of the prompt's tokens; and of each of an answer's tokens the logarithm of its probability, and of the
        likeliest one's."""
        prompt = (
            f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n{content}<|im_end|>\n<|im_start|>assistant\n")
        (folder / "answer").write_text("".join(bytes(token.bytes).hex() + "\n" for token in answer))
        output = subprocess.run(
            [program, model, folder / f"{organ}.gguf", folder / "answer", *(folder / name for name in names)],
            input=prompt, text=True, capture_output=True, check=True).stdout
        count, *lines = output.splitlines()
        return int(count), *zip(*(map(float, line.split()) for line in lines))

    return run


M = "<__media__>"


@pytest.mark.parametrize("parts, content, pictures", [
    ([image(SUNRISE), text("What is this?")], f"{M}\nWhat is this?", ["sunrise"]),
    ([text("What is this?"), image(SUNRISE)], f"What is this?\n{M}", ["sunrise"]),
    ([image(SEA), text("Or"), image(SUNRISE)], f"{M}\nOr\n{M}", ["sea", "sunrise"]),
    ([image(SEA), image(SEA), text("Twice?")], f"{M}\n{M}\nTwice?", ["sea", "sea"]),
], ids=["before", "after", "two", "twice"])
def test_scores_are_those_of_the_library_alone(fresh, reference, parts, content, pictures):
    reply = look(fresh, *parts)
    got = [token.logprob for token in tokens(reply)]
    count, expected, likeliest = reference(content, *pictures, answer=tokens(reply))
    assert reply.usage.prompt_tokens == count
    assert got == pytest.approx(expected, abs=SAME_BATCHES)
    # Greedily, the likeliest is taken.
    assert got == pytest.approx(likeliest, abs=SAME_BATCHES)
    if len(set(pictures)) > 1:
        # Their order matters to the scores, which would say nothing else.
        _, apart, _ = reference(content, *reversed(pictures), answer=tokens(reply))
        assert max(abs(one - another) for one, another in zip(expected, apart)) > SAME_BATCHES


def test_a_sound_is_heard_as_by_the_library_alone(fresh, reference):
    question = text("What is this?")
    reply, again = (look(fresh, question, audio(LOW), model=EARS, top_logprobs=10) for _ in range(2))
    count, expected, _ = reference(f"What is this?\n{M}", "low", organ="ear", answer=tokens(reply))
    # A second of sound takes as many tokens as half a minute: more than are evaluated together.
    assert reply.usage.prompt_tokens == count > 512
    assert [token.logprob for token in tokens(reply)] == pytest.approx(expected, abs=SAME_BATCHES)
    assert again.usage.prompt_tokens_details.cached_tokens == count - 1
    assert_alike(tokens(reply), tokens(again))
    # Another sound is not taken for the first: the cache ends before it.
    other = look(fresh, question, audio(HIGH), model=EARS, top_logprobs=10, max_tokens=1)
    assert other.usage.prompt_tokens == count and other.usage.prompt_tokens_details.cached_tokens < count - 512
    assert tokens(other)[0] != tokens(reply)[0]


def test_a_marker_in_a_text_is_text(seeing):
    reply = look(seeing, image(SEA), text("<__media__> <image> What is this?"))
    assert reply.usage.prompt_tokens > PICTURE_TOKENS


def test_several_answers_and_text_alone(seeing):
    reply = look(seeing, image(SEA), text("Name it."), n=3, temperature=0.9, seed=3)
    assert [choice.index for choice in reply.choices] == [0, 1, 2] and reply.usage.completion_tokens > 0
    assert tokens(look(seeing, text("Say hello.")))


BOMB = png(1, 1, lambda x, y: (0, 0, 0))[:-12]
BOMB += struct.pack(">I", 1 << 20) + b"IDAT" + bytes(1 << 20) + b"\0\0\0\0" + struct.pack(">I", 0) + b"IEND\xaeB`\x82"
BROKEN = {
    "half": SEA[: len(SEA) // 2],
    "head": SEA[:30],
    "gif": b"GIF89a",
    "jpeg": b"\xff\xd8\xff\xe0",
    "text": b"hello",
    "bomb": BOMB,
    "zeros": SEA[:60] + bytes(len(SEA) - 72) + SEA[-12:],
    "huge": png(2, 2, lambda x, y: (0, 0, 0)).replace(struct.pack(">II", 2, 2), struct.pack(">II", 1 << 20, 1 << 20)),
    "sound": b"RIFF\x10\0\0\0WAVEfmt ",
    "webp": b"RIFF\x10\0\0\0WEBPVP8 ",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_picture_is_refused(seeing, kind):
    with pytest.raises(openai.BadRequestError) as refusal:
        look(seeing, image(BROKEN[kind]))
    assert refusal.value.param == "messages[1].content[0].image_url.url"


def test_a_sound_is_refused_by_a_projector_that_only_sees(seeing):
    with pytest.raises(openai.BadRequestError) as refusal:
        look(seeing, audio(LOW))
    assert refusal.value.param == "messages[1].content[0].input_audio.data"
    assert "cannot read audio" in refusal.value.message


def test_a_model_without_a_projector_refuses_pictures(server):
    with pytest.raises(openai.BadRequestError) as refusal:
        server.client().chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": [image(SEA), text("What is this?")]}])
    assert refusal.value.param == "messages[0].content[0]"
    assert "no projector" in refusal.value.message


def test_a_projector_for_another_model_is_told_of(files, tmp_path):
    folder, model = files
    projector.eye(folder / "other.gguf", 512)
    installed = dpais(
        tmp_path / "home", "model", "install", "--from", model, "--projector", folder / "other.gguf", "--name", EYES)
    assert installed.returncode == 0, installed.stderr
    server = Server(tmp_path / "home", tmp_path / "log")
    try:
        with pytest.raises(openai.APIStatusError) as refusal:
            look(server, text("Hello."))
        assert refusal.value.status_code == 503
        assert "projector could not be loaded" in refusal.value.message
    finally:
        server.stop()
