"""Downloads from a hub that misbehaves: nothing is lost, nothing is fetched twice, nothing half-installed is seen."""

import contextlib
import hashlib
import http.client
import http.server
import json
import random
import resource
import signal
import subprocess
import threading
import urllib.parse

import pytest

from conftest import DPAIS, dpais, environment
from stand_in_hub import RetryAfter, serving, stand_in_hub
from waiting import HANG, eventually

REPOSITORY, FILE = "us/tiny-GGUF", "tiny-Q4_K_M.gguf"
PATH = f"{REPOSITORY}/{FILE}"
PLACE = f"hf:{REPOSITORY}/{FILE}"
# Above and below what is worth a second connection.
LARGE, SMALL = 24 << 20, 300_000


def model(count, seed=1):
    """Bytes that pass for a GGUF file."""
    return b"GGUF" + random.Random(seed).randbytes(count - 4)


@pytest.fixture
def hub():
    with stand_in_hub() as hub:
        yield hub


def settings(hub, **more):
    """How commands find the hub, and nothing of this machine's own way to others."""
    proxies = {name: "" for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")}
    return proxies | {"HF_ENDPOINT": hub.url, "HF_TOKEN": "", "NO_PROXY": "", "no_proxy": ""} | more


def install(hub, home, place=PLACE, name="tiny", **more):
    return dpais(home, "model", "install", "--from", place, "--name", name, settings=settings(hub, **more))


@contextlib.contextmanager
def installing(hub, home):
    """An install that runs beside the test: its process, and the file that it writes its messages to."""
    home.mkdir(exist_ok=True)
    log = home / f"install-{len(list(home.glob('install-*.log')))}.log"
    command = [DPAIS, "model", "install", "--from", PLACE, "--name", "tiny"]
    with log.open("w") as output:
        process = subprocess.Popen(command, env=environment(home, **settings(hub)), stdout=output, stderr=output)
    try:
        yield process, log
    finally:
        process.kill()
        process.wait()


def recorded(home, name="tiny"):
    """Bytes of a model's file that an install has recorded as here: those that it resumes with."""
    state = home / "models" / ".staging" / name / f"{name}.gguf.part.state"
    slots = state.read_bytes()[1024:] if state.exists() else b""
    return sum(int.from_bytes(slots[place : place + 8], "little") for place in range(0, len(slots), 8))


def installed(home):
    return [one["id"] for one in json.loads(dpais(home, "model", "list", "--json").stdout)]


def leftovers(home):
    """What lies among the models that is of no installed one."""
    staging = home / "models" / ".staging"
    return sorted(path.name for path in staging.rglob("*")) if staging.exists() else []


def assert_whole(home, content, name="tiny"):
    (file,) = (home / "models" / name).glob("*.gguf")
    assert hashlib.sha256(file.read_bytes()).digest() == hashlib.sha256(content).digest()


def test_a_large_file_comes_over_several_connections(hub, tmp_path):
    content = model(LARGE + 12_345)
    hub.add(REPOSITORY, FILE, content)
    # The first answer waits until another is asked for.
    hub.before_sending = lambda: eventually(lambda: hub.most_sending >= 2, "nothing else was asked for")
    result = install(hub, tmp_path)
    assert result.returncode == 0, result.stderr
    assert len(hub.parts(PATH)) > 2
    hub.assert_sent_once(PATH)
    assert_whole(tmp_path, content)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_a_connection_cut_at_37_percent_goes_on_there(hub, tmp_path, size):
    content = model(size)
    hub.add(REPOSITORY, FILE, content)
    hub.budget = size * 37 // 100
    cuts = []

    def restore():
        with hub.lock:
            cuts.append(hub.budget)
            hub.budget = None

    hub.at_the_cut = restore
    result = install(hub, tmp_path)
    assert result.returncode == 0, result.stderr
    assert cuts
    hub.assert_sent_once(PATH)
    assert_whole(tmp_path, content)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_an_install_that_was_killed_goes_on_where_it_was(hub, tmp_path, size):
    content = model(size)
    hub.add(REPOSITORY, FILE, content)
    share = hub.budget = size * 37 // 100
    over = threading.Event()
    hub.at_the_cut = lambda: over.wait(HANG)
    with installing(hub, tmp_path) as (process, log):
        eventually(lambda: recorded(tmp_path) == share or process.poll() is not None, log.read_text)
        assert process.poll() is None, log.read_text()
        assert installed(tmp_path) == []
        process.kill()
        process.wait()
    over.set()
    hub.budget = None
    result = install(hub, tmp_path)
    assert result.returncode == 0, result.stderr
    hub.assert_sent_once(PATH)
    assert_whole(tmp_path, content)
    assert installed(tmp_path) == ["tiny"] and leftovers(tmp_path) == []


def test_a_server_without_ranges_is_read_in_one_piece(hub, tmp_path):
    content = model(LARGE)
    hub.add(REPOSITORY, FILE, content)
    hub.knows_ranges = False
    result = install(hub, tmp_path)
    assert result.returncode == 0, result.stderr
    hub.assert_sent_once(PATH)
    assert_whole(tmp_path, content)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_a_wrong_digest_is_refused_and_leaves_nothing(hub, tmp_path, size):
    hub.add(REPOSITORY, FILE, model(size))
    hub.announced_digest = "0" * 64
    result = install(hub, tmp_path)
    assert result.returncode == 1 and "SHA-256" in result.stderr and "0" * 64 in result.stderr
    assert installed(tmp_path) == [] and leftovers(tmp_path) == []


def test_a_missing_file_is_named(hub, tmp_path):
    hub.add(REPOSITORY, FILE, model(SMALL))
    result = install(hub, tmp_path, "hf:us/tiny-GGUF/none.gguf")
    assert result.returncode == 1 and "none.gguf" in result.stderr and FILE in result.stderr
    result = install(hub, tmp_path, "hf:us/none")
    assert result.returncode == 1 and "us/none" in result.stderr
    result = install(hub, tmp_path, hub.url + "/none.gguf")
    assert result.returncode == 1 and hub.url + "/none.gguf" in result.stderr
    assert installed(tmp_path) == [] and leftovers(tmp_path) == []


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_server_that_asks_for_patience_gets_it(hub, tmp_path, form):
    content = model(SMALL)
    hub.add(REPOSITORY, FILE, content)
    patience, in_time = RetryAfter(form), []

    def misbehave(handler, method, path):
        if not path.startswith("/cdn/"):
            return False
        if patience.earliest is None:
            handler.reply(429, retry_after=patience.header())
            return True
        in_time.append(patience.has_passed())
        return False

    hub.misbehave = misbehave
    result = install(hub, tmp_path)
    assert result.returncode == 0 and "the source is waited for" in result.stderr, result.stderr
    assert in_time == [True]
    assert_whole(tmp_path, content)


def test_a_server_that_is_asked_too_much_is_read_by_fewer_connections(hub, tmp_path):
    content = model(LARGE)
    hub.add(REPOSITORY, FILE, content)
    # The first answer waits until all further connections, one for each further piece, are refused.
    pieces, refused = 3, []

    def misbehave(handler, method, path):
        if path.startswith("/cdn/") and hub.sending and len(refused) < pieces - 1:
            refused.append(path)
            handler.reply(429, retry_after="3600")
            return True
        return False

    hub.misbehave = misbehave
    hub.before_sending = lambda: eventually(lambda: len(refused) == pieces - 1, lambda: f"{refused}")
    result = install(hub, tmp_path)
    assert result.returncode == 0, result.stderr
    # They have left, and the first brings the rest alone.
    assert len(hub.parts(PATH)) == pieces and hub.most_sending == 1
    hub.assert_sent_once(PATH)
    assert_whole(tmp_path, content)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_the_token_stays_with_the_hub(hub, tmp_path, size):
    hub.add(REPOSITORY, FILE, model(size))
    result = install(hub, tmp_path, HF_TOKEN="hf_secret")
    assert result.returncode == 0, result.stderr
    seen = {path.startswith("/cdn/"): set() for _, path, _ in hub.requests}
    for _, path, headers in hub.requests:
        seen[path.startswith("/cdn/")].add(headers.get("authorization"))
    assert seen == {False: {"Bearer hf_secret"}, True: {None}}
    assert "hf_secret" not in result.stderr + result.stdout
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and b"hf_secret" in path.read_bytes()]
    assert kept == []


