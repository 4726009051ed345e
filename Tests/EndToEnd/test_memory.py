"""Mixed work leaves the runners as they were."""

import base64
import io
import re

import numpy
from conftest import in_parallel
from PIL import Image
from waiting import rounds

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


def sizes_after_mixed_work(server, count):
    """The bytes of each runner after each round.

    Both models work at once in every round; some requests are refused, for those must leave nothing either.
    """
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
    for round in range(count):
        in_parallel([lambda: embed(round), lambda: upscale(round), lambda: refused(round)])
        sizes.append({process: own_bytes(process) for process in server.runners()})
    return sizes


def test_mixed_work_and_refused_requests_leave_the_same_processes_running(own_server):
    sizes = sizes_after_mixed_work(own_server(), rounds(6, 100))
    assert len(sizes[0]) == 2
    assert all(size.keys() == sizes[0].keys() for size in sizes), "a runner died on the way"
