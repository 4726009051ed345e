"""Speech written down and translated, by the official client on both bases: a recording, and sentences of a synthesiser."""

import io
import pathlib
import signal

import httpx
import numpy
import openai
import pytest
import soundfile
import srt
import webvtt

from conftest import INTERPRETER, LISTENER, MODEL, Server, reply_to_large
from passages import PASSAGES
from speech import RECORDING, assert_recorded_times, is_recorded, recording, say, silence, wav, word_error_rate, words
from waiting import HANG, eventually, rounds

# What a synthesiser says in a language, and what is in its English translation. Most sentences of a synthesiser are heard
# badly, and otherwise on each CPU. Of these every word was heard in 12 tries of 12, and translated so: computed in 32 bits
# and in bf16, the sound as it is and with five kinds of noise.
SENTENCES = {
    "de": ("german", "Guten Tag, meine Damen und Herren. Die Musik ist sehr schön.", "music"),
    "it": ("italian", "Oggi andiamo al mercato per comprare il pane e il vino.", "market"),
    "es": ("spanish", "Buenos días. Hoy vamos a la playa con nuestros amigos.", "beach"),
}
WORDS_PER_MINUTE = 120
SECONDS = 11.0


def transcribe(client, data, name="speech.wav", **options):
    return client.audio.transcriptions.create(file=(name, data), **({"model": LISTENER} | options))


def sound(kind, subtype=None, rate=16_000, channels=1, seconds=SECONDS):
    """The recording, or its beginning, as another kind of file."""
    samples, own = soundfile.read(RECORDING, dtype="float64")
    samples = samples[: int(seconds * own)]
    times = numpy.arange(int(len(samples) * rate / own)) / rate
    samples = numpy.interp(times, numpy.arange(len(samples)) / own, samples)
    file = io.BytesIO()
    soundfile.write(file, numpy.stack([samples] * channels, axis=1), rate, format=kind, subtype=subtype)
    return file.getvalue()


# MARK: transcripts


def test_speech_is_written_down(server, base):
    reply = transcribe(server.client(base), recording())
    assert is_recorded(reply.text), reply.text
    assert reply.usage.type == "duration" and abs(reply.usage.seconds - SECONDS) < 0.1


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("WAV", {"subtype": "PCM_U8"}), ("WAV", {"subtype": "PCM_24", "rate": 44_100, "channels": 2}),
        ("WAV", {"subtype": "PCM_32", "rate": 8_000}), ("WAV", {"subtype": "FLOAT", "rate": 48_000, "channels": 6}),
        ("WAV", {"subtype": "ULAW"}), ("FLAC", {"rate": 44_100, "channels": 2}), ("OGG", {"subtype": "VORBIS", "rate": 22_050}),
        ("MP3", {"rate": 44_100, "channels": 2}),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(map(str, value.values())),
)  # fmt: skip
def test_every_kind_of_file_is_read(server, kind, options):
    # By its content, not by its name.
    text = transcribe(server.client(), sound(kind, **options), name="speech.bin").text
    assert is_recorded(text), text


def test_verbose_json_says_all_of_its_segments(server, base):
    reply = transcribe(server.client(base), recording(), response_format="verbose_json")
    assert is_recorded(reply.text) and reply.language == "english" and abs(reply.duration - SECONDS) < 0.1
    assert reply.text == "".join(segment.text for segment in reply.segments).strip()
    assert reply.words is None
    last = 0
    for index, segment in enumerate(reply.segments):
        assert segment.id == index and segment.seek >= 0
        assert last <= segment.start < segment.end <= reply.duration
        last = segment.start
        assert segment.tokens and segment.temperature == 0
        assert -1 < segment.avg_logprob < 0 and 0.5 < segment.compression_ratio < 2.4 and 0 <= segment.no_speech_prob < 0.6


def test_words_have_times(server, base):
    reply = transcribe(
        server.client(base), recording(), response_format="verbose_json", timestamp_granularities=["word", "segment"]
    )
    assert is_recorded(" ".join(word.word for word in reply.words)) and reply.segments
    ends = [0, *(word.end for word in reply.words)]
    for word, end in zip(reply.words, ends):
        assert end <= word.start + 0.001 and word.start <= word.end <= reply.duration
    assert_recorded_times(reply.words)


