"""The command line as a person sees it in a terminal, of 80 columns and of 200, and the same where nobody looks."""

import contextlib
import hashlib
import http.server
import json
import re
import threading
import time

import pytest

from conftest import MODEL, dpais
from terminal import lines_fit, small_model, terminal
from test_command_line import parrot

# Nothing listens there: a server of the user's is not asked.
ALONE = {"DPAIS_SERVER_PORT": 1}
WIDTHS = pytest.mark.parametrize("columns", [80, 200])


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return small_model(tmp_path_factory.mktemp("model") / "tiny.gguf", kilobytes=3000)


@pytest.fixture
def own_home(model, tmp_path):
    """A home with one small model."""
    result = dpais(tmp_path / "home", "model", "install", "--from", model, "--name", "tiny")
    assert result.returncode == 0, result.stderr
    return tmp_path / "home"


@contextlib.contextmanager
def slow_files(folder, pause=0.02):
    """A server that takes its time; gives its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = (folder / self.path.strip("/")).read_bytes()
            begin, end = 0, len(body)
            if wanted := re.match(r"bytes=(\d+)-(\d*)", self.headers.get("range", "")):
                begin, end = int(wanted[1]), int(wanted[2] or len(body) - 1) + 1
                self.send_response(206)
                self.send_header("content-range", f"bytes {begin}-{end - 1}/{len(body)}")
            else:
                self.send_response(200)
            self.send_header("content-length", str(end - begin))
            self.send_header("accept-ranges", "bytes")
            self.send_header("etag", '"1"')
            self.end_headers()
            if self.command == "HEAD":
                return
            with contextlib.suppress(ConnectionError):
                for start in range(begin, end, 50_000):
                    self.wfile.write(body[start : min(start + 50_000, end)])
                    time.sleep(pause)

        do_HEAD = do_GET

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def offer(home, model, address):
    """Adds a catalogue that has the model, with its size and digest."""
    file = {"name": model.name, "path": model.name, "bytes": model.stat().st_size, "sha256": hashlib.sha256(model.read_bytes()).hexdigest()}
    entry = {
        "id": "tiny", "aliases": [], "name": "Tiny", "capability": "chat", "engine": "llama", "ownedBy": "us", "license": "MIT",
        "sources": [{"kind": "web", "address": address, "files": [file]}],
    }  # fmt: skip
    home.mkdir(exist_ok=True)
    (home / "offer.json").write_text(json.dumps({"models": [entry]}))
    added = dpais(home, "catalogue", "add", home / "offer.json")
    assert added.returncode == 0, added.stderr


@WIDTHS
def test_init_offers_what_fits_and_takes_no_for_an_answer(tmp_path, columns):
    with terminal(tmp_path, "init", columns=columns, settings=ALONE) as screen:
        screen.until("Which one\\?")
        assert MODEL in screen.screen and "processor" in screen.screen and "ready" in screen.screen
        screen.enter("no-such-model").until("not in the list").enter("n")
        assert screen.end() == 0
        assert "All is set up" in screen.screen and lines_fit(screen, columns)
    assert (tmp_path / "models").is_dir() and not (tmp_path / "config.json").exists()


def test_init_for_a_script_sets_up_without_a_question(tmp_path):
    result = dpais(tmp_path, "init", "--core", settings=ALONE)
    assert result.returncode == 0 and "All is set up" in result.stdout and "\x1b" not in result.stdout + result.stderr
    assert dpais(tmp_path, "init", "--core", "--model", MODEL).returncode == 64
    result = dpais(tmp_path, "init", "--yes", "--model", "no-such", settings=ALONE)
    assert result.returncode == 1 and "model list all" in result.stderr


@WIDTHS
def test_an_install_is_chosen_from_a_list(tmp_path, columns):
    with terminal(tmp_path, "model", "install", columns=columns, settings=ALONE) as screen:
        screen.until("Which one\\?")
        listed = screen.screen
        # Whoever is to type a name sees all of it.
        assert "whisper-large-v3-turbo-q5_0" in listed and "phi3.5" in listed
        screen.enter("phi35").until("Did you mean 'phi3.5'").enter()
        assert screen.end() == 1 and "Nothing is installed" in screen.screen
        assert lines_fit(screen, columns)


@WIDTHS
def test_an_install_shows_how_far_it_is(model, tmp_path, columns):
    with slow_files(model.parent) as address:
        offer(tmp_path, model, address)
        # Of an address alone nothing is known until it answers.
        wanted = ["tiny"] if columns == 80 else ["--from", f"{address}/{model.name}", "--name", "tiny"]
        with terminal(tmp_path, "model", "install", *wanted, columns=columns, settings=ALONE) as screen:
            assert screen.end() == 0
    bars = [line for frame in screen.frames for line in frame if "downloading" in line]
    assert any(re.search(r"█+░+  \d+%  [\d.]+ of 3\.\d MB", line) for line in bars), bars[-3:]
    assert any(re.search(r"MB/s  \d+ s left", line) for line in bars), bars[-3:]
    assert "tiny is installed" in screen.screen and "downloading" not in screen.screen
    assert lines_fit(screen, columns)


def test_a_piped_install_says_it_in_lines(model, tmp_path):
    with slow_files(model.parent, pause=0.01) as address:
        offer(tmp_path, model, address)
        result = dpais(tmp_path, "model", "install", "tiny")
    assert result.returncode == 0 and "\x1b" not in result.stderr and "\r" not in result.stderr
    shares = [int(share) for share in re.findall(r"^downloading  (\d+)%", result.stderr, re.MULTILINE)]
    assert 3 <= len(shares) <= 20 and shares == sorted(shares), result.stderr


def test_an_interrupted_install_can_be_gone_on_with(model, tmp_path):
    with slow_files(model.parent, pause=0.05) as address:
        offer(tmp_path, model, address)
        with terminal(tmp_path, "model", "install", "tiny", settings=ALONE) as screen:
            screen.until(r"downloading.*[2-9]\d%").interrupt()
            assert screen.end() == 130 and "goes on where it stopped" in screen.screen
        assert json.loads(dpais(tmp_path, "model", "list", "--json").stdout) == []
        assert dpais(tmp_path, "model", "install", "tiny").returncode == 0


def test_ctrl_c_at_a_question_is_130(tmp_path):
    with terminal(tmp_path, "model", "install", settings=ALONE) as screen:
        screen.until("Which one\\?").interrupt()
        assert screen.end() == 130


@WIDTHS
def test_a_conversation(own_home, columns):
    with parrot() as (port, _), terminal(own_home, "model", "run", "tiny", columns=columns, settings={"DPAIS_SERVER_PORT": port}) as screen:
        screen.until(">>>").enter("Hello").until("Answer 1").enter("/help").until("/clear").enter("/bye")
        assert screen.end() == 0


@WIDTHS
def test_uninstalling_asks_first(own_home, columns):
    with terminal(own_home, "model", "uninstall", "tiny", columns=columns, settings=ALONE) as screen:
        screen.until(r"Remove tiny, .* \[y/N\]").enter("perhaps").until("answer y or n").enter("n")
        assert screen.end() == 1 and "Nothing is removed" in screen.screen
    with terminal(own_home, "model", "uninstall", "-all", columns=columns, settings=ALONE) as screen:
        screen.until(r"\[y/N\]").enter("y")
        assert screen.end() == 0 and "tiny is removed" in screen.screen
    assert json.loads(dpais(own_home, "model", "list", "--json").stdout) == []


@WIDTHS
@pytest.mark.parametrize(
    "command",
    [["model", "list", "all"], ["model", "list", "all", "--verbose"], ["config", "show"], ["compute"], ["model", "show", MODEL]],
    ids=" ".join,
)
def test_what_is_listed_fits_the_terminal(own_home, command, columns):
    with terminal(own_home, *command, columns=columns, rows=60, settings=ALONE) as screen:
        assert screen.end() == 0
    assert lines_fit(screen, columns) and b"\x1b[1m" in screen.said
    assert len(screen.screen.splitlines()) >= 10


@pytest.mark.parametrize("settings", [{"NO_COLOR": 1}, {"TERM": "dumb"}], ids=str)
def test_colours_can_be_had_none(own_home, settings):
    with terminal(own_home, "model", "list", settings=ALONE | settings) as screen:
        assert screen.end() == 0
    assert b"\x1b" not in screen.said and b"tiny" in screen.said


JSON = [
    ["model", "list"], ["model", "ls", "all"], ["model", "list", "all", "--verbose"], ["model", "show", "tiny"], ["model", "show", "phi3.5"],
    ["compute"], ["hardware"], ["config", "show"], ["config", "show", "server.port"], ["catalogue", "list"], ["status"],
]  # fmt: skip


@pytest.mark.parametrize("command", JSON, ids=" ".join)
def test_what_lists_speaks_json_too(own_home, command):
    result = dpais(own_home, *command, "--json", settings=ALONE)
    json.loads(result.stdout)
    plain = dpais(own_home, *command, settings=ALONE)
    assert plain.returncode == result.returncode and "\x1b" not in plain.stdout + plain.stderr


def test_uninstalling_everything_leaves_what_is_not_its_own(own_home, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("kept")
    (own_home / "notes.txt").write_text("kept")
    (own_home / "cache").symlink_to(outside)
    dpais(own_home, "config", "set", "server.port", "1")
    refused = dpais(own_home, "uninstall")
    assert refused.returncode == 1 and "--yes" in refused.stderr and (own_home / "models" / "tiny").exists()
    with terminal(own_home, "uninstall", "--skip-model-uninstall") as screen:
        screen.until("Go on\\?").enter("y")
        assert screen.end() == 0 and "executables stay" in screen.screen
    assert (own_home / "models" / "tiny").exists() and not (own_home / "config.json").exists()
    result = dpais(own_home, "uninstall", "--yes")
    assert result.returncode == 0 and "notes.txt" in result.stdout
    assert sorted(path.name for path in own_home.iterdir()) == ["notes.txt"]
    assert (outside / "precious").read_text() == "kept"
    assert dpais(tmp_path / "nowhere", "uninstall", "--yes").returncode == 0
