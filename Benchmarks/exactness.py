#!/usr/bin/env python3
"""Counts how often a greedy answer depends on the other requests of the server.

A new server answers short prompts (below 64 tokens) and long ones (about 150 to 500) one after another. Then another new
server answers the same prompts, eight at once, in several rounds, so that its cache is full of other sequences and prompts
come from it. Each answer of the second server should be identical to that of the first.
"""

import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
DPAIS = ROOT / ".build" / "release" / "dpais"
MODEL = "smollm2-135m"
THINGS = """sea mountain clock winter bread railway moon garden library river violin lighthouse bridge market forest
island kitchen harbour desert castle telescope orchard volcano museum bicycle letter storm theatre well glacier mill
compass""".split()


def short_prompts():
    return [f"Write a few sentences about a {thing}." for thing in THINGS]


def long_prompts():
    prompts = []
    for number, thing in enumerate(THINGS):
        sentences = [
            f"In chapter {index} a traveller finds a {THINGS[(number + index * 5) % len(THINGS)]} near the {thing} "
            f"and writes down {index * 7 + number} words about it."
            for index in range(1, 5 + number % 12)
        ]
        prompts.append(" ".join(sentences) + f" What does the traveller think of the {thing}?")
    return prompts


class Server:
    def __init__(self, home, log):
        self.process = subprocess.Popen(
            [DPAIS, "serve", "--port", "0"], env=os.environ | {"DPAIS_HOME": str(home)},
            stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
        self.port = int(re.search(r":(\d+)/v1", self.process.stdout.readline())[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def answer(self, prompt, tokens):
        body = {"model": MODEL, "temperature": 0, "max_tokens": tokens, "messages": [{"role": "user", "content": prompt}]}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/v1/chat/completions", json.dumps(body).encode(),
            {"content-type": "application/json"},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=300) as reply:
            return json.load(reply)["choices"][0]["message"]["content"]

    def answers_at_once(self, prompts, tokens, width):
        answers = [None] * len(prompts)
        queue = list(enumerate(prompts))
        lock = threading.Lock()

        def work():
            while True:
                with lock:
                    if not queue:
                        return
                    index, prompt = queue.pop(0)
                answers[index] = self.answer(prompt, tokens)

        threads = [threading.Thread(target=work) for _ in range(width)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--width", type=int, default=8, help="concurrent answers")
    options = parser.parse_args()
    home = pathlib.Path(os.environ.get("DPAIS_BENCH_HOME", pathlib.Path.home() / ".cache/dpais/tests/home"))
    with tempfile.TemporaryFile("w") as log:
        for name, prompts in (("short prompts", short_prompts()), ("long prompts", long_prompts())):
            with Server(home, log) as server:
                alone = [server.answer(prompt, options.tokens) for prompt in prompts]
            with Server(home, log) as server:
                for number in range(1, options.rounds + 1):
                    together = server.answers_at_once(prompts, options.tokens, options.width)
                    same = sum(a == b for a, b in zip(alone, together))
                    source = "not cached" if number == 1 else "from the cache"
                    print(f"{name}, {options.width} at once, round {number} ({source}): {same} of {len(prompts)} identical")


if __name__ == "__main__":
    main()