@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_subtitles_can_be_read_by_others(server, base, kind):
    text = transcribe(server.client(base), recording(), response_format=kind)
    if kind == "srt":
        cues = [(cue.start.total_seconds(), cue.end.total_seconds(), cue.content) for cue in srt.parse(text, ignore_errors=False)]
    else:
        cues = [(cue.start_in_seconds, cue.end_in_seconds, cue.text) for cue in webvtt.from_string(text)]
    assert cues and is_recorded(" ".join(cue[2] for cue in cues))
    assert all(0 <= start < end <= SECONDS + 0.1 for start, end, _ in cues)


def test_text_is_plain_or_wrapped(server):
    plain = transcribe(server.client(), recording(), response_format="text")
    assert is_recorded(plain) and plain.endswith("\n")
    for base, kind in (("/v1", "text/plain; charset=utf-8"), ("/v1/openai", "application/json")):
        reply = server.http().post(
            f"{base}/audio/transcriptions", files={"file": recording()}, data={"model": LISTENER, "response_format": "text"}
        )
        assert reply.headers["content-type"] == kind
    assert is_recorded(reply.json()["text"])


def test_a_stream_adds_up_to_the_whole(server, base):
    client = server.client(base)
    events = list(transcribe(client, recording(), stream=True))
    assert [event.type for event in events] == ["transcript.text.delta"] * (len(events) - 1) + ["transcript.text.done"]
    assert events[-1].text == "".join(event.delta for event in events[:-1]) == transcribe(client, recording()).text
    assert abs(events[-1].usage.seconds - SECONDS) < 0.1


def test_temperatures_are_taken(server, base):
    first, second = (
        transcribe(server.client(base), recording(), temperature=0.4, response_format="verbose_json") for _ in range(2)
    )
    assert first.segments and all(segment.temperature >= 0.4 for segment in first.segments)
    # What is drawn is drawn from a seed of the sound's.
    assert first == second


@pytest.mark.parametrize("size", [1, 2, 8])
def test_beams_of_every_size_are_taken(server, size):
    assert is_recorded(transcribe(server.client(), recording(), extra_body={"beam_size": size}).text)


def test_a_prompt_is_read_before_the_sound(server):
    """The model reads at least a token for each word of the prompt, of which there are more than it writes down of the
    recording and reads again. What the prompt does to the text is measured in measured/test_speech_quality.py."""
    prompt = " ".join(PASSAGES[0][1].split())

    def tokens_read(**options):
        before = server.stats(LISTENER)["promptTokens"]
        assert transcribe(server.client(), recording(), **options).text
        return server.stats(LISTENER)["promptTokens"] - before

    transcribe(server.client(), recording())
    assert 0 < tokens_read() < len(words(prompt)) < tokens_read(prompt=prompt)


def test_the_same_file_gives_the_same_text(server):
    assert transcribe(server.client(), recording()).text == transcribe(server.client(), recording()).text


# MARK: languages


@pytest.mark.parametrize("code", SENTENCES)
def test_a_language_is_detected_and_checked(server, base, code):
    name, sentence, _ = SENTENCES[code]
    client, data = server.client(base), say(sentence, code, WORDS_PER_MINUTE)
    detected = transcribe(client, data, model=INTERPRETER, response_format="verbose_json")
    assert detected.language == name
    assert word_error_rate(detected.text, sentence) <= 0.3, detected.text
    # The model reads the same tokens where the language is named.
    named = transcribe(client, data, model=INTERPRETER, language=name, response_format="verbose_json")
    assert named == detected
    with pytest.raises(openai.BadRequestError) as refused:
        transcribe(client, data, language=code)
    assert refused.value.param == "language"


@pytest.mark.parametrize("code", SENTENCES)
def test_speech_is_translated(server, base, code):
    _, sentence, word = SENTENCES[code]
    data = say(sentence, code, WORDS_PER_MINUTE)
    reply = server.client(base).audio.translations.create(model=INTERPRETER, file=("speech.wav", data))
    assert word in reply.text.lower(), reply.text


