#!/usr/bin/env python3
"""Makes the files of SoundFixtures/ anew: a short sound in every kind of file, and what an independent decoder hears.

Needs numpy, scipy and imageio-ffmpeg from PyPI; made with numpy 2.4.6, scipy 1.17.1 and imageio-ffmpeg 0.8.1 (FFmpeg
9.0.2). A file `NAME.samples` holds what `NAME` has to be read as: mono at 16 kHz, 16-bit little-endian numbers in 1/32767.
For WAV they follow from the samples that were written (µ-law and A-law: from FFmpeg's decoder); for the others they are
FFmpeg's samples, whose decoders of MP3, FLAC, Vorbis and Opus are its own, not the libraries that this project uses. Of
Vorbis's end, where FFmpeg does not heed the length in the last page, there may be too many or too few.
Channels are mixed by numpy, other rates made 16 kHz by scipy's polyphase filter with a Kaiser window.
"""

import pathlib
import struct
import subprocess
import tempfile

import imageio_ffmpeg
import numpy
import scipy.signal

folder = pathlib.Path(__file__).parent / "SoundFixtures"
RATE = 16_000
SECONDS = 0.25


def ffmpeg(*arguments, stdin=None):
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-bitexact", *map(str, arguments)]
    return subprocess.run(command, input=stdin, stdout=subprocess.PIPE, check=True).stdout


def sound(rate, channels=1):
    """Some tones that come and go, another mixture in each channel: frames × channels in −1…1, nothing above 3.5 kHz."""
    t = numpy.arange(round(SECONDS * rate)) / rate
    swell = numpy.sin(numpy.pi * t / SECONDS) ** 2
    tones = [
        sum(numpy.sin(2 * numpy.pi * (220 + 371 * k + 97 * channel) * t + k) / (k + 2) for k in range(8))
        for channel in range(channels)
    ]
    return (numpy.stack(tones, axis=1) * swell[:, None] * 0.45).astype(numpy.float64)


def mono(frames, rate):
    samples = frames.mean(axis=1)
    if rate == RATE:
        return samples
    up, down = RATE // numpy.gcd(RATE, rate), rate // numpy.gcd(RATE, rate)
    # 5,000 taps a phase: flat to 7.9 kHz.
    taps = scipy.signal.firwin(2 * 500 * max(up, down) + 1, 0.985 / max(up, down), window=("kaiser", 10.0))
    return scipy.signal.resample_poly(samples, up, down, window=taps)


def write(name, content, frames=None, rate=RATE):
    (folder / name).write_bytes(content)
    if frames is not None:
        numbers = numpy.clip(numpy.round(mono(frames, rate) * 32767), -32768, 32767)
        (folder / f"{name}.samples").write_bytes(numbers.astype("<i2").tobytes())


# WAV (RIFF; Microsoft's WAVEFORMATEX and WAVEFORMATEXTENSIBLE)


def wav(code, channels, rate, bits, data, *, extensible=False, before=b"", length=None, endian="<"):
    width = channels * bits // 8
    head = struct.pack(endian + "HHIIHH", 0xFFFE if extensible else code, channels, rate, rate * width, width, bits)
    if extensible:
        rest = bytes.fromhex("000000001000800000aa00389b71")
        head += struct.pack("<HHIH", 22, bits, 0, code) + rest
    elif code not in (1,):
        head += struct.pack(endian + "H", 0)
    length = len(data) if length is None else length
    chunks = b"fmt " + struct.pack(endian + "I", len(head)) + head + before
    chunks += b"data" + struct.pack(endian + "I", length) + data
    name = b"RIFF" if endian == "<" else b"RIFX"
    return name + struct.pack(endian + "I", (4 + len(chunks)) & 0xFFFFFFFF) + b"WAVE" + chunks


def integers(frames, bits):
    """The samples as numbers of so many bits, and as what those numbers stand for."""
    scale = 2 ** (bits - 1)
    numbers = numpy.clip(numpy.round(frames * scale), -scale, scale - 1).astype(numpy.int64)
    return numbers, numbers / scale