def test_a_gated_repository_says_what_to_do(hub, tmp_path):
    hub.misbehave = lambda handler, method, path: handler.reply(401) or True
    result = install(hub, tmp_path)
    assert result.returncode == 1 and "HF_TOKEN" in result.stderr and f"{hub.url}/{REPOSITORY}" in result.stderr
    hub.misbehave = lambda handler, method, path: handler.reply(403) or True
    result = install(hub, tmp_path, HF_TOKEN="hf_secret")
    assert result.returncode == 1 and "licence" in result.stderr and "hf_secret" not in result.stderr


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("lie", [-1000, 1000])
def test_a_length_that_is_not_so_is_refused(hub, tmp_path, size, lie):
    hub.add(REPOSITORY, FILE, model(size))
    hub.announced_length = lambda length: length + lie
    result = install(hub, tmp_path)
    assert result.returncode == 1 and "bytes where" in result.stderr, result.stderr
    assert installed(tmp_path) == [] and leftovers(tmp_path) == []


@pytest.mark.parametrize("knows_ranges", [False, True])
def test_a_length_that_is_not_so_is_refused_where_nobody_says_the_true_one(hub, tmp_path, knows_ranges):
    hub.add(REPOSITORY, FILE, model(SMALL))
    hub.knows_ranges = knows_ranges
    hub.announced_length = lambda length: length + 1000
    result = install(hub, tmp_path, f"{hub.url}/cdn/{PATH}")
    assert result.returncode == 1 and f"{SMALL}" in result.stderr and f"{SMALL + 1000}" in result.stderr
    assert installed(tmp_path) == []