def test_translations_come_in_every_format(server, base):
    client, data = server.client(base), say(SENTENCES["it"][1], "it", WORDS_PER_MINUTE)

    def translate(beams=1, **options):
        return client.audio.translations.create(
            model=INTERPRETER, file=("speech.wav", data), prompt="Good morning.", temperature=0,
            extra_body={"beam_size": beams}, **options
        )  # fmt: skip

    verbose = translate(response_format="verbose_json")
    assert verbose.language == "english" and verbose.duration > 3 and verbose.segments[0].tokens
    assert list(srt.parse(translate(response_format="srt"))) and len(webvtt.from_string(translate(response_format="vtt"))) > 0
    assert translate(response_format="json").text == verbose.text
    assert translate(beams=2).text


def test_a_model_of_english_alone_does_not_translate(server, base):
    with pytest.raises(openai.InternalServerError) as refused:
        server.client(base).audio.translations.create(model=LISTENER, file=("speech.wav", recording()))
    assert refused.value.status_code == 501 and refused.value.code == "not_supported"


# MARK: silence and noise


def test_silence_is_an_empty_text_that_no_window_is_computed_for(server):
    transcribe(server.client(), recording())
    before = server.stats(LISTENER)
    reply = transcribe(server.client(), silence(100), response_format="verbose_json")
    assert reply.text == "" and reply.segments == [] and reply.duration == 100
    after = server.stats(LISTENER)
    assert after["completedRequests"] == before["completedRequests"] + 1
    assert [after[count] - before[count] for count in ("steps", "promptTokens", "completionTokens")] == [0, 0, 0]


def test_no_samples_are_an_empty_text(server, base):
    reply = transcribe(server.client(base), wav([], 16_000), response_format="verbose_json")
    assert (reply.text, reply.duration) == ("", 0)


@pytest.mark.parametrize("kind", ["noise", "counting"])
def test_text_that_loops_or_is_unlikely_is_decoded_at_higher_temperatures(server, kind):
    """As in Whisper's own program: such a text comes of the highest temperature alone. Whatever the model makes of it."""
    noise = numpy.random.default_rng(1).normal(0, 3_000, 16_000 * 5).astype(numpy.int16)
    data = wav(noise.tolist(), 16_000) if kind == "noise" else say("one two three " * 8)
    reply = transcribe(server.client(), data, response_format="verbose_json", extra_body={"beam_size": 1})
    for segment in reply.segments:
        is_doubtful = segment.compression_ratio > 2.4001 or segment.avg_logprob < -1.0001
        assert segment.temperature == 1 or not is_doubtful, segment


# MARK: what is wrong


@pytest.fixture(scope="module")
def cold(home, tmp_path_factory):
    """A server none of whose models runs."""
    server = Server(home, tmp_path_factory.mktemp("cold") / "log")
    yield server
    server.stop()


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"language": "xx"}, "language"), ({"language": ""}, "language"), ({"temperature": "1.5"}, "temperature"),
        ({"temperature": "warm"}, "temperature"), ({"beam_size": "9"}, "beam_size"), ({"response_format": "xml"}, "response_format"),
        ({"response_format": "diarized_json"}, "response_format"), ({"response_format": "srt", "stream": "true"}, "response_format"),
        ({"stream": "maybe"}, "stream"), ({"timestamp_granularities[]": "word"}, "timestamp_granularities"),
        ({"timestamp_granularities[]": "day", "response_format": "verbose_json"}, "timestamp_granularities"),
        ({"include[]": "logprobs"}, "include"), ({"keywords[]": ["a", "b"]}, "keywords"), ({"languages[]": "de"}, "languages"),
        ({"known_speaker_names[]": "Ann"}, "known_speaker_names"), ({"chunking_strategy[type]": "server_vad"}, "chunking_strategy"),
        ({"known_speaker_references[]": "data:audio/wav;base64," + "A" * 100_000}, "known_speaker_references"),
        ({"prompt": "p" * 70_000}, "prompt"), ({"model": ""}, "model"), ({"model": MODEL}, "model"),
    ],
)  # fmt: skip
def test_each_wrong_field_is_named(cold, base, fields, param):
    reply = cold.http().post(f"{base}/audio/transcriptions", files={"file": recording()}, data={"model": LISTENER} | fields)
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, param), reply.text
    assert cold.runners() == []


def header(rate=16_000, said=None, samples=100):
    """A WAV file whose head says something else than the truth."""
    data = bytearray(wav([0] * samples, 16_000))
    data[24:28] = rate.to_bytes(4, "little")
    if said is not None:
        data[40:44] = said.to_bytes(4, "little")
        data[4:8] = min(said + 36, 0xFFFFFFFF).to_bytes(4, "little")
    return bytes(data)


