"""Instructor, which fills in pydantic's models: in a process of its own, because it needs older packages."""

import json
import os
import pathlib
import subprocess
import sys

from conftest import MODEL
from waiting import HANG

CALLS = pathlib.Path(__file__).with_name("instructor_calls.py")


def test_instructor_fills_in_models_by_calls_and_by_forms(server):
    environment = os.environ | {"PYTHONPATH": os.environ["DPAIS_TEST_INSTRUCTOR"]}
    command = [sys.executable, CALLS, server.url, MODEL, str(HANG)]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=HANG)
    assert result.returncode == 0, result.stderr
    people = json.loads(result.stdout)
    assert len(people) == 2
    for person in people.values():
        assert person["name"] and 0 <= person["age"] <= 120 and 1 <= person["address"]["number"] <= 99
