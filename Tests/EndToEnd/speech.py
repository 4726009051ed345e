"""Speech for tests: a recording whose words are known, and sentences that a synthesiser says in several languages."""

import array
import ctypes
import functools
import io
import os
import pathlib
import re
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


if __name__ == "__main__":
    sys.stdout.buffer.write(synthesise(*sys.argv[1:]))
