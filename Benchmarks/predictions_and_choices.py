#!/usr/bin/env python3
"""Measures the speed-up of a prediction and the cost of several answers, alternately with the plain request.

- `prediction`: an edit of a text of about 240 tokens with one word changed, greedy. The ratio is tokens per second of the
  whole request with the prediction, divided by those without. The answers must be identical.
- `n`: a prompt of about 1,000 tokens and an answer of one token, so the time is that of the prompt. The ratio is the time
  with n = 4, divided by the time with n = 1. Every prompt begins with different words, so that none is in the cache.

The script uses only the standard library.
"""

import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

from chat_against_llama_server import DPAIS, MODEL, summary

STORY = (
    "The lighthouse stood on a cliff above the bay. Every evening the keeper climbed the stairs and lit the lamp. "
    "Ships came from the north with timber and salt. They came from the south with wine and cloth. The keeper wrote "
    "the name of every ship in a book. On clear nights he could see twenty lights on the water. On dark nights he "
    "listened for the bell of the harbour. One winter the sea froze and no ship came for a month. The keeper mended "
    "his nets and painted the door green. In spring the ice broke with a sound like thunder. The first ship brought "
    "oranges and a letter from his brother. The letter said that the old house was sold. The keeper read it twice and "
    "put it in the drawer. Then he climbed the stairs and lit the lamp again. The light turned slowly over the water. "
    "Far out a ship answered with a single flash. The keeper smiled and wrote down its name. The wind changed and the "
    "gulls went quiet. He made tea and sat at the window until the morning came. That was the year when the new road "
    "was built along the coast. After that fewer ships came, but the lamp was lit every night."
)


def ask(port, **fields):
    """Returns (seconds, the reply)."""
    body = json.dumps({"model": MODEL, "temperature": 0, **fields}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/chat/completions", body, {"Content-Type": "application/json"}
    )
    begun = time.perf_counter()
    with urllib.request.urlopen(request, timeout=300) as reply:
        data = reply.read()
    return time.perf_counter() - begun, json.loads(data)


def predictions(port, rounds):
    edits = [
        ('Correct this text: replace "timber and salt" with "coal and iron". Repeat the whole text.\n\n', STORY),
        ('Repeat this text word for word, but replace "green" with "red":\n\n', STORY),
    ]
    ratios = []
    for round in range(rounds + 1):
        for instruction, text in edits:
            fields = {"messages": [{"role": "user", "content": instruction + text}], "max_tokens": 320}
            slow, without = ask(port, **fields)
            fast, predicted = ask(port, **fields, prediction={"type": "content", "content": text})
            if without["choices"] != predicted["choices"]:
                sys.exit("the prediction changed the answer")
            usage = predicted["usage"]
            details = usage["completion_tokens_details"]
            if round == 0:  # the cache is empty in the first round
                print(
                    f"an edit of {usage['completion_tokens']} tokens: {details['accepted_prediction_tokens']} accepted, "
                    f"{details['rejected_prediction_tokens']} rejected"
                )
            else:
                ratios.append(slow / fast)
    print(f"prediction, speed with / without: {summary(ratios)}", flush=True)


def choices(port, rounds):
    ratios = []
    for round in range(rounds):
        seconds = {}
        for n in (1, 4):
            text = f"Round {round}, request {n}. " + (STORY + " ") * 4
            fields = {"messages": [{"role": "user", "content": text}], "max_tokens": 1, "temperature": 1}
            seconds[n], reply = ask(port, n=n, **fields)
        ratios.append(seconds[4] / seconds[1])
    print(f"prompt of {reply['usage']['prompt_tokens']} tokens, time of n = 4 / n = 1: {summary(ratios)}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    home = pathlib.Path(os.environ.get("DPAIS_BENCH_HOME", pathlib.Path.home() / ".cache/dpais/tests/home"))
    environment = os.environ | {"DPAIS_HOME": str(home)}
    with tempfile.TemporaryDirectory() as scratch:
        server = subprocess.Popen(
            [DPAIS, "serve", "--port", "0"], env=environment, text=True, stdout=subprocess.PIPE,
            stderr=open(f"{scratch}/dpais.log", "w"),
        )  # fmt: skip
        try:
            port = int(re.search(r":(\d+)/v1", server.stdout.readline())[1])
            ask(port, messages=[{"role": "user", "content": "Hello"}], max_tokens=1)
            predictions(port, options.rounds)
            choices(port, options.rounds)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


if __name__ == "__main__":
    main()
