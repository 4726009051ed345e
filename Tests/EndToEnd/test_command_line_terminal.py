"""The command line as a person sees it in a terminal, of 80 columns and of 200, and the same where nobody looks."""

import hashlib
import json
import re
import threading

import pytest

from conftest import MODEL, dpais
from convert.llama import small_model
from terminal import lines_fit, terminal
from test_command_line import parrot
from test_hub_downloads import hub, recorded, settings  # noqa: F401: a fixture
from waiting import eventually

# Nothing listens there: a server of the user's is not asked.
ALONE = {"DPAIS_SERVER_PORT": 1}
WIDTHS = pytest.mark.parametrize("columns", [80, 200])


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return small_model(tmp_path_factory.mktemp("model") / "tiny.gguf", kilobytes=3000)


def home_with(model, home):
    result = dpais(home, "model", "install", "--from", model, "--name", "tiny")
    assert result.returncode == 0, result.stderr
    return home


@pytest.fixture
def own_home(model, tmp_path):
    """A home with one small model."""
    return home_with(model, tmp_path / "home")


@pytest.fixture(scope="module")
def shared_home(model, tmp_path_factory):
    """The same, for tests that change nothing in it."""
    return home_with(model, tmp_path_factory.mktemp("shared") / "home")


def offer(hub, home, model):  # noqa: F811
    """Adds a catalogue that has the model at the hub, with its size and digest; returns how commands find the hub."""
    hub.add("us", model.name, model.read_bytes())
    file = {"name": model.name, "path": model.name, "bytes": model.stat().st_size, "sha256": hashlib.sha256(model.read_bytes()).hexdigest()}
    entry = {
        "id": "tiny", "aliases": [], "name": "Tiny", "capability": "chat", "engine": "llama", "ownedBy": "us", "license": "MIT",
        "sources": [{"kind": "web", "address": address(hub), "files": [file]}],
    }  # fmt: skip
    home.mkdir(exist_ok=True)
    (home / "offer.json").write_text(json.dumps({"models": [entry]}))
    added = dpais(home, "catalogue", "add", home / "offer.json")
    assert added.returncode == 0, added.stderr
    return ALONE | settings(hub)


def address(hub):  # noqa: F811
    return f"{hub.url}/cdn/us"


class Pace:
    """A hub that sends a file chunk by chunk: each goes out when the install has recorded the one before it, and the test
    asks for it. So the install takes in each chunk by itself, however fast or slow the machine is."""

    def __init__(self, hub, home, chunk):  # noqa: F811
        self.hub, self.home, self.asked = hub, home, 0
        self.chunks = threading.Semaphore(0)
        hub.chunk, hub.before_chunk = chunk, lambda part: self.chunks.acquire()

    def until(self, screen, *texts):
        """Asks for one chunk at each look at the screen, until that has shown all the texts. The last one is kept back, so
        that the download does not end before."""
        (content,) = self.hub.files.values()

        def shown():
            if all(map(screen.has_shown, texts)):
                return True
            if recorded(self.home) >= self.asked * self.hub.chunk and (self.asked + 1) * self.hub.chunk < len(content):
                self.asked += 1
                self.chunks.release()
            return False

        eventually(shown, lambda: f"{texts} did not come:\n{screen.screen}")

    def end(self):
        """Sends the rest as fast as it can."""
        self.hub.before_chunk = lambda part: None
        self.chunks.release(2)


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
def test_an_install_shows_how_far_it_is(hub, model, tmp_path, columns):  # noqa: F811
    found = offer(hub, tmp_path, model)
    # Of an address alone nothing is known until it answers.
    wanted = ["tiny"] if columns == 80 else ["--from", f"{address(hub)}/{model.name}", "--name", "tiny"]
    pace = Pace(hub, tmp_path, chunk=8192)
    with terminal(tmp_path, "model", "install", *wanted, columns=columns, settings=found) as screen:
        # A rate is shown after half a second, of whatever was sent by then.
        pace.until(screen, r"downloading  █+░+  \d+%  [\d.]+ of 3\.\d MB", r"downloading .*B/s  .* left")
        pace.end()
        assert screen.end() == 0
    assert "tiny is installed" in screen.screen and "downloading" not in screen.screen
    assert lines_fit(screen, columns)


