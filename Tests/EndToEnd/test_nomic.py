"""nomic-embed-text-v1.5, installed from a hub by its name, and as GGUF: the vectors of both against numpy.

The published weights are in no package index: the model here is a small one of the same layout, made by convert/nomic.py,
and its vectors are compared with those that numpy computes (reference/nomic.py). In it, unlike in a trained model, hardly
a number could be computed otherwise without being seen."""

import json
import random
import shutil

import numpy
import openai
import pytest

from conftest import Server, dpais, in_parallel
from convert import nomic
from convert.minilm_gguf import PublishedModel
from reference.nomic import Nomic
from stand_in_hub import stand_in_hub
from test_gguf_embeddings import cosines
from test_hub_downloads import settings

REPOSITORY = "nomic-ai/nomic-embed-text-v1.5"
MODEL, GGUF = "nomic-embed-text-v1.5", "nomic-gguf"
# Passes for one, as long as nobody loads it.
GRAPH = b"\x08\x08" + bytes(1_000)
LONGEST = nomic.Shape().positions
# Where a CPU computes in bf16, with 8 bits of mantissa, vectors are 5e-4 from 1, in binary16 and in 32 bits below 1e-6.
# llama.cpp keeps keys and values in binary16, and rounds what products take to it: 6e-6. A model that computed something
# else is 1e-2 from 1 at least.
SMALLEST_COSINE = {MODEL: 0.997, GGUF: 0.999}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The files of the small model."""
    folder = tmp_path_factory.mktemp("nomic") / "published"
    nomic.make(folder)
    return folder


@pytest.fixture(scope="module")
def reference(folder):
    return Nomic(PublishedModel(folder))


def publish(hub, folder):
    for path in folder.rglob("*"):
        if path.is_file():
            hub.add(REPOSITORY, str(path.relative_to(folder)), path.read_bytes())


def install(hub, home, *arguments):
    return dpais(home, "model", "install", *arguments, settings=settings(hub))


@pytest.fixture(scope="module")
def home(folder, tmp_path_factory):
    home = tmp_path_factory.mktemp("nomic-home")
    with stand_in_hub() as hub:
        publish(hub, folder)
        # The contract's name for it.
        result = install(hub, home, "nomic-embedding-text-v1.5")
        assert result.returncode == 0, result.stderr
    nomic.write_gguf(folder, home / "nomic.gguf", "f16")
    result = dpais(home, "model", "install", "--from", home / "nomic.gguf", "--name", GGUF)
    assert result.returncode == 0, result.stderr
    return home


@pytest.fixture(scope="module")
def server(home, tmp_path_factory):
    server = Server(home, tmp_path_factory.mktemp("nomic-server") / "log")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def published(reference):
    """Texts of 1 to some 250 words and two of nearly all that the model reads, and their vectors in numpy."""
    choice = random.Random(3)
    lengths = [*range(1, 34), *(round(length) for length in numpy.linspace(34, 254, 27)), 1_500, LONGEST - 2]
    texts = [" ".join(choice.choices(nomic.WORDS, k=length)) for length in lengths]
    texts[:3] = ["a", "Search_query: naïve cafés?", "7, 1984!"]
    return texts, numpy.array([reference.vector(text) for text in texts])


def embed(client, given, model=MODEL, **options):
    reply = client.embeddings.create(model=model, input=given, **options)
    return numpy.array([one.embedding for one in reply.data], dtype=numpy.float32), reply.usage.prompt_tokens


def test_a_model_that_computed_something_else_would_be_told_apart(folder, published):
    texts, expected = published
    blind = Nomic(PublishedModel(folder), turns=False)
    assert max(cosines(numpy.array([blind.vector(text) for text in texts[3:60:4]]), expected[3:60:4])) < 0.99


@pytest.mark.parametrize("model", [MODEL, GGUF])
def test_vectors_are_the_published_models_whatever_the_batch(server, reference, published, model):
    texts, expected = published
    client = server.client()
    vectors, read = embed(client, texts, model)
    assert vectors.shape == expected.shape and read == sum(len(reference.tokens(text)) for text in texts)
    assert numpy.allclose(numpy.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert min(cosines(vectors, expected)) > SMALLEST_COSINE[model]
    alone = numpy.concatenate([embed(client, text, model)[0] for text in texts[::9]])
    assert min(cosines(alone, expected[::9])) > SMALLEST_COSINE[model]
    halves = in_parallel([lambda part=part: embed(client, texts[part::2], model)[0] for part in range(2)])
    for part, half in enumerate(halves):
        assert min(cosines(half, expected[part::2])) > SMALLEST_COSINE[model]


def test_tokens_are_taken_as_they_are(server, reference, published):
    texts, expected = published
    vectors, _ = embed(server.client(), [reference.tokens(text)[1:-1] for text in texts[3:20]])
    assert min(cosines(vectors, expected[3:20])) > SMALLEST_COSINE[MODEL]


@pytest.mark.parametrize("dimensions", [1, 64, 127, 128])
def test_vectors_can_be_shortened(server, base, published, dimensions):
    texts, expected = published
    short, _ = embed(server.client(base), texts, dimensions=dimensions)
    cut = expected[:, :dimensions]
    assert short.shape == cut.shape
    # Of the first components alone little may be left, and rounding is a larger part of that.
    lengths = numpy.linalg.norm(cut, axis=1, keepdims=True)
    long_enough = lengths[:, 0] > 0.3 * (dimensions / 128) ** 0.5
    assert long_enough.sum() > 50
    assert min(cosines(short, cut / lengths)[long_enough]) > SMALLEST_COSINE[MODEL]
    assert numpy.allclose(numpy.linalg.norm(short, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("dimensions", [129, 768])
def test_more_components_than_there_are_are_refused(server, base, dimensions):
    with pytest.raises(openai.BadRequestError) as refused:
        embed(server.client(base), "a", dimensions=dimensions)
    assert refused.value.param == "dimensions" and "128" in refused.value.message


def refuses_what_is_too_long(client):
    with pytest.raises(openai.BadRequestError) as refused:
        embed(client, ["a", "a " * (LONGEST - 1)])
    assert (refused.value.code, refused.value.param) == ("context_length_exceeded", "input[1]")
    assert str(LONGEST) in refused.value.message and str(LONGEST + 1) in refused.value.message


def test_a_text_longer_than_it_reads_is_refused_with_both_lengths(server, base):
    refuses_what_is_too_long(server.client(base))


def test_32_bits_can_be_had(home, published, tmp_path):
    texts, expected = published
    server = Server(home, tmp_path / "log", DPAIS_RUNNER_PRECISION="f32")
    try:
        vectors, _ = embed(server.client(), texts)
        assert min(cosines(vectors, expected)) > 0.99999
        refuses_what_is_too_long(server.client())
    finally:
        server.stop()


def test_the_weights_are_converted_and_not_kept(home):
    manifest = json.loads((home / "models" / MODEL / "manifest.json").read_text())
    assert [file["name"] for file in manifest["convertedFrom"]] == ["model.safetensors"]
    names = {file["name"] for file in manifest["files"]}
    assert {"model.xml", "model.bin", "encoder.json", "tokenizer.json", "pooling.json"} <= names
    assert "model.safetensors" not in names and not (home / "models" / MODEL / "model.safetensors").exists()


def test_weights_come_before_a_graph_of_the_same_model(folder, tmp_path):
    with stand_in_hub() as hub:
        publish(hub, folder)
        hub.add(REPOSITORY, "onnx/model.onnx", GRAPH)
        # A path chooses either.
        for name, path in [("mine", ""), ("graph", "/onnx/model.onnx"), ("weights", "/model.safetensors")]:
            source = ["--from", f"hf:{REPOSITORY}{path}", "--name", name]
            result = install(hub, tmp_path, *source)
            assert result.returncode == 0, result.stderr
            # The same again is no other model.
            assert install(hub, tmp_path, *source).returncode == 0
            assert len(hub.asked("GET", f"/{REPOSITORY}/resolve/main/onnx")) == (0 if name == "mine" else 1)
    assert has_graph(tmp_path, "graph") and not has_graph(tmp_path, "mine") and not has_graph(tmp_path, "weights")


def has_graph(home, name):
    """Whether a model came as ONNX, and not as weights."""
    names = {path.name for path in (home / "models" / name).iterdir()}
    assert ("model.onnx" in names) != ("encoder.json" in names)
    return "model.onnx" in names


def test_a_folder_of_this_machine_has_the_same_order(folder, tmp_path):
    here = tmp_path / "folder"
    shutil.copytree(folder, here)
    (here / "model.onnx").write_bytes(GRAPH)
    for name, source in [("mine", here), ("graph", here / "model.onnx"), ("weights", here / "model.safetensors")]:
        for _ in range(2):
            result = dpais(tmp_path, "model", "install", "--from", source, "--name", name)
            assert result.returncode == 0, result.stderr
    assert has_graph(tmp_path, "graph") and not has_graph(tmp_path, "mine") and not has_graph(tmp_path, "weights")


@pytest.mark.parametrize("weights", ["pointer", "8 bits"])
def test_weights_that_cannot_be_read_leave_the_graph(folder, tmp_path, weights):
    content = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 453000000\n"
    if weights == "8 bits":
        content = (folder / "model.safetensors").read_bytes().replace(b'"F32"', b'"I32"')
    with stand_in_hub() as hub:
        publish(hub, folder)
        hub.add(REPOSITORY, "model.safetensors", content)
        assert install(hub, tmp_path, "--from", f"hf:{REPOSITORY}", "--name", "none").returncode == 1
        assert not (tmp_path / "models" / "none").exists()
        hub.add(REPOSITORY, "onnx/model.onnx", GRAPH)
        for _ in range(2):
            result = install(hub, tmp_path, "--from", f"hf:{REPOSITORY}", "--name", "mine")
            assert result.returncode == 0, result.stderr
    assert has_graph(tmp_path, "mine")


def test_a_further_layer_behind_the_encoder_is_not_left_out(folder, tmp_path):
    with stand_in_hub() as hub:
        publish(hub, folder)
        hub.add(REPOSITORY, "2_Dense/config.json", b"{}")
        refused = install(hub, tmp_path, "--from", f"hf:{REPOSITORY}", "--name", "mine")
        assert refused.returncode == 1 and "Dense" in refused.stderr
        hub.add(REPOSITORY, "onnx/model.onnx", GRAPH)
        assert install(hub, tmp_path, "--from", f"hf:{REPOSITORY}", "--name", "mine").returncode == 0
    assert has_graph(tmp_path, "mine")


def test_a_variant_that_cannot_be_converted_comes_as_a_graph(folder, tmp_path):
    other = json.loads((folder / "config.json").read_text()) | {"moe_every_n_layers": 2}
    with stand_in_hub() as hub:
        publish(hub, folder)
        hub.add(REPOSITORY, "config.json", json.dumps(other).encode())
        refused = install(hub, tmp_path, "--from", f"hf:{REPOSITORY}", "--name", "mine")
        assert refused.returncode == 1 and "nomic_bert" in refused.stderr and "ONNX" in refused.stderr
        assert not (tmp_path / "models" / "mine").exists()
        hub.add(REPOSITORY, "onnx/model.onnx", GRAPH)
        for arguments in (["--from", f"hf:{REPOSITORY}", "--name", "mine"], [MODEL], [MODEL]):
            result = install(hub, tmp_path, *arguments)
            assert result.returncode == 0, result.stderr
    assert has_graph(tmp_path, "mine") and has_graph(tmp_path, MODEL)
