"""A hundred rounds of mixed work leave the runners' memory where it was."""

import base64
import io
import re

import numpy
from conftest import in_parallel
from PIL import Image

ROUNDS, WARM_UP = 100, 20
LENGTHS = [1, 4, 12, 40, 120, 200]


def own_bytes(process):
    """What the process has written to memory; pages of files come and go as the machine likes."""
    with open(f"/proc/{process}/status") as status:
        return int(re.search(r"RssAnon:\s+(\d+) kB", status.read())[1]) * 1024


def picture(side, seed):
    pixels = numpy.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=numpy.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def test_memory_stays_flat(own_server):
    """Both models work at once in every round; some requests are refused, for those must leave nothing either."""
    server = own_server()
    client = server.client()

    def embed(round):
        texts = [" ".join(["word"] * LENGTHS[(round + i) % len(LENGTHS)]) for i in range(16)]
        reply = client.embeddings.create(model="all-minilm-l6-v2", input=texts)
        assert len(reply.data) == len(texts)

    def upscale(round):
        side = 24 + round % 5 * 16
        reply = client.images.create_variation(
            model="realesr-animevideov3", image=("a.png", picture(side, round), "image/png"))
        with Image.open(io.BytesIO(base64.b64decode(reply.data[0].b64_json))) as upscaled:
            assert upscaled.size == (4 * side, 4 * side)

    def refused(round):
        cut = picture(32, round)[:-40]
        reply = server.http().post(
            "/v1/images/variations", data={"model": "realesr-animevideov3"}, files={"image": ("a.png", cut)})
        assert reply.status_code == 400, reply.text

    sizes = []
    for round in range(ROUNDS):
        in_parallel([lambda: embed(round), lambda: upscale(round), lambda: refused(round)])
        sizes.append({process: own_bytes(process) for process in server.runners()})
    assert len(sizes[-1]) == 2 and sizes[-1].keys() == sizes[WARM_UP].keys(), "a runner died on the way"
    for process in sizes[-1]:
        seen = [size[process] for size in sizes]
        # What leaks grows round by round. What the allocator keeps for another thread comes in a step or two, and stays: but
        # for the two largest, there is next to no growth.
        highest, grown = max(seen[:WARM_UP]), []
        for size in seen[WARM_UP:]:
            if size > highest + (32 << 10):
                grown.append(size - highest)
            highest = max(highest, size)
        early, late = max(seen[:WARM_UP]), sum(sorted(grown)[:-2])
        assert len(grown) <= 10 and late < early * 0.03 + (4 << 20), f"from {early / 2**20:.1f} MiB it grew by {grown}"
