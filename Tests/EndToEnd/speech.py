"""Speech for tests: a recording whose words are known, and sentences that a synthesiser says in several languages."""

import array
import ctypes
import difflib
import functools
import io
import os
import pathlib
import re
import statistics
import subprocess
import sys
import unicodedata
import wave

import espeakng_loader

from waiting import HANG

# John F. Kennedy's inaugural address, 20 January 1961; in the public domain. It comes with whisper.cpp's sources.
RECORDING = pathlib.Path(os.environ["DPAIS_TEST_SAMPLES"], "jfk.wav")
RECORDED_WORDS = (
    "And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country."
)

# When each of its words begins, in seconds, and when the last one ends: by faster-whisper 1.2.1 with Whisper tiny.en in 8
# bits. A boundary in a pause may lie anywhere in it; the pauses are where the sound is below 3% of its highest level.
RECORDED_BOUNDARIES = [
    (0, 0.32), (0.74, 0.74), (1.06, 1.38), (1.42, 1.42), (1.76, 1.76), (2.18, 3.74), (3.88, 3.88), (4.42, 5.32),
    (5.70, 5.70), (6.02, 6.02), (6.36, 6.36), (6.76, 6.76), (7.02, 7.02), (7.26, 7.26), (7.84, 8.18), (8.66, 8.66),
    (8.94, 8.94), (9.28, 9.28), (9.50, 9.50), (9.72, 9.72), (9.92, 9.92), (10.24, 10.24), (10.50, 10.50),
]  # fmt: skip

# espeak-ng's speak_lib.h.
SYNCHRONOUS, CHARACTERS_UTF8, RATE = 2, 1, 1
Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


@functools.cache
def say(text, language="en", words_per_minute=130):
    """A WAV file of 16-bit mono. The synthesiser's noise goes on from what it said before, so each text gets a process of
    its own; most voices say the same every time then."""
    arguments = [sys.executable, __file__, language, str(words_per_minute), text]
    return subprocess.run(arguments, capture_output=True, check=True, timeout=HANG).stdout


def synthesise(language, words_per_minute, text):
    library, samples = ctypes.CDLL(espeakng_loader.get_library_path()), array.array("h")
    rate = library.espeak_Initialize(SYNCHRONOUS, 0, str(espeakng_loader.get_data_path()).encode(), 0)
    assert rate > 0

    @Callback
    def collect(data, count, _):
        samples.extend(data[:count] if data else [])
        return 0

    library.espeak_SetSynthCallback(collect)
    assert library.espeak_SetVoiceByName(language.encode()) == 0, language
    library.espeak_SetParameter(RATE, int(words_per_minute), 0)
    encoded = text.encode() + b"\0"
    assert library.espeak_Synth(encoded, len(encoded), 0, 0, 0, CHARACTERS_UTF8, None, None) == 0
    library.espeak_Synchronize()
    return wav(samples, rate)


def wav(samples, rate, channels=1):
    """A WAV file of 16-bit samples."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(array.array("h", samples).tobytes())
    return file.getvalue()


def silence(seconds, rate=16_000):
    return wav(array.array("h", bytes(2 * int(seconds * rate))), rate)


def recording():
    return RECORDING.read_bytes()


def words(text):
    """In lower case, without punctuation."""
    text = unicodedata.normalize("NFC", text).lower().replace("-", " ")
    return re.findall(r"[\w']+", text)


def word_error_rate(found, expected):
    """The edits between two texts by the words of the expected one: 0 where they are the same."""
    found, expected = words(found), words(expected)
    row = list(range(len(found) + 1))
    for index, word in enumerate(expected, 1):
        before, row[0] = row[0], index
        for place, other in enumerate(found, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
    return row[-1] / len(expected)


def is_recorded(text):
    """Whether a text is what was recorded, but for three of its 22 words.

    On another CPU sums are rounded otherwise, and the model may take a word or two for others; a sound that is read wrongly
    gives another text altogether.
    """
    return word_error_rate(text, RECORDED_WORDS) <= 0.15


def assert_recorded_times(timed_words):
    """The words are those of the recording, but for a few, and each has its time in the recording.

    A third of a second for each and a tenth in the middle: the model tells times in steps of 20 ms, and which one it takes
    where it is not sure of a boundary depends on how the CPU rounds.
    """
    heard = ["".join(words(one.word)) for one in timed_words]
    matcher = difflib.SequenceMatcher(a=heard, b=words(RECORDED_WORDS), autojunk=False)
    places = {block.a + index: block.b + index for block in matcher.get_matching_blocks() for index in range(block.size)}
    assert len(places) >= 18, heard
    outside = []
    for index, place in places.items():
        for time, (first, last) in zip((timed_words[index].start, timed_words[index].end), RECORDED_BOUNDARIES[place:]):
            outside.append(max(first - time, time - last, 0))
    assert max(outside) <= 0.35 and statistics.median(outside) <= 0.1, (outside, timed_words)


if __name__ == "__main__":
    sys.stdout.buffer.write(synthesise(*sys.argv[1:]))