NO_SOUND = [
    ("an empty file", b"", ["empty"]),
    ("text called .mp3", b"I am a sound, really.\n" * 40, ["WAV, MP3, FLAC or OGG"]),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(100), ["WAV, MP3, FLAC or OGG"]),
    ("an MP4", b"\0\0\0\x18ftypM4A \0\0\0\0" + bytes(100), ["found MP4"]),
    ("0 Hz in the head", header(rate=0), ["0 samples a second"]),
    ("half a head", header()[:20], ["cut short"]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "words"), [case[1:] for case in NO_SOUND], ids=[case[0] for case in NO_SOUND])
@pytest.mark.parametrize("endpoint", ["transcriptions", "translations"])
def test_a_file_that_is_not_a_sound_is_refused_without_a_model(cold, base, endpoint, data, words):
    reply = cold.http().post(f"{base}/audio/{endpoint}", files={"file": ("speech.mp3", data)}, data={"model": LISTENER})
    error = reply.json()["error"]
    assert (reply.status_code, error["param"]) == (400, "file"), error
    assert all(word in error["message"] for word in words), error["message"]
    assert cold.runners() == []


# 1 kB that says it is 2 GB, and no samples.
UNTRUE_LENGTHS = [header(said=2_000_000_000, samples=500), header(said=0, samples=0)]


def test_a_wrong_length_in_the_head_does_no_harm(server, base):
    for data in UNTRUE_LENGTHS:
        reply = server.http().post(f"{base}/audio/transcriptions", files={"file": data}, data={"model": LISTENER})
        # A length past what is read is refused; else what there is counts.
        assert reply.status_code in (200, 400), reply.text
        if reply.status_code == 400:
            assert reply.json()["error"]["param"] == "file"
        else:
            assert reply.json()["text"] == ""


def test_a_file_cut_short_is_read_as_far_as_it_goes(server):
    """The first half of an MP3 file holds "And so, my fellow Americans, ask not what"."""
    data = sound("MP3")
    reply = transcribe(server.client(), data[: len(data) // 2], name="speech.mp3", response_format="verbose_json")
    assert 5 < reply.duration < 6
    # On some CPUs a word or two may be taken for others.
    assert len({"and", "so", "my", "fellow", "americans"}.intersection(words(reply.text))) >= 3, reply.text


@pytest.mark.parametrize("kind", ["MP3", "FLAC", "OGG", "WAV"])
def test_damaged_files_never_harm_the_model(server, kind):
    data = sound(kind, seconds=3)
    random = numpy.random.default_rng(7)
    for _ in range(rounds(3, 400)):
        damaged = bytearray(data[: random.integers(1, len(data))])
        for place in random.integers(0, len(damaged), 20):
            damaged[place] = random.integers(0, 256)
        reply = server.http().post("/v1/audio/transcriptions", files={"file": bytes(damaged)}, data={"model": LISTENER, "beam_size": "1"})
        assert reply.status_code in (200, 400), reply.text
    assert is_recorded(transcribe(server.client(), recording()).text)


def test_a_file_and_a_model_are_needed(cold, base):
    for endpoint in ("transcriptions", "translations"):
        for parts, param in (({"file": recording()}, "model"), ({"model": (None, LISTENER)}, "file")):
            reply = cold.http().post(f"{base}/audio/{endpoint}", files=parts)
            error = reply.json()["error"]
            assert (reply.status_code, error["param"], error["code"]) == (400, param, "missing_required_parameter")
    assert cold.runners() == []


def test_an_unknown_model_is_told_by_the_dialect(cold):
    for base, status in (("/v1", 404), ("/v1/openai", 400)):
        reply = cold.http().post(f"{base}/audio/transcriptions", files={"file": recording()}, data={"model": "no-such"})
        assert (reply.status_code, reply.json()["error"]["code"]) == (status, "model_not_found")


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "application/json", 415), (b"--b\r\n", "multipart/form-data", 400), (b"", "multipart/form-data; boundary=b", 400),
        (b"--b\r\nContent-Disposition: form-data; name=file\r\n\r\nabc", "multipart/form-data; boundary=b", 400),
        (b"--b\r\nContent-Disposition: form-data; name=file\r\n\r\nabc\r\n--b--", "multipart/form-data; boundary=c", 400),
    ],
    ids=["JSON", "no boundary", "nothing", "no closing boundary", "another boundary"],
)  # fmt: skip
def test_a_body_that_is_not_a_form_is_refused(cold, base, content, kind, status):
    reply = cold.http().post(f"{base}/audio/transcriptions", content=content, headers={"content-type": kind})
    assert reply.status_code == status and reply.json()["error"]["message"]
    assert cold.runners() == []


