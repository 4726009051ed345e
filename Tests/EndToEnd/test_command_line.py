"""The command line, as a person and as a script use it."""

import contextlib
import http.server
import json

import pytest

from conftest import MODEL, dpais
from convert.llama import model_that_says
from stand_in_hub import serving


# Nothing listens there: a server of the user's is not asked.
ALONE = {"DPAIS_SERVER_PORT": 1}


def test_the_version(home):
    assert dpais(home, "--version").stdout.startswith("dpais ")


@pytest.mark.parametrize(
    "command",
    [[], ["serve"], ["ping"], ["model"], ["model", "list"], ["model", "install"], ["model", "run"], ["config"], ["config", "show"]],
)
def test_every_command_has_help(home, command):
    result = dpais(home, *command, "--help")
    assert result.returncode == 0 and "OVERVIEW" in result.stdout


def test_a_wrong_command_line_is_64(home):
    assert dpais(home, "serve", "--port", "x").returncode == 64
    assert dpais(home, "model", "install").returncode == 64


def test_lists_what_is_installed_and_what_can_be(home):
    listed = json.loads(dpais(home, "model", "list", "--json").stdout)
    assert any(model["id"] == MODEL and model["installed"] for model in listed)
    every = json.loads(dpais(home, "model", "list", "all", "--json").stdout)
    assert {model["id"] for model in every} >= {MODEL, "phi3.5"}
    plain = dpais(home, "model", "list").stdout
    assert MODEL in plain and "\x1b" not in plain


def test_an_empty_home_says_what_to_do(tmp_path):
    result = dpais(tmp_path, "model", "list")
    assert result.returncode == 0 and "model install" in result.stderr


def test_ping_tells_whether_the_server_answers(server, home):
    found = dpais(home, "ping", settings={"DPAIS_SERVER_PORT": server.port})
    assert found.returncode == 0 and str(server.port) in found.stdout
    missing = dpais(home, "ping", settings=ALONE)
    assert missing.returncode == 1 and "dpais serve" in missing.stderr


def test_settings_come_from_flag_environment_file_and_default(tmp_path):
    (tmp_path / "config.json").write_text('{"server": {"port": 9001, "host": "127.0.0.1"}}')
    shown = dpais(tmp_path, "config", "show", "--json", settings={"DPAIS_SERVER_PORT": 9002})
    rows = {row["key"]: row for row in json.loads(shown.stdout)}
    assert rows["server.port"]["value"] == "9002" and "DPAIS_SERVER_PORT" in rows["server.port"]["source"]
    assert rows["server.host"]["source"] == "file" and rows["log.level"]["source"] == "default"


def test_a_wrong_setting_is_named(tmp_path):
    result = dpais(tmp_path, "config", "show", settings={"DPAIS_SERVER_PORT": "x"})
    assert result.returncode == 1 and "server.port" in result.stderr and "DPAIS_SERVER_PORT" in result.stderr


@pytest.fixture
def talkative(tmp_path):
    """A home with a model named `mine`, which says `Hello.` to everything."""
    file = model_that_says("Hello.", tmp_path / "mine.gguf")
    result = dpais(tmp_path / "home", "model", "install", "--from", file, "--name", "mine")
    assert result.returncode == 0, result.stderr
    return tmp_path / "home"


def test_installs_any_gguf_from_a_file_and_answers_with_it(talkative):
    assert json.loads(dpais(talkative, "model", "list", "--json").stdout)[0]["id"] == "mine"
    answer = dpais(talkative, "model", "run", "mine", "Say hello.", settings=ALONE)
    assert (answer.returncode, answer.stdout) == (0, "Hello.\n"), answer.stderr


def test_refuses_what_is_no_model(tmp_path):
    (tmp_path / "x.gguf").write_text("not a model")
    result = dpais(tmp_path, "model", "install", "--from", tmp_path / "x.gguf", "--name", "x")
    assert result.returncode == 1 and "GGUF" in result.stderr
    assert json.loads(dpais(tmp_path, "model", "list", "--json").stdout) == []


def test_an_unknown_model_says_what_to_do(tmp_path):
    result = dpais(tmp_path, "model", "install", "no-such")
    assert result.returncode == 1 and MODEL in result.stderr and "--from" in result.stderr
    result = dpais(tmp_path, "model", "run", "no-such", "Hi")
    assert result.returncode == 1 and "dpais model install no-such" in result.stderr


@contextlib.contextmanager
def parrot():
    """A server that numbers its answers; gives its port, and the requests that come."""
    requests = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.reply(json.dumps({"status": "ok", "version": "0"}))

        def do_POST(self):
            requests.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            chunk = {"choices": [{"index": 0, "delta": {"content": f"Answer {len(requests)}."}}]}
            self.reply(f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n")

        def reply(self, text):
            self.send_response(200)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, serving(server):
        yield server.server_port, requests


def test_run_keeps_the_conversation(home):
    def said(role, *texts):
        return [{"role": role, "content": text} for text in texts]

    with parrot() as (port, requests):
        script = "I am Zacharias.\nWho am I?\n/system Be brief.\nAnd now?\n/clear\nHello\n/bye\n"
        result = dpais(home, "model", "run", MODEL, input=script, settings={"DPAIS_SERVER_PORT": port})
    assert result.returncode == 0 and "forgotten" in result.stdout, result.stderr
    assert all(f"Answer {number}." in result.stdout for number in range(1, 5))
    first = said("user", "I am Zacharias.")
    second = first + said("assistant", "Answer 1.") + said("user", "Who am I?")
    third = second + said("assistant", "Answer 2.") + said("user", "And now?")
    brief = said("system", "Be brief.")
    assert [request["messages"] for request in requests] == [first, second, brief + third, brief + said("user", "Hello")]


def test_run_holds_a_conversation_without_a_server(talkative):
    script = "My name is Zacharias.\n/system Be brief.\n/clear\nHi\n/bye\n"
    result = dpais(talkative, "model", "run", "mine", input=script, settings=ALONE)
    assert result.returncode == 0 and "forgotten" in result.stdout, result.stderr
    assert result.stdout.count("Hello.") == 2


def test_a_model_that_does_not_load_says_so(home, tmp_path):
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(next((home / "models" / MODEL).glob("*.gguf")).read_bytes()[:5_000_000])
    dpais(tmp_path, "model", "install", "--from", broken, "--name", "broken")
    result = dpais(tmp_path, "model", "run", "broken", "Hi", settings=ALONE)
    assert "could not be loaded" in result.stderr
