"""The server in the background: started, looked at, stopped, and what goes wrong then."""

import contextlib
import http.server
import json
import os
import pathlib
import re
import signal
import socket

import pytest

from conftest import dpais
from convert.llama import small_model
from stand_in_hub import serving
from terminal import terminal
from waiting import HANG, eventually, rounds

# Any port that is free; plain processes, whatever the machine has.
ANY = {"DPAIS_SERVER_PORT": 0}


@pytest.fixture
def home(tmp_path):
    """An empty home, whose server is gone when the test ends."""
    home = tmp_path / "home"
    yield home
    dpais(home, "stop", "--force")


def lives(process):
    """Whether a process is there, and not only waits for its parent to take note of its end."""
    with contextlib.suppress(OSError):
        return bool(pathlib.Path(f"/proc/{process}/cmdline").read_bytes())
    return False


def start(home, *flags, settings=ANY):
    result = dpais(home, "start", "--no-systemd", *flags, settings=settings)
    assert result.returncode == 0, result.stderr
    return json.loads(dpais(home, "status", "--json").stdout)


def test_the_life_of_a_server(home):
    assert dpais(home, "status", settings={"DPAIS_SERVER_PORT": 1}).returncode == 1
    nothing = dpais(home, "stop", settings={"DPAIS_SERVER_PORT": 1})
    assert nothing.returncode == 0 and "No server" in nothing.stdout
    missing = dpais(home, "logs")
    assert missing.returncode == 1 and "dpais start" in missing.stderr

    status = start(home, "--log-level", "debug")
    assert status["running"] and status["answers"] and status["keeper"] == "background"
    assert os.getsid(status["process"]) == status["process"]
    # Wherever it listens it is found, as long as no port is named.
    assert dpais(home, "ping").returncode == 0 and dpais(home, "model", "ps", "--json").stdout.strip() == "[\n\n]"
    again = dpais(home, "start", "--no-systemd", settings=ANY)
    assert again.returncode == 0 and "already" in again.stdout and str(status["process"]) in again.stdout
    assert "serves at" in dpais(home, "logs").stdout
    assert len(dpais(home, "logs", "-n", "1").stdout.splitlines()) == 1

    restarted = dpais(home, "restart", "--no-systemd", settings=ANY)
    assert restarted.returncode == 0, restarted.stderr
    now = json.loads(dpais(home, "status", "--json").stdout)
    assert now["running"] and now["process"] != status["process"]
    assert json.loads((home / "server.json").read_text())["arguments"] == ["--log-level=debug"]

    stopped = dpais(home, "stop")
    assert stopped.returncode == 0 and "stopped" in stopped.stdout
    assert not (home / "server.json").exists() and not lives(now["process"])


def test_nothing_is_left_of_a_server_whenever_it_is_stopped(home):
    # What removes them must not race the end of the process.
    for _ in range(rounds(3, 50)):
        start(home)
        assert dpais(home, "stop").returncode == 0
        assert not (home / "server.json").exists(), (home / "logs" / "server.log").read_text()
        assert not os.listdir(home / "uploads")


def test_no_secret_is_logged(home):
    secrets = {"HF_TOKEN": "hf_hushhush", "HTTPS_PROXY": "http://me:hushhush@localhost:1", "PIP_INDEX_URL": "hushhush"}
    start(home, "--log-level", "trace", settings=ANY | secrets)
    assert dpais(home, "stop").returncode == 0
    log = (home / "logs" / "server.log").read_text()
    assert "ServiceLifecycle" in log and "hushhush" not in log


def test_a_server_in_a_terminal_is_found_and_stopped(home):
    with terminal(home, "serve", settings=ANY) as screen:
        screen.until("Ctrl-C stops it")
        status = json.loads(dpais(home, "status", "--json").stdout)
        assert status["keeper"] == "terminal" and status["process"] == screen.process
        assert dpais(home, "stop").returncode == 0
        assert screen.end() == 0