@contextlib.contextmanager
def small_disk(place, size):
    """A file system of so many bytes; skips the test where none can be made."""
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], capture_output=True)
    if made.returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def test_a_disk_that_is_too_small_is_told_before_anything_is_fetched(hub, tmp_path):
    hub.add(REPOSITORY, FILE, model(LARGE))
    with small_disk(tmp_path / "disk", "8m") as home:
        result = install(hub, home)
        assert result.returncode == 1 and "MB are needed" in result.stderr and "free" in result.stderr
        assert hub.sent == {} and installed(home) == []


def test_a_disk_that_fills_up_can_be_gone_on_from(hub, tmp_path):
    content = model(LARGE)
    hub.add(REPOSITORY, FILE, content)
    with small_disk(tmp_path / "disk", "40m") as home:
        # Another program takes the room when the second answer is asked for: then the install has seen that there is
        # enough, and no byte has been sent yet.
        filling, filled = threading.Lock(), threading.Event()

        def before_sending():
            with filling:
                if hub.most_sending >= 2 and not filled.is_set():
                    (home / "filler").write_bytes(bytes(30 << 20))
                    filled.set()
            assert filled.wait(HANG)

        hub.before_sending = before_sending
        result = install(hub, home)
        assert result.returncode == 1 and "no room left" in result.stderr and str(home) in result.stderr
        assert installed(home) == []
        hub.before_sending = lambda: None
        (home / "filler").unlink()
        before = len(hub.sent[PATH])
        result = install(hub, home)
        assert result.returncode == 0, result.stderr
        assert sum(part.count for part in hub.sent[PATH][before:]) < len(content)
        assert_whole(home, content)


def test_a_limit_of_the_users_is_an_error_and_not_the_end(hub, tmp_path):
    hub.add(REPOSITORY, FILE, model(SMALL))
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    command = [DPAIS, "model", "install", "--from", PLACE, "--name", "tiny"]
    result = subprocess.run(
        command, env=environment(tmp_path, **settings(hub)), preexec_fn=limit, capture_output=True, text=True, timeout=HANG
    )
    assert result.returncode == 1 and "no room left" in result.stderr
    assert installed(tmp_path) == []
    assert install(hub, tmp_path).returncode == 0


