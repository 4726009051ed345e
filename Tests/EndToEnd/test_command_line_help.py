"""What every command says of itself, and the exit codes that scripts rely on."""

import json
import re
import shutil
import subprocess

import pytest

from conftest import DPAIS, dpais


def commands(description, above=()):
    """Every command of the tree, as its words."""
    words = above if not above and description["commandName"] == "dpais" else (*above, description["commandName"])
    yield words
    for child in description.get("subcommands", []):
        if child["commandName"] != "help":
            yield from commands(child, words)


TREE = json.loads(subprocess.run([DPAIS, "--experimental-dump-help"], capture_output=True, text=True, check=True).stdout)["command"]
ALL = list(commands(TREE))


def test_the_promised_commands_are_there():
    names = {" ".join(words) for words in ALL}
    assert names >= {
        "init", "compute", "ping", "serve", "start", "stop", "restart", "status", "logs", "uninstall", "version", "manual", "completions",
        "model list", "model install", "model run", "model show", "model performance", "model uninstall", "model load", "model unload",
        "model loaded", "catalogue add", "catalogue list", "catalogue remove", "config show", "config set", "config unset", "config path",
    }  # fmt: skip


@pytest.mark.parametrize("command", ALL, ids=lambda words: " ".join(words) or "dpais")
def test_help_teaches_by_examples(tmp_path, command):
    result = dpais(tmp_path, *command, "--help")
    assert result.returncode == 0 and "USAGE: dpais" in result.stdout
    examples = [line for line in result.stdout.splitlines() if re.match(r"\s+(.*[|;(] ?)?\$?\(?dpais ", line)]
    assert examples, result.stdout
    assert all(len(line) <= 120 for line in result.stdout.splitlines() if not line.startswith("USAGE"))


@pytest.mark.parametrize("alias", [["hardware"], ["model", "ls"], ["model", "chat"], ["model", "ps"]], ids=" ".join)
def test_the_other_names(tmp_path, alias):
    assert dpais(tmp_path, *alias, "--help").returncode == 0


ALONE = {"DPAIS_SERVER_PORT": 1}


@pytest.mark.parametrize(
    "code, command",
    [
        (0, ["version"]), (0, ["model", "list"]), (0, ["stop"]), (0, ["model", "uninstall", "--all"]), (0, ["compute", "--json"]),
        (1, ["ping"]), (1, ["status"]), (1, ["logs"]), (1, ["model", "run", "no-such", "Hi"]), (1, ["model", "show", "no-such"]),
        (1, ["model", "uninstall", "no-such"]), (1, ["model", "unload", "no-such"]), (1, ["model", "loaded"]),
        (1, ["model", "install", "no-such"]), (1, ["config", "set", "no.such", "1"]), (1, ["config", "show", "no.such"]),
        (1, ["catalogue", "remove", "no-such"]), (1, ["catalogue", "add", "/nonexistent"]), (1, ["manual", "no-such"]),
        (64, ["no-such"]), (64, ["model", "no-such"]), (64, ["model", "install"]), (64, ["model", "uninstall"]), (64, ["model", "show"]),
        (64, ["model", "uninstall", "x", "--all"]), (64, ["logs", "-n", "x"]), (64, ["logs", "-n=-1"]), (64, ["completions", "tcsh"]),
        (64, ["config", "set"]), (64, ["start", "--port", "x"]), (64, ["model", "load"]), (64, ["init", "--no-such"]),
    ],
    ids=str,
)  # fmt: skip
def test_exit_codes(tmp_path, code, command):
    result = dpais(tmp_path, *command, settings=ALONE)
    assert result.returncode == code, result.stderr
    assert code == 0 or result.stderr.lower().startswith(("error: ", "did you mean")) or command == ["status"], result.stderr
    assert "\x1b" not in result.stdout + result.stderr


def test_mistyped_names_find_what_was_meant(tmp_path):
    assert "Did you mean 'phi3.5'" in dpais(tmp_path, "model", "install", "phi35").stderr
    assert "Did you mean 'whisper-base'" in dpais(tmp_path, "model", "show", "wisper-base").stderr
    assert "Did you mean 'uninstall'" in dpais(tmp_path, "model", "uninstal").stderr
    assert "Did you mean 'status'" in dpais(tmp_path, "statsu").stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions(tmp_path, shell):
    script = dpais(tmp_path, "completions", shell)
    assert script.returncode == 0 and "uninstall" in script.stdout
    if shutil.which(shell):
        checked = subprocess.run([shell, "-n"], input=script.stdout, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr


def test_the_manual_has_a_page_for_every_command(tmp_path):
    result = dpais(tmp_path, "manual", "--install", tmp_path / "man1")
    assert result.returncode == 0
    pages = {path.name: path.read_text() for path in (tmp_path / "man1").iterdir()}
    assert set(pages) == {"-".join(("dpais", *words)) + ".1" for words in ALL}
    for name, page in pages.items():
        assert page.startswith('.\\"') and ".SH NAME" in page and ".SH SYNOPSIS" in page, name
    assert "130" in pages["dpais.1"] and "model\\-install" in dpais(tmp_path, "manual", "model", "install").stdout.lower()
    if shutil.which("groff"):
        for name, page in pages.items():
            drawn = subprocess.run(["groff", "-man", "-Tutf8", "-ww"], input=page, capture_output=True, text=True)
            assert drawn.returncode == 0 and not drawn.stderr, (name, drawn.stderr)


def test_catalogues_of_ones_own(tmp_path):
    file = tmp_path / "ours.json"
    entry = {
        "id": "our-model", "aliases": ["ours"], "name": "Ours", "capability": "chat", "engine": "llama", "ownedBy": "us", "license": "MIT",
        "sources": [{"kind": "hub", "repository": "us/ours", "revision": "main", "files": [{"name": "a.gguf", "path": "a.gguf"}]}],
    }  # fmt: skip
    file.write_text(json.dumps({"models": [entry]}))
    home = tmp_path / "home"
    assert "our-model" not in dpais(home, "model", "list", "all").stdout
    added = dpais(home, "catalogue", "add", file)
    assert added.returncode == 0 and "1 model" in added.stdout, added.stderr
    assert "our-model" in dpais(home, "model", "list", "all").stdout
    (row,) = json.loads(dpais(home, "catalogue", "list", "--json").stdout)
    assert row["id"] == "ours" and row["models"] == ["our-model"]
    assert "Did you mean 'ours'" in dpais(home, "catalogue", "remove", "our").stderr
    assert dpais(home, "catalogue", "remove", "ours").returncode == 0
    file.write_text("rubbish")
    refused = dpais(home, "catalogue", "add", file)
    assert refused.returncode == 1 and "JSON" in refused.stderr