def uploads(home):
    """What lies on disk of files that came with requests."""
    return [file for file in (pathlib.Path(home) / "uploads").rglob("*") if file.is_file()]


def assert_removed(home):
    """A file goes with the last of its request, which may be a moment after the reply."""
    eventually(lambda: not uploads(home), lambda: f"these stay: {uploads(home)}")


def test_names_of_parts_and_files_are_data(server, home, base):
    name = "../../etc/passwd"
    body = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n%s\r\n' % (part.encode(), name.encode(), content)
        for part, content in ((name, b"root"), ("file", recording()), ("model", LISTENER.encode()))
    )
    reply = server.http().post(
        f"{base}/audio/transcriptions", content=body + b"--b--\r\n", headers={"content-type": "multipart/form-data; boundary=b"}
    )
    if base == "/v1":
        assert reply.status_code == 200 and is_recorded(reply.json()["text"])
    else:
        assert (reply.status_code, reply.json()["error"]["param"]) == (400, name)
    assert not (pathlib.Path(home) / "etc").exists() and not (pathlib.Path(home).parent / "etc").exists()
    assert_removed(home)


# MARK: files on disk


class Departure(Exception):
    """The client leaves."""


def beginning_of_form(then):
    """A form that goes to disk, as a file of more than 1 MiB does, and does not end; calls `then` once it lies there."""
    yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + bytes(3_000_000)
    then()
    yield bytes(1)


def send_beginning(server, then):
    return server.http().post(
        "/v1/audio/transcriptions", content=beginning_of_form(then), headers={"content-type": "multipart/form-data; boundary=b"}
    )


def test_large_files_go_to_disk_and_are_removed_however_the_request_ends(own_server, home):
    limit = 4_000_000
    server = own_server(DPAIS_SERVER_SOUND_LIMIT=limit)
    data = silence(20, rate=48_000)
    assert transcribe(server.client(), data).text == ""
    assert_removed(home)
    for data, temperature, status in ((data, "9", 400), (bytes(limit + 1), "0", 413)):
        form = {"files": {"file": data}, "data": {"model": LISTENER, "temperature": temperature}}
        refused = reply_to_large(lambda: server.http().post("/v1/audio/transcriptions", **form))
        assert refused.status_code == status, refused.text
        assert_removed(home)

    def leave():
        found = eventually(lambda: uploads(home))
        assert [oct(file.stat().st_mode & 0o777) for file in found] == ["0o600"]
        assert all(oct(folder.stat().st_mode & 0o777) == "0o700" for folder in found[0].parents[:2])
        raise Departure

    with pytest.raises(Departure):
        send_beginning(server, leave)
    assert_removed(home)


def test_files_of_a_killed_server_are_removed_by_the_next(own_server, home):
    server = own_server()

    def kill():
        eventually(lambda: uploads(home))
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(HANG)

    with pytest.raises(httpx.TransportError):
        send_beginning(server, kill)
    assert uploads(home) != []
    own_server()
    assert uploads(home) == []


# MARK: clients that leave


@pytest.mark.parametrize("stream", ["false", "true"])
def test_leaving_ends_the_work(server, stream):
    """Of seven minutes of speech, which are 15 windows or more, not all are computed."""
    transcribe(server.client(), recording())
    before = server.stats(LISTENER)
    samples, rate = soundfile.read(RECORDING, dtype="int16")
    speech = wav(numpy.tile(samples, 40).tolist(), rate)
    fields = {"model": LISTENER, "beam_size": "8", "stream": stream}
    with server.send("/v1/audio/transcriptions", files={"file": speech}, data=fields):
        server.until(lambda stats: stats["running"] == 1, model=LISTENER)
    ended = server.until(lambda stats: stats["running"] == 0, model=LISTENER)
    assert ended["cancelledRequests"] == before["cancelledRequests"] + 1
    assert ended["steps"] - before["steps"] < 15
