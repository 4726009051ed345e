"""Catalogues of the user's own, and sources that are tried in their order."""

import hashlib
import json

from conftest import dpais
from test_hub_downloads import SMALL, assert_whole, hub, installed, leftovers, model, settings  # noqa: F401: a fixture


def entry(hub, *sources, name="ours", **more):
    return {
        "id": name, "aliases": [f"{name}-model"], "name": "Ours", "capability": "chat", "engine": "llama", "ownedBy": "us",
        "license": "MIT", "sources": list(sources),
    } | more  # fmt: skip


def web(hub, path, content=None, **file):
    digest = {"sha256": hashlib.sha256(content).hexdigest()} if content else {}
    return {"kind": "web", "address": hub.url + "/cdn/us/files", "files": [{"name": "m.gguf", "path": path} | digest | file]}


def repository(name, path):
    return {"kind": "hub", "repository": name, "revision": "main", "files": [{"name": "m.gguf", "path": path}]}


def command(hub, home, *arguments):
    return dpais(home, *arguments, settings=settings(hub))


def add(hub, home, *entries, name="ours"):
    file = home / f"{name}.json"
    file.write_text(json.dumps({"models": list(entries)}))
    return command(hub, home, "catalogue", "add", file)


def test_a_catalogue_is_added_listed_used_and_removed(hub, tmp_path):
    content = model(SMALL)
    hub.add("us/files", "m.gguf", content)
    added = add(hub, tmp_path, entry(hub, web(hub, "m.gguf", content)))
    assert added.returncode == 0, added.stderr
    listed = json.loads(command(hub, tmp_path, "catalogue", "list", "--json").stdout)
    assert [one["id"] for one in listed] == ["ours"]
    assert listed[0]["sha256"] == hashlib.sha256((tmp_path / "ours.json").read_bytes()).hexdigest()
    every = json.loads(command(hub, tmp_path, "model", "list", "all", "--json").stdout)
    assert {"ours", "phi3.5"} <= {one["id"] for one in every}
    result = command(hub, tmp_path, "model", "install", "ours-model")
    assert result.returncode == 0, result.stderr
    assert_whole(tmp_path, content, "ours")
    assert command(hub, tmp_path, "catalogue", "remove", "ours").returncode == 0
    assert command(hub, tmp_path, "catalogue", "remove", "ours").returncode == 1
    assert installed(tmp_path) == ["ours"]


def test_a_catalogue_that_changed_is_refused(hub, tmp_path):
    hub.add("us/files", "m.gguf", model(SMALL))
    assert add(hub, tmp_path, entry(hub, web(hub, "m.gguf"))).returncode == 0
    again = add(hub, tmp_path, entry(hub, web(hub, "other.gguf")))
    assert again.returncode == 1 and "pinned" in again.stderr
    copy = tmp_path / "catalogues" / "ours" / "catalogue.json"
    copy.write_text(copy.read_text().replace("m.gguf", "x.gguf"))
    result = command(hub, tmp_path, "model", "install", "ours")
    assert result.returncode == 1 and "pinned" in result.stderr
    wrong = command(hub, tmp_path, "catalogue", "add", tmp_path / "ours.json", "--name", "new", "--sha256", "0" * 64)
    assert wrong.returncode == 1 and "0" * 64 in wrong.stderr


def test_an_entry_cannot_take_a_name_of_the_built_in_catalogue(hub, tmp_path):
    result = add(hub, tmp_path, entry(hub, web(hub, "m.gguf"), name="phi3.5"))
    assert result.returncode == 1 and "phi3.5" in result.stderr and "built-in" in result.stderr
    assert json.loads(command(hub, tmp_path, "catalogue", "list", "--json").stdout) == []


def test_the_next_source_is_tried_where_one_fails(hub, tmp_path):
    content = model(SMALL)
    hub.add("us/files", "wrong.gguf", model(SMALL, seed=2))
    hub.add("us/right", "m.gguf", content)
    sources = web(hub, "none.gguf"), web(hub, "wrong.gguf", content), repository("us/right", "m.gguf")
    hub.misbehave = lambda handler, method, path: path.endswith("none.gguf") and (handler.reply(404) or True)
    assert add(hub, tmp_path, entry(hub, *sources)).returncode == 0
    result = command(hub, tmp_path, "model", "install", "ours")
    assert result.returncode == 0, result.stderr
    assert_whole(tmp_path, content, "ours")


def test_where_all_sources_fail_each_is_named(hub, tmp_path):
    hub.add("us/files", "wrong.gguf", model(SMALL, seed=2))
    hub.misbehave = lambda handler, method, path: "none" in path and (handler.reply(404) or True)
    sources = web(hub, "wrong.gguf", model(SMALL)), repository("us/none", "m.gguf")
    assert add(hub, tmp_path, entry(hub, *sources)).returncode == 0
    result = command(hub, tmp_path, "model", "install", "ours")
    assert result.returncode == 1 and "SHA-256" in result.stderr and "us/none" in result.stderr
    assert installed(tmp_path) == [] and leftovers(tmp_path) == []
