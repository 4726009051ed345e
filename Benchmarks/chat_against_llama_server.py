#!/usr/bin/env python3
"""Streams answers from this server and from llama-server alternately, and prints the ratio of their speeds.

Each round sends the same questions to one server, then to the other: one stream, then several at once; greedy, then
sampled at temperature 1, with each server's other defaults. A ratio above 1 means that this server is faster. Compare
ratios within a round; tokens per second vary with the load of the machine. The script uses only the standard library, and
the client only counts tokens, to take little time from the cores that both servers compute on.
"""

import argparse
import json
import os
import pathlib
import re
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
DPAIS = ROOT / ".build" / "release" / "dpais"
MODEL = "smollm2-135m"
TOPICS = ["the sea", "a mountain", "an old clock", "winter", "bread", "a railway", "the moon", "a garden"]
# Tokens that would end an answer early are forbidden, so that all answers have the same length.
END_TOKENS = {"0": -100, "2": -100}


def request(model, topic, tokens, temperature, port):
    body = json.dumps(
        {
            "model": model,
            "messages": [{"role": "user", "content": f"Write a long story about {topic}, with many details."}],
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": temperature,
            "max_tokens": tokens,
            "logit_bias": END_TOKENS,
        }
    ).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n"
    return head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


def stream(port, model, topics, tokens, temperature=0):
    """Runs the streams concurrently; returns (tokens, seconds of decoding, seconds until every stream has its first token)."""
    selector = selectors.DefaultSelector()
    replies, first, last = {}, {}, {}
    begun = time.perf_counter()
    for index, topic in enumerate(topics):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(request(model, topic, tokens, temperature, port))
        replies[index] = bytearray()
        selector.register(connection, selectors.EVENT_READ, index)
    while selector.get_map():
        for key, _ in selector.select():
            data = key.fileobj.recv(65536)
            now = time.perf_counter()
            reply = replies[key.data]
            reply += data
            # The first chunk has only the role.
            if key.data not in first and reply.count(b'"content"') > 1:
                first[key.data] = now
            last[key.data] = now
            if not data or b"data: [DONE]" in reply[-200:]:
                selector.unregister(key.fileobj)
                key.fileobj.close()
    counts = []
    for index, reply in replies.items():
        found = re.findall(rb'"completion_tokens":\s*(\d+)', reply)
        if not found:
            sys.exit(f"no usage in the reply: {bytes(reply[-600:])!r}")
        counts.append(int(found[-1]))
    decoding = max(last.values()) - min(first.values())
    return sum(counts), decoding, max(first.values()) - begun


def speed(port, model, topics, tokens, temperature):
    count, seconds, _ = stream(port, model, topics, tokens, temperature)
    return count / seconds


def wait_for(url, process):
    for _ in range(600):
        if process.poll() is not None:
            sys.exit("a server exited before it answered")
        try:
            with urllib.request.urlopen(url, timeout=2) as reply:
                if reply.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit(f"no answer from {url}")


def summary(values):
    return f"median {statistics.median(values):.3f}  (min {min(values):.3f}, max {max(values):.3f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", required=True, help="llama-server's executable")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tokens", type=int, default=256, help="tokens per answer")
    parser.add_argument("--streams", type=int, default=8, help="concurrent answers, at most 8")
    parser.add_argument("--temperatures", type=float, nargs="+", default=[0, 1])
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()

    home = pathlib.Path(os.environ.get("DPAIS_BENCH_HOME", pathlib.Path.home() / ".cache/dpais/tests/home"))
    environment = os.environ | {"DPAIS_HOME": str(home), "DPAIS_RUNNER_THREADS": str(options.threads)}
    if not (home / "models" / MODEL).exists():
        subprocess.run([DPAIS, "model", "install", MODEL], env=environment, check=True)
    (weights,) = (home / "models" / MODEL).glob("*.gguf")
    peer_port = 18_554
    with tempfile.TemporaryDirectory() as scratch:
        ours = subprocess.Popen(
            [DPAIS, "serve", "--port", "0"], env=environment, text=True, stdout=subprocess.PIPE,
            stderr=open(f"{scratch}/dpais.log", "w"),
        )  # fmt: skip
        peer = subprocess.Popen(
            [options.peer, "--model", weights, "--port", str(peer_port), "--threads", str(options.threads),
             "--parallel", str(options.streams), "--ctx-size", "16384", "--log-disable"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            port = int(re.search(r":(\d+)/v1", ours.stdout.readline())[1])
            wait_for(f"http://127.0.0.1:{peer_port}/health", peer)
            servers = [("dpais", port), ("llama-server", peer_port)]
            for _, server in servers:  # loads the model and fills both prompt caches
                stream(server, MODEL, TOPICS[: options.streams], 8)
            for temperature in options.temperatures:
                measure(servers, temperature, options)
        finally:
            for process in (ours, peer):
                process.send_signal(signal.SIGTERM)
                process.wait(30)


def measure(servers, temperature, options):
    for name, topics in (("1 stream", TOPICS[:1]), (f"{options.streams} streams", TOPICS[: options.streams])):
        speeds = {server: [] for server, _ in servers}
        for number in range(options.rounds):
            # The order alternates between rounds.
            for server, port in servers if number % 2 == 0 else reversed(servers):
                speeds[server].append(speed(port, MODEL, topics, options.tokens, temperature))
        ratios = [a / b for a, b in zip(speeds["dpais"], speeds["llama-server"])]
        print(f"{name}, temperature {temperature:g}, {options.tokens} tokens per answer, {options.threads} threads, {options.rounds} rounds")
        for server, values in speeds.items():
            print(f"  {server:14} tokens/s  {summary(values)}")
        print(f"  dpais / llama-server    {summary(ratios)}\n", flush=True)


if __name__ == "__main__":
    main()
