"""How long short queries wait beside a large job for embeddings."""

import random
import statistics
import threading
import time

from test_gguf_embeddings import decoder, embed, sentence, smollm, vectors_server, weights  # noqa: F401: fixtures


def test_a_short_query_waits_for_a_small_part_of_a_large_job(vectors_server):  # noqa: F811
    choice = random.Random(4)
    job = [sentence(choice, 150) for _ in range(200)]
    embed(vectors_server, "Warm.")

    def seconds(given):
        begun = time.monotonic()
        embed(vectors_server, given)
        return time.monotonic() - begun

    took, times = [], []
    worker = threading.Thread(target=lambda: took.append(seconds(job)))
    worker.start()
    while worker.is_alive():
        times.append(seconds("What time is it?"))
    worker.join()
    # Each waits for the batch that is being computed, a hundredth of the job or less; alone it would wait for it all.
    assert len(times) > 5
    assert statistics.median(times) < took[0] / 5