def little(numbers, bits):
    whole = numbers.astype("<i8").tobytes()
    return b"".join(whole[start : start + bits // 8] for start in range(0, len(whole), 8))


def wavs():
    for channels in (1, 2, 6):
        frames = sound(RATE, channels)
        numbers, values = integers(frames, 16)
        data = little(numbers.reshape(-1), 16)
        write(f"pcm-16-{channels}.wav", wav(1, channels, RATE, 16, data, extensible=channels > 2), values)
    frames = sound(RATE)
    numbers, values = integers(frames, 24)
    write("pcm-24.wav", wav(1, 1, RATE, 24, little(numbers.reshape(-1), 24)), values)
    numbers, values = integers(frames, 8)
    write("pcm-8.wav", wav(1, 1, RATE, 8, (numbers.reshape(-1) + 128).astype(numpy.uint8).tobytes()), values)
    numbers, values = integers(frames, 32)
    write("pcm-32.wav", wav(1, 1, RATE, 32, little(numbers.reshape(-1), 32)), values)
    for bits in (32, 64):
        data = frames.astype(f"<f{bits // 8}").tobytes()
        write(f"float-{bits}.wav", wav(3, 1, RATE, bits, data), frames)
        write(f"float-{bits}-extensible.wav", wav(3, 1, RATE, bits, data, extensible=True), frames)
    numbers, values = integers(frames, 16)
    data = little(numbers.reshape(-1), 16)
    write("big-endian.wav", wav(1, 1, RATE, 16, numbers.reshape(-1).astype(">i2").tobytes(), endian=">"), values)
    # Chunks of other kinds before the sound, the last of odd length.
    notes = b"LIST" + struct.pack("<I", 26) + b"INFOISFT" + struct.pack("<I", 14) + b"some software\0"
    notes += b"junk" + struct.pack("<I", 7) + b"1234567\0"
    write("chunks.wav", wav(1, 1, RATE, 16, data, before=notes), values)
    # As a program leaves it that writes to a pipe.
    write("endless.wav", wav(1, 1, RATE, 16, data, length=0xFFFFFFFF), values)
    for name, law in (("u-law", "pcm_mulaw"), ("a-law", "pcm_alaw")):
        content = ffmpeg("-f", "s16le", "-ar", RATE, "-ac", 1, "-i", "-", "-c:a", law, "-f", "wav", "-", stdin=data)
        decoded = ffmpeg("-f", "wav", "-i", "-", "-f", "s16le", "-c:a", "pcm_s16le", "-", stdin=content)
        write(f"{name}.wav", content, numpy.frombuffer(decoded, "<i2").reshape(-1, 1) / 32768)


# The compressed formats


def encoded(name, rate, channels, *options, golden=True):
    """A file that FFmpeg encodes, and what FFmpeg decodes it to."""
    frames = sound(rate, channels).astype("<f4").tobytes()
    with tempfile.TemporaryDirectory() as place:
        path = pathlib.Path(place) / name
        ffmpeg("-f", "f32le", "-ar", rate, "-ac", channels, "-i", "-", *options, path, stdin=frames)
        content = path.read_bytes()
        if not golden:
            return write(name, content)
        native = 48_000 if name.startswith("opus") else rate
        decoded = ffmpeg("-i", path, "-f", "f32le", "-c:a", "pcm_f32le", "-ar", native, "-")
    write(name, content, numpy.frombuffer(decoded, "<f4").reshape(-1, channels).astype(float), native)


def compressed():
    encoded("mono-16k.mp3", 16_000, 1, "-c:a", "libmp3lame", "-b:a", "48k")
    encoded("stereo-44k.mp3", 44_100, 2, "-c:a", "libmp3lame", "-b:a", "96k")
    encoded("mono-8k.mp3", 8_000, 1, "-c:a", "libmp3lame", "-b:a", "32k")
    encoded("variable.mp3", 48_000, 2, "-c:a", "libmp3lame", "-q:a", "5")
    encoded("variable-no-head.mp3", 44_100, 1, "-c:a", "libmp3lame", "-q:a", "5", "-write_xing", "0", "-id3v2_version", "0")
    encoded(
        "tags.mp3", 16_000, 1, "-c:a", "libmp3lame", "-b:a", "48k", "-metadata", "title=ÿûcaff RIFF OggS",
        "-metadata", "comment=" + "ÿú" * 300, "-id3v2_version", "4", "-write_id3v1", "1",
    )
    encoded("mono.flac", 16_000, 1, "-c:a", "flac", "-sample_fmt", "s16")
    encoded("stereo-24.flac", 44_100, 2, "-c:a", "flac", "-sample_fmt", "s32", "-bits_per_raw_sample", "24")
    encoded("mono-vorbis.ogg", 16_000, 1, "-c:a", "libvorbis", "-q:a", "3")
    encoded("stereo-vorbis.ogg", 44_100, 2, "-c:a", "libvorbis", "-q:a", "3")
    encoded("opus-mono.ogg", 16_000, 1, "-c:a", "libopus", "-b:a", "32k")
    encoded("opus-stereo.ogg", 48_000, 2, "-c:a", "libopus", "-b:a", "64k")
    # Written to a pipe, FLAC's head does not say how long it is.
    whole = (folder / "mono.flac").read_bytes()
    streamed = bytearray(whole)
    streamed[21] &= 0xF0
    streamed[22:26] = bytes(4)
    write("streamed.flac", bytes(streamed))
    (folder / "streamed.flac.samples").write_bytes((folder / "mono.flac.samples").read_bytes())


# What is refused


def refused():
    encoded("other.aiff", 16_000, 1, golden=False)
    encoded("other.au", 16_000, 1, golden=False)
    encoded("other.caf", 16_000, 1, golden=False)
    encoded("other.w64", 16_000, 1, golden=False)
    encoded("other.m4a", 16_000, 1, "-c:a", "aac", golden=False)
    encoded("other.aac", 16_000, 1, "-c:a", "aac", golden=False)
    encoded("other.mka", 16_000, 1, "-c:a", "libopus", golden=False)
    encoded("other.wma", 16_000, 1, "-c:a", "wmav2", golden=False)
    encoded("other.mp2", 16_000, 1, "-c:a", "mp2", golden=False)
    encoded("adpcm.wav", 16_000, 1, "-c:a", "adpcm_ms", golden=False)
    encoded("mp3.wav", 16_000, 1, "-c:a", "libmp3lame", golden=False)
    encoded("flac.ogg", 16_000, 1, "-c:a", "flac", golden=False)


if __name__ == "__main__":
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    wavs()
    compressed()
    refused()