def test_two_installs_at_once_fetch_once(hub, tmp_path):
    content = model(LARGE)
    hub.add(REPOSITORY, FILE, content)
    # The first waits for its first bytes until the second has said that it waits for the first.
    go = threading.Event()
    hub.before_sending = lambda: go.wait(HANG)
    with installing(hub, tmp_path) as (first, log):
        eventually(lambda: hub.sending, log.read_text)
        with installing(hub, tmp_path) as (second, other_log):
            eventually(lambda: "another install" in other_log.read_text(), other_log.read_text)
            go.set()
            assert [first.wait(HANG), second.wait(HANG)] == [0, 0], log.read_text() + other_log.read_text()
    hub.assert_sent_once(PATH)
    assert installed(tmp_path) == ["tiny"]


def test_an_install_that_is_told_to_stop_leaves_what_can_be_gone_on_from(hub, tmp_path):
    content = model(SMALL)
    hub.add(REPOSITORY, FILE, content)
    share = hub.budget = SMALL // 2
    over = threading.Event()
    hub.at_the_cut = lambda: over.wait(HANG)
    with installing(hub, tmp_path) as (process, log):
        eventually(lambda: recorded(tmp_path) == share or process.poll() is not None, log.read_text)
        process.send_signal(signal.SIGINT)
        assert process.wait(HANG) != 0
    over.set()
    hub.budget = None
    assert installed(tmp_path) == []
    assert install(hub, tmp_path).returncode == 0
    hub.assert_sent_once(PATH)
    assert_whole(tmp_path, content)


class ProxyHandler(http.server.BaseHTTPRequestHandler):
    """Fetches what the whole address in the first line names, as proxies for plain HTTP do."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.forward("HEAD")

    def do_GET(self):
        self.forward("GET")

    def forward(self, method):
        self.server.asked.append((self.path, self.headers.get("proxy-authorization")))
        address = urllib.parse.urlsplit(self.path)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=HANG)
        passed = {name: value for name, value in self.headers.items() if not name.lower().startswith("proxy-")}
        connection.request(method, address.path + (f"?{address.query}" if address.query else ""), headers=passed)
        answer = connection.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_is_asked_where_one_is_set(hub, tmp_path, variable):
    content = model(SMALL)
    hub.add(REPOSITORY, FILE, content)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), ProxyHandler) as proxy:
        proxy.asked = []
        with serving(proxy):
            address = f"http://me:secret@127.0.0.1:{proxy.server_port}"
            result = install(hub, tmp_path, **{variable: address})
            assert result.returncode == 0, result.stderr
            assert_whole(tmp_path, content)
            asked = [path for path, _ in proxy.asked]
            assert len(asked) == len(hub.requests) and all(path.startswith("http://") for path in asked)
            assert all(authorization.startswith("Basic ") for _, authorization in proxy.asked)
            result = install(hub, tmp_path, name="other", **{variable: address, "NO_PROXY": "localhost,127.0.0.1"})
            assert result.returncode == 0 and len(proxy.asked) == len(asked)


def test_a_proxy_of_another_kind_is_refused(hub, tmp_path):
    result = install(hub, tmp_path, HTTP_PROXY="gopher://127.0.0.1:1")
    assert result.returncode == 1 and "proxy" in result.stderr


def test_a_mirror_can_be_set_in_the_environment_and_in_the_file(hub, tmp_path):
    hub.add(REPOSITORY, FILE, model(SMALL))
    nowhere = {"HF_ENDPOINT": "http://127.0.0.1:1"}
    result = install(hub, tmp_path, **nowhere, DPAIS_DOWNLOAD_HUB_MIRROR=hub.url)
    assert result.returncode == 0, result.stderr
    (tmp_path / "config.json").write_text(json.dumps({"download": {"hub-mirror": hub.url, "connections": 1}}))
    assert install(hub, tmp_path, name="other", **nowhere).returncode == 0
