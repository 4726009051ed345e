"""The time in which files that are not sounds or pictures are refused, and in which silence is passed over."""

import base64

import openai
import pytest

import test_clip
import test_image_variations as variations
import test_media as media
import test_transcriptions as transcriptions
from conftest import LISTENER, reply_to_large
from speech import recording, silence
from test_clip import folder, server as embedder  # noqa: F401
from test_media import files, seeing, seeing_home  # noqa: F401
from test_transcriptions import cold  # noqa: F401
from timing import assert_best_of_three, at_once


@pytest.mark.parametrize("data", [case[1] for case in transcriptions.NO_SOUND], ids=[case[0] for case in transcriptions.NO_SOUND])
def test_a_file_that_is_not_a_sound_is_refused_at_once(cold, data):  # noqa: F811
    form = {"files": {"file": ("speech.mp3", data)}, "data": {"model": LISTENER}}
    assert at_once(lambda: cold.http().post("/v1/audio/transcriptions", **form)).status_code == 400
    assert cold.runners() == []


def test_a_wrong_length_in_the_head_takes_no_time(server):
    transcriptions.transcribe(server.client(), recording())
    for data in transcriptions.UNTRUE_LENGTHS:
        form = {"files": {"file": data}, "data": {"model": LISTENER}}
        assert at_once(lambda: server.http().post("/v1/audio/transcriptions", **form)).status_code in (200, 400)


def test_ten_minutes_of_silence_take_seconds(server):
    data = silence(600)
    transcriptions.transcribe(server.client(), recording())
    reply = at_once(lambda: transcriptions.transcribe(server.client(), data, response_format="verbose_json"), seconds=12)
    assert reply.text == "" and reply.segments == [] and reply.duration == 600


@pytest.mark.parametrize("case", variations.BAD, ids=[case[0] for case in variations.BAD])
def test_a_file_that_is_not_a_picture_is_refused_at_once(cold, case):  # noqa: F811
    _, data, status, words = case
    variations.assert_refused(at_once(lambda: variations.post(cold, "/v1", data)), status, words)


def test_a_file_over_25_mb_is_refused_as_soon_as_it_is_there(cold):  # noqa: F811
    """How long it takes to arrive depends on the machine: a file that is a byte smaller takes as long."""

    def share():
        """Of the smaller file's time."""
        whole = variations.post(cold, "/v1", variations.LARGEST_FILE)
        refused = reply_to_large(lambda: variations.post(cold, "/v1", variations.TOO_LARGE_FILE))
        assert (whole.status_code, refused.status_code) == (400, 413)
        return refused.elapsed / whole.elapsed

    assert_best_of_three(share, below=2)


def refused(request):
    def ask():
        with pytest.raises(openai.APIStatusError) as error:
            request()
        return error.value

    assert at_once(ask).status_code in (400, 413)


@pytest.mark.parametrize("kind", test_clip.UNREADABLE)
def test_an_unreadable_picture_to_embed_is_refused_at_once(embedder, kind):  # noqa: F811
    # The model is loaded first.
    test_clip.embed(embedder.client(), test_clip.SENTENCE)
    images = [base64.b64encode(test_clip.UNREADABLE[kind]).decode()]
    refused(lambda: test_clip.embed(embedder.client(), images=images))


@pytest.mark.parametrize("kind", media.BROKEN)
def test_a_broken_picture_in_a_message_is_refused_at_once(seeing, kind):  # noqa: F811
    media.look(seeing, media.text("Hello."), max_tokens=1)
    refused(lambda: media.look(seeing, media.image(media.BROKEN[kind])))
