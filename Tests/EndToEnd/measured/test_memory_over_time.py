"""The memory of runners over time."""

from conftest import EMBEDDER
from memory_home import small_home  # noqa: F401
from test_memory import sizes_after_mixed_work
from test_memory_life import A, B, Watch, ask, loaded, serve, sizes  # noqa: F401

ROUNDS, WARM_UP = 100, 20


def test_memory_stays_flat(own_server):
    sizes = sizes_after_mixed_work(own_server(), ROUNDS)  # noqa: F811
    assert len(sizes[-1]) == 2 and sizes[-1].keys() == sizes[WARM_UP].keys(), "a runner died on the way"
    for process in sizes[-1]:
        seen = [size[process] for size in sizes]
        # A leak grows round by round. What the allocator keeps for another thread comes in a step or two, and stays: but
        # for the two largest, there is next to no growth.
        highest, grown = max(seen[:WARM_UP]), []
        for size in seen[WARM_UP:]:
            if size > highest + (32 << 10):
                grown.append(size - highest)
            highest = max(highest, size)
        early, late = max(seen[:WARM_UP]), sum(sorted(grown)[:-2])
        assert len(grown) <= 10 and late < early * 0.03 + (4 << 20), f"from {early / 2**20:.1f} MiB it grew by {grown}"


def test_models_that_make_room_stay_within_the_budget_while_one_loads(serve, sizes):  # noqa: F811
    budget = sizes[A] + max(sizes[A], sizes[EMBEDDER]) + min(sizes[A], sizes[EMBEDDER]) // 2
    server = serve(DPAIS_MODELS_MEMORY_BUDGET=budget >> 20)
    with Watch(server) as watch:
        for model in (A, EMBEDDER, A, B):
            assert ask(server, model).status_code == 200
    assert set(loaded(server)) == {A, B}
    print(f"{watch.bytes >> 20} MiB at most, with a budget of {budget >> 20} MiB")
    # Runners of the same libraries share them, which the sum of what they have counts twice.
    assert watch.processes == 2 and watch.bytes <= budget, (watch.bytes >> 20, budget >> 20)
