"""Which files of a hub's repository make a model, and what is said where that is not clear."""

import json

import pytest

from conftest import dpais
from test_hub_downloads import SMALL, hub, install, installed, model, settings  # noqa: F401: a fixture


def manifest(home, name="tiny"):
    return json.loads((home / "models" / name / "manifest.json").read_text())


def names(home, name="tiny"):
    return [file["name"] for file in manifest(home, name)["files"]]


def fill(hub, *paths, repository="us/tiny-GGUF"):
    for place, path in enumerate(paths):
        hub.add(repository, path, model(SMALL + place, seed=place))


def source(hub, home, name="tiny"):
    """The path in the repository that a model's first file came from."""
    return manifest(home, name)["source"].partition("@main/")[2]


def test_the_usual_quantisation_is_taken_where_none_is_named(hub, tmp_path):
    fill(hub, "tiny-Q8_0.gguf", "tiny-Q4_K_M.gguf", "tiny-F16.gguf", "README.md")
    assert install(hub, tmp_path, "hf:us/tiny-GGUF").returncode == 0
    assert source(hub, tmp_path) == "tiny-Q4_K_M.gguf" and names(tmp_path) == ["tiny.gguf"]


def test_without_the_usual_one_the_nearest_is_taken(hub, tmp_path):
    fill(hub, "tiny-F16.gguf", "tiny-q8_0.gguf", "tiny-q5_k_m.gguf")
    assert install(hub, tmp_path, "hf:us/tiny-GGUF").returncode == 0
    assert source(hub, tmp_path) == "tiny-q5_k_m.gguf"


def test_a_quantisation_can_be_named(hub, tmp_path):
    fill(hub, "tiny-Q8_0.gguf", "tiny-Q4_K_M.gguf", "BF16/tiny-BF16.gguf")
    for wanted, path in [("q8_0", "tiny-Q8_0.gguf"), ("BF16", "BF16/tiny-BF16.gguf")]:
        assert install(hub, tmp_path, f"hf:us/tiny-GGUF:{wanted}", wanted.lower()).returncode == 0
        assert source(hub, tmp_path, wanted.lower()) == path
    result = install(hub, tmp_path, "hf:us/tiny-GGUF:Q2_K", "none")
    assert result.returncode == 1 and all(one in result.stderr for one in ("Q2_K", "Q8_0", "Q4_K_M", "BF16"))


def test_several_models_that_could_be_meant_are_listed(hub, tmp_path):
    fill(hub, "one-Q4_K_M.gguf", "two-Q4_K_M.gguf")
    result = install(hub, tmp_path, "hf:us/tiny-GGUF")
    assert result.returncode == 1 and "one-Q4_K_M.gguf" in result.stderr and "two-Q4_K_M.gguf" in result.stderr
    assert install(hub, tmp_path, "hf:us/tiny-GGUF/two-Q4_K_M.gguf").returncode == 0


def test_a_model_in_several_files_comes_whole(hub, tmp_path):
    parts = [f"Q4_K_M/tiny-Q4_K_M-0000{number}-of-00003.gguf" for number in (1, 2, 3)]
    fill(hub, *parts, "tiny-Q8_0.gguf")
    assert install(hub, tmp_path, "hf:us/tiny-GGUF").returncode == 0
    assert names(tmp_path) == [f"tiny-0000{number}-of-00003.gguf" for number in (1, 2, 3)]
    assert install(hub, tmp_path, "hf:us/tiny-GGUF/" + parts[1], "other").returncode == 0
    assert names(tmp_path, "other")[0] == "other-00001-of-00003.gguf" and len(names(tmp_path, "other")) == 3
    del hub.files["us/tiny-GGUF/" + parts[2]]
    result = install(hub, tmp_path, "hf:us/tiny-GGUF:Q4_K_M", "less")
    assert result.returncode == 1 and parts[2] in result.stderr


def test_what_makes_a_model_see_is_taken_along(hub, tmp_path):
    fill(hub, "tiny-Q4_K_M.gguf", "mmproj-tiny-f32.gguf", "mmproj-tiny-f16.gguf")
    assert install(hub, tmp_path, "hf:us/tiny-GGUF").returncode == 0
    assert names(tmp_path) == ["tiny.gguf", "tiny.projector.gguf"]
    assert manifest(tmp_path)["projector"] == "tiny.projector.gguf"
    assert manifest(tmp_path)["files"][1]["bytes"] == SMALL + 2