def test_a_killed_server_leaves_nothing_that_harms(home):
    process = start(home)["process"]
    os.kill(process, signal.SIGKILL)
    eventually(lambda: dpais(home, "status", settings={"DPAIS_SERVER_PORT": 1}).returncode != 0, "it has not ended")
    # What it wrote is still there, and its number is another's now: neither is believed.
    record = json.loads((home / "server.json").read_text())
    (home / "server.json").write_text(json.dumps(record | {"process": os.getpid()}))
    assert dpais(home, "stop", settings={"DPAIS_SERVER_PORT": 1}).returncode == 0
    (home / "server.json").write_text("rubbish")
    assert start(home)["running"]


def test_a_start_that_fails_says_why(home):
    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_error(404)

        def log_message(self, *arguments):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Other) as other, serving(other):
        result = dpais(home, "start", "--no-systemd", "--port", other.server_port)
    assert result.returncode == 1 and "in use" in result.stderr and "--port" in result.stderr
    result = dpais(home, "start", "--no-systemd", "--host", "203.0.113.1", settings=ANY)
    assert result.returncode == 1 and "203.0.113.1" in result.stderr
    result = dpais(home, "start", "--no-systemd", "--log-level", "loud", settings=ANY)
    assert result.returncode == 1 and "log.level" in result.stderr
    assert not json.loads(dpais(home, "status", "--json", settings={"DPAIS_SERVER_PORT": 1}).stdout)["running"]


def test_a_server_of_another_home_is_told_apart(home, tmp_path):
    address = start(home)["address"]
    port = address.rsplit(":", 1)[1]
    other = {"DPAIS_SERVER_PORT": port}
    result = dpais(tmp_path / "other", "start", "--no-systemd", settings=other)
    assert result.returncode == 1 and "another home" in result.stderr
    result = dpais(tmp_path / "other", "stop", settings=other)
    assert result.returncode == 1 and "not of the home" in result.stderr
    assert json.loads(dpais(home, "status", "--json").stdout)["running"]


def test_a_large_log_is_put_aside(home):
    (home / "logs").mkdir(parents=True)
    (home / "logs" / "server.log").write_text("old\n" * 3_000_000)
    start(home)
    assert (home / "logs" / "server.log.1").stat().st_size == 12_000_000
    assert "old" not in dpais(home, "logs").stdout