def test_a_piped_install_says_it_in_lines(hub, model, tmp_path):  # noqa: F811
    found = offer(hub, tmp_path, model)
    # Forty chunks and one; each when the one before it is recorded.
    hub.chunk = model.stat().st_size // 40
    hub.before_chunk = lambda part: eventually(lambda: recorded(tmp_path) >= part.end)
    result = dpais(tmp_path, "model", "install", "tiny", settings=found)
    assert result.returncode == 0 and "\x1b" not in result.stderr and "\r" not in result.stderr
    shares = [int(share) for share in re.findall(r"^downloading  (\d+)%", result.stderr, re.MULTILINE)]
    # One at each tenth, and one after ten seconds without any: on no machine one for each chunk.
    assert {share // 10 for share in shares} >= set(range(1, 11)) and shares == sorted(shares), result.stderr
    assert len(shares) < 20, result.stderr


def test_an_interrupted_install_can_be_gone_on_with(hub, model, tmp_path):  # noqa: F811
    found = offer(hub, tmp_path, model)
    pace = Pace(hub, tmp_path, chunk=model.stat().st_size // 100)
    with terminal(tmp_path, "model", "install", "tiny", settings=found) as screen:
        pace.until(screen, r"downloading.*[2-9]\d%")
        screen.interrupt()
        assert screen.end() == 130 and "goes on where it stopped" in screen.screen
    kept = recorded(tmp_path)
    assert kept > 0
    pace.end()
    assert json.loads(dpais(tmp_path, "model", "list", "--json").stdout) == []
    result = dpais(tmp_path, "model", "install", "tiny", settings=found)
    assert result.returncode == 0, result.stderr
    assert [part.start for part in hub.sent[f"us/{model.name}"]] == [0, kept]


def test_ctrl_c_at_a_question_is_130(tmp_path):
    with terminal(tmp_path, "model", "install", settings=ALONE) as screen:
        screen.until("Which one\\?").interrupt()
        assert screen.end() == 130


@WIDTHS
def test_a_conversation(shared_home, columns):
    with parrot() as (port, _), terminal(shared_home, "model", "run", "tiny", columns=columns, settings={"DPAIS_SERVER_PORT": port}) as screen:
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
def test_what_is_listed_fits_the_terminal(shared_home, command, columns):
    with terminal(shared_home, *command, columns=columns, rows=60, settings=ALONE) as screen:
        assert screen.end() == 0
    assert lines_fit(screen, columns) and b"\x1b[1m" in screen.said
    assert len(screen.screen.splitlines()) >= 10


@pytest.mark.parametrize("settings", [{"NO_COLOR": 1}, {"TERM": "dumb"}], ids=str)
def test_colours_can_be_had_none(shared_home, settings):
    with terminal(shared_home, "model", "list", settings=ALONE | settings) as screen:
        assert screen.end() == 0
    assert b"\x1b" not in screen.said and b"tiny" in screen.said


JSON = [
    ["model", "list"], ["model", "ls", "all"], ["model", "list", "all", "--verbose"], ["model", "show", "tiny"], ["model", "show", "phi3.5"],
    ["compute"], ["hardware"], ["config", "show"], ["config", "show", "server.port"], ["catalogue", "list"], ["status"],
]  # fmt: skip


@pytest.mark.parametrize("command", JSON, ids=" ".join)
def test_what_lists_speaks_json_too(shared_home, command):
    result = dpais(shared_home, *command, "--json", settings=ALONE)
    json.loads(result.stdout)
    plain = dpais(shared_home, *command, settings=ALONE)
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