def test_a_revision_is_asked_for(hub, tmp_path):
    fill(hub, "tiny-Q4_K_M.gguf")
    assert install(hub, tmp_path, "hf:us/tiny-GGUF@v1.0:Q4_K_M").returncode == 0
    assert hub.asked("GET", "/api/models/us/tiny-GGUF/tree/v1.0")
    assert hub.asked("GET", "/us/tiny-GGUF/resolve/v1.0/tiny-Q4_K_M.gguf")


def test_a_mirror_without_lists_gives_a_file_that_is_named(hub, tmp_path):
    fill(hub, "tiny-Q4_K_M.gguf")
    hub.knows_lists = False
    assert install(hub, tmp_path, "hf:us/tiny-GGUF/tiny-Q4_K_M.gguf").returncode == 0
    assert install(hub, tmp_path, "hf:us/tiny-GGUF", "other").returncode == 1


def test_a_model_of_whisper_cpp_is_chosen_by_its_name(hub, tmp_path):
    for name in ("tiny.en", "base"):
        hub.add("us/whisper", f"ggml-{name}.bin", b"lmgg" + name.encode() * 1000)
    result = install(hub, tmp_path, "hf:us/whisper")
    assert result.returncode == 1 and "tiny.en" in result.stderr and "base" in result.stderr
    assert install(hub, tmp_path, "hf:us/whisper:tiny.en").returncode == 0
    assert manifest(tmp_path)["capability"] == "transcription" and names(tmp_path) == ["ggml-tiny.bin"]


def test_a_text_encoder_comes_with_what_belongs_to_it(hub, tmp_path):
    fill(hub, "onnx/model.onnx", "onnx/model_quantized.onnx", "pytorch_model.bin", repository="us/encoder")
    for path in ("tokenizer.json", "config.json", "1_Pooling/config.json"):
        hub.add("us/encoder", path, b'{"model_type": "bert"}')
    assert install(hub, tmp_path, "hf:us/encoder").returncode == 0
    assert names(tmp_path) == ["model.onnx", "tokenizer.json", "config.json", "pooling.json"]
    assert install(hub, tmp_path, "hf:us/encoder/onnx/model_quantized.onnx", "small").returncode == 0
    assert manifest(tmp_path, "small")["files"][0]["bytes"] == SMALL + 1


def test_a_small_file_is_held_against_what_git_calls_it(hub, tmp_path):
    fill(hub, "model.onnx", repository="us/encoder")
    hub.add("us/encoder", "tokenizer.json", b"{}" + b" " * 100)

    def misbehave(handler, method, path):
        if path == "/us/encoder/resolve/main/tokenizer.json":
            handler.reply(200, b"[]" + b" " * 100)
            return True
        return False

    hub.misbehave = misbehave
    result = install(hub, tmp_path, "hf:us/encoder")
    assert result.returncode == 1 and "tokenizer.json" in result.stderr and "git digest" in result.stderr
    assert installed(tmp_path) == []


def test_a_repository_without_a_model_says_what_would_be_one(hub, tmp_path):
    hub.add("us/notes", "README.md", b"nothing")
    result = install(hub, tmp_path, "hf:us/notes")
    assert result.returncode == 1 and "model.onnx" in result.stderr


@pytest.mark.parametrize("place", ["hf:", "hf:us", "hf:us/", "hf:us/a/../b", "hf:us/a@", "hf:us/a:x:y", "hf:us/a@b@c", "hf:u s/a"])
def test_a_place_that_is_none_is_explained(hub, tmp_path, place):
    result = install(hub, tmp_path, place)
    assert result.returncode == 1 and "hf:owner/name" in result.stderr
    assert hub.requests == []


def test_the_place_alone_names_the_model(hub, tmp_path):
    fill(hub, "tiny-Q4_K_M.gguf", "tiny-Q8_0.gguf")
    for place, name in [("hf:us/tiny-GGUF", "tiny"), ("hf:us/tiny-GGUF:Q8_0", "tiny-q8_0")]:
        result = dpais(tmp_path, "model", "install", place, settings=settings(hub))
        assert result.returncode == 0, result.stderr
        assert name in installed(tmp_path)


def test_the_same_place_again_fetches_nothing(hub, tmp_path):
    fill(hub, "tiny-Q4_K_M.gguf")
    assert install(hub, tmp_path, "hf:us/tiny-GGUF").returncode == 0
    before = len(hub.sent)
    assert install(hub, tmp_path, "hf:us/tiny-GGUF").returncode == 0
    assert len(hub.sent) == before and len(hub.parts("us/tiny-GGUF/tiny-Q4_K_M.gguf")) == 1
