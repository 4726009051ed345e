"""A home with several small models, as links to those that the tests have installed."""

import json
import os
import pathlib
import shutil
import tempfile

import pytest

from conftest import EMBEDDER, LISTENER, MODEL

TWINS = ("twin-a", "twin-b", "twin-c", "twin-d")


def link(model, name, source, home):
    """The same files under another id: an install of them would be a copy of as many bytes."""
    folder = home / "models" / name
    folder.mkdir(parents=True)
    for file in (source / "models" / model).iterdir():
        if file.name == "manifest.json":
            manifest = json.loads(file.read_text(encoding="utf-8"))
            manifest |= {"id": name, "aliases": manifest["aliases"] if name == model else []}
            (folder / file.name).write_text(json.dumps(manifest), encoding="utf-8")
        else:
            try:
                os.link(file, folder / file.name)
            except OSError:
                shutil.copy2(file, folder / file.name)


class SmallHome:
    """Its path is short, so that sockets are made in it."""

    def __init__(self, source):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="dp", dir="/tmp"))
        for name in TWINS:
            link(MODEL, name, source, self.path)
        for model in (EMBEDDER, LISTENER):
            link(model, model, source, self.path)

    @property
    def run(self):
        return self.path / "run"

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


@pytest.fixture(scope="module")
def small_home(home):
    small = SmallHome(home)
    yield small
    small.remove()