def test_a_log_is_followed(home):
    address = start(home)["address"]
    with terminal(home, "logs", "--follow") as screen:
        screen.until("serves at")
        with socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])), timeout=HANG) as connection:
            connection.sendall(b"GET /v1/no-such-path HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            while connection.recv(4096):
                pass
        screen.until("no-such-path").interrupt()
        assert screen.end() == 130


def test_models_are_loaded_and_let_go_by_name(home, tmp_path):
    assert dpais(home, "model", "load", "tiny").returncode == 1
    dpais(home, "model", "install", "--from", small_model(tmp_path / "tiny.gguf"), "--name", "tiny")
    missing = dpais(home, "model", "loaded", settings={"DPAIS_SERVER_PORT": 1})
    assert missing.returncode == 1 and "dpais start" in missing.stderr
    start(home)
    # It is no model that computes: the server says so.
    failed = dpais(home, "model", "load", "tiny")
    assert failed.returncode == 1 and "could not be loaded" in failed.stderr
    assert dpais(home, "model", "load", "tiny", "--keep-alive", "soon").returncode == 64
    unloaded = dpais(home, "model", "unload", "tiny")
    assert unloaded.returncode == 0 and "was not loaded" in unloaded.stdout
    assert "No model" in dpais(home, "model", "unload", "--all").stdout
    # The server is told before the files go.
    log = home / "logs" / "server.log"
    before = log.read_text().count("/v1/models/loaded")
    assert dpais(home, "model", "uninstall", "tiny").returncode == 0
    eventually(lambda: log.read_text().count("/v1/models/loaded") > before, log.read_text)


SYSTEMCTL = """#!/bin/sh
# Stands in for systemd: it keeps what it is told, and starts and stops what the unit says.
echo "$@" >>"$STAND_IN/calls"
shift
unit="$XDG_CONFIG_HOME/systemd/user/$2"
case "$1" in
is-active) kill -0 "$(cat "$STAND_IN/process" 2>/dev/null)" 2>/dev/null || { echo inactive; exit 3; } ;;
is-failed) exit 1 ;;
start | restart)
    # The server holds the lock for as long as it runs.
    exec 9>"$STAND_IN/running"
    log=$(sed -n 's/^StandardOutput=append://p' "$unit")
    command=$(sed -n 's/^ExecStart=//p' "$unit")
    variables=$(sed -n 's/^Environment=//p' "$unit" | tr '\\n' ' ')
    flock 9
    eval "exec env -i $variables setsid $command" >>"$log" 2>&1 </dev/null &
    echo $! >"$STAND_IN/process" ;;
stop)
    kill "$(cat "$STAND_IN/process")"
    flock "$STAND_IN/running" true ;;
esac
exit 0
"""


def test_where_there_is_systemd_it_keeps_the_server(home, tmp_path):
    (tmp_path / "bin").mkdir()
    stand_in = tmp_path / "bin" / "systemctl"
    stand_in.write_text(SYSTEMCTL)
    stand_in.chmod(0o755)
    systemd = ANY | {
        "STAND_IN": tmp_path, "XDG_CONFIG_HOME": tmp_path / "config", "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
    }  # fmt: skip
    result = dpais(home, "start", "--keep-alive", "1h", settings=systemd)
    assert result.returncode == 0, result.stderr
    (unit,) = (tmp_path / "config" / "systemd" / "user").iterdir()
    # Another home than the usual one is a service of its own.
    assert re.fullmatch(r"dpais-[0-9a-f]{8}\.service", unit.name)
    text = unit.read_text()
    assert f'Environment="DPAIS_HOME={home}"' in text and '"--keep-alive=1h"' in text and "Restart=on-failure" in text
    status = json.loads(dpais(home, "status", "--json", settings=systemd).stdout)
    assert status["running"] and status["keeper"] == "systemd"
    assert "serves at" in dpais(home, "logs").stdout
    assert dpais(home, "stop", settings=systemd).returncode == 0
    calls = (tmp_path / "calls").read_text().splitlines()
    assert f"--user restart {unit.name}" in calls and f"--user stop {unit.name}" in calls
    assert dpais(home, "uninstall", "--yes", settings=systemd).returncode == 0
    assert not unit.exists() and not home.exists()


def test_settings_are_written_where_they_are_right(home):
    home.mkdir()
    file = home / "config.json"
    file.write_text('{"mine": {"rate": 1.50, "names": ["b", "a"]}, "server": {"host": "127.0.0.1"}}')
    file.chmod(0o600)
    for key, value in [("server.port", "9000"), ("server.allowed-hosts", "a,b"), ("default-model", "123"), ("models.keep-alive", "-1")]:
        result = dpais(home, "config", "set", key, value)
        assert result.returncode == 0, result.stderr
    written = json.loads(file.read_text())
    assert written["server"] == {"host": "127.0.0.1", "port": 9000, "allowed-hosts": ["a", "b"]}
    assert written["default-model"] == "123" and '"rate": 1.50' in file.read_text() and '["b", "a"]' in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600 and [path.name for path in home.iterdir()] == ["config.json"]
    before = file.read_text()
    for key, value, hint in [("server.port", "99999", "65535"), ("server.prt", "1", "server.port"), ("log.level", "loud", "debug")]:
        result = dpais(home, "config", "set", key, value)
        assert result.returncode == 1 and hint in result.stderr and file.read_text() == before
    assert dpais(home, "config", "show", "server.port").stdout == "9000\n"
    assert dpais(home, "config", "path").stdout.strip() == str(file)
    assert dpais(home, "config", "unset", "server.port").returncode == 0
    assert "port" not in json.loads(file.read_text())["server"]
    file.write_text("not json")
    result = dpais(home, "config", "set", "server.port", "9000")
    assert result.returncode == 1 and str(file) in result.stderr and file.read_text() == "not json"


def test_a_setting_that_stands_already_is_told_of(home):
    result = dpais(home, "config", "set", "server.port", "9000", settings={"DPAIS_SERVER_PORT": 9001})
    assert result.returncode == 0 and "DPAIS_SERVER_PORT" in result.stderr
