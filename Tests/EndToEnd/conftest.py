"""A server of the tests' own: the built executables, a real model, a port of its own."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import threading
import time

import httpx
import openai
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DPAIS = ROOT / ".build" / "release" / "dpais"
MODEL = "smollm2-135m"
EMBEDDER = "all-minilm-l6-v2"
# The fast one; and the one that requests mean where they name none.
UPSCALER, LARGE_UPSCALER = "realesr-animevideov3", "realesrgan"
# Of English alone, and of a hundred languages.
LISTENER, INTERPRETER = "whisper-tiny.en", "whisper-base"
MODELS = (MODEL, EMBEDDER, UPSCALER, LARGE_UPSCALER, LISTENER, INTERPRETER)


def environment(home, **extra):
    """The process's environment with a home of the tests' own, and no setting of the user's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DPAIS_")}
    return kept | {"DPAIS_HOME": str(home)} | {name: str(value) for name, value in extra.items()}


def dpais(home, *arguments, timeout=600, settings={}, **options):
    """Runs a command to its end."""
    return subprocess.run(
        [DPAIS, *map(str, arguments)],
        env=environment(home, **settings),
        capture_output=True,
        text=True,
        timeout=timeout,
        **options,
    )


class Server:
    """`dpais serve` as a process; started at once, stopped by `stop`."""

    def __init__(self, home, log, **settings):
        self.log = pathlib.Path(log)
        self.launched = time.monotonic()
        self.process = subprocess.Popen(
            [DPAIS, "serve", "--port", "0"],
            env=environment(home, **settings),
            stdout=subprocess.PIPE,
            stderr=self.log.open("w"),
            text=True,
        )
        line = self.process.stdout.readline()
        self.seconds_to_listen = time.monotonic() - self.launched
        found = re.search(r"http://127\.0\.0\.1:(\d+)/v1", line)
        assert found, f"the server did not start: {line!r}\n{self.log.read_text()}"
        self.port = int(found[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def client(self, base="/v1"):
        return openai.OpenAI(base_url=self.url + base, api_key="unused", max_retries=0, timeout=120)

    def http(self, **options):
        return httpx.Client(base_url=self.url, timeout=120, **options)

    def stats(self, model=MODEL):
        """The engine's counts of a model that runs."""
        (runner,) = [one for one in self.http().get("/v1/stats").json()["runners"] if one["model"] == model]
        return runner["statistics"]

    def until(self, condition, seconds=10, model=MODEL):
        """Waits until the stats say so; what they said last is the failure's text."""
        deadline = time.monotonic() + seconds
        while not condition(stats := self.stats(model)):
            assert time.monotonic() < deadline, stats
            time.sleep(0.01)
        return stats

    def runners(self):
        """Process ids of this server's runners."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return sorted({int(child) for file in children for child in file.read_text().split()})

    def resident_bytes(self):
        return int(re.search(r"VmRSS:\s+(\d+) kB", pathlib.Path(f"/proc/{self.process.pid}/status").read_text())[1]) * 1024

    def stop(self, how=signal.SIGTERM, seconds=30):
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(seconds)


@pytest.fixture(scope="session")
def home():
    """A home with the tests' models, installed by the command once and kept in the user's cache."""
    home = pathlib.Path(os.environ["DPAIS_TEST_HOME"])
    installed = dpais(home, "model", "list", "--json")
    assert installed.returncode == 0, installed.stderr
    for model in MODELS:
        if f'"{model}"' not in installed.stdout:
            result = dpais(home, "model", "install", model)
            assert result.returncode == 0, result.stderr
    return home


@pytest.fixture(scope="session")
def server(home, tmp_path_factory):
    """One server for all tests that leave it as they found it."""
    server = Server(home, tmp_path_factory.mktemp("server") / "log")
    yield server
    server.stop()


@pytest.fixture
def own_server(home, tmp_path):
    """Starts servers that a test may ill-treat; all are gone when it ends."""
    servers = []

    def start(**settings):
        servers.append(Server(home, tmp_path / f"log-{len(servers)}", **settings))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.stop(signal.SIGKILL)


@pytest.fixture(params=["/v1", "/v1/openai"])
def base(request):
    return request.param


def in_parallel(functions):
    """Runs all at once; returns their results in order, or raises what the first of them raised."""
    results = [None] * len(functions)
    errors = []

    def run(index, function):
        try:
            results[index] = function()
        except BaseException as error:  # handed to the caller's thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(functions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


def ask(client, text, **options):
    """A greedy answer of up to 48 tokens."""
    options = {"temperature": 0, "max_tokens": 48} | options
    return client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": text}], **options
    )
