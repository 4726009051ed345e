#include "half.h"
#include "memory.h"
#include "scratch.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

/// Turns that a thread waits awake, for the next piece of a network follows within microseconds; then it sleeps.
enum { awake_turns = 20000, turns_before_yielding = 2000 };

typedef struct {
    void *memory;
    size_t bytes;
} scratch;

struct half_team {
    int threads;
    pthread_t *others;
    /// Of each thread.
    scratch *scratches;

    // What is to be done: written while no other thread is active, read by those that found the round open.
    half_work *work;
    void *context;
    size_t pieces;
    int limit;
    atomic_size_t next;

    /// Counts the calls of `half_team_run`.
    atomic_uint round;
    /// The round that threads may still join; 0 for none.
    atomic_uint open;
    /// Threads that have joined, or are about to see that they may not.
    atomic_int active;

    pthread_mutex_t lock;
    pthread_cond_t called;
    atomic_int sleeping;
    atomic_bool ending;
};

typedef struct {
    half_team *team;
    int thread;
} member;

static inline void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

static void do_pieces(half_team *team, int thread) {
    size_t piece;
    while ((piece = atomic_fetch_add(&team->next, 1)) < team->pieces) team->work(team->context, piece, thread);
}

/// Waits for another round than `seen`; returns false at the end.
static bool await_round(half_team *team, unsigned seen) {
    for (int turn = 0; turn < awake_turns; turn++) {
        if (atomic_load(&team->ending)) return false;
        if (atomic_load(&team->round) != seen) return true;
        pause_briefly();
        if (turn > turns_before_yielding && turn % 64 == 0) sched_yield();
    }
    pthread_mutex_lock(&team->lock);
    atomic_fetch_add(&team->sleeping, 1);
    while (!atomic_load(&team->ending) && atomic_load(&team->round) == seen) {
        pthread_cond_wait(&team->called, &team->lock);
    }
    atomic_fetch_sub(&team->sleeping, 1);
    pthread_mutex_unlock(&team->lock);
    return !atomic_load(&team->ending);
}

static void *work_along(void *argument) {
    member *self = argument;
    half_team *team = self->team;
    int thread = self->thread;
    free(self);
    unsigned seen = 0;
    while (await_round(team, seen)) {
        seen = atomic_load(&team->round);
        // Announced first, so that who closes the round waits for a thread that has found it open.
        atomic_fetch_add(&team->active, 1);
        if (atomic_load(&team->open) == seen && thread < team->limit) do_pieces(team, thread);
        atomic_fetch_sub(&team->active, 1);
    }
    return NULL;
}

half_team *half_team_create(int threads) {
    half_team *team = calloc(1, sizeof *team);
    if (!team) abort();
    team->threads = threads > 1 ? threads : 1;
    pthread_mutex_init(&team->lock, NULL);
    pthread_cond_init(&team->called, NULL);
    team->others = calloc((size_t)team->threads, sizeof *team->others);
    team->scratches = calloc((size_t)team->threads, sizeof *team->scratches);
    if (!team->others || !team->scratches) abort();
    for (int thread = 1; thread < team->threads; thread++) {
        member *self = malloc(sizeof *self);
        if (!self) abort();
        *self = (member){team, thread};
        if (pthread_create(&team->others[thread], NULL, work_along, self) != 0) {
            // With fewer threads the work takes longer, and is done all the same.
            free(self);
            team->threads = thread;
        }
    }
    return team;
}

void half_team_destroy(half_team *team) {
    if (!team) return;
    pthread_mutex_lock(&team->lock);
    atomic_store(&team->ending, true);
    pthread_cond_broadcast(&team->called);
    pthread_mutex_unlock(&team->lock);
    for (int thread = 1; thread < team->threads; thread++) pthread_join(team->others[thread], NULL);
    for (int thread = 0; thread < team->threads; thread++) free(team->scratches[thread].memory);
    free(team->scratches);
    pthread_cond_destroy(&team->called);
    pthread_mutex_destroy(&team->lock);
    free(team->others);
    free(team);
}

void *half_team_scratch(half_team *team, int thread, size_t bytes) {
    scratch *own = &team->scratches[thread];
    if (own->bytes < bytes) {
        free(own->memory);
        *own = (scratch){half_allocate(bytes), bytes};
    }
    return own->memory;
}

void half_team_run(half_team *team, int threads, half_work *work, void *context, size_t pieces) {
    int limit = team && threads < team->threads ? threads : team ? team->threads : 1;
    if (limit <= 1 || pieces <= 1) {
        for (size_t piece = 0; piece < pieces; piece++) work(context, piece, 0);
        return;
    }
    team->work = work;
    team->context = context;
    team->pieces = pieces;
    team->limit = limit;
    atomic_store(&team->next, 0);
    unsigned round = atomic_load(&team->round) + 1;
    if (round == 0) round = 1;
    atomic_store(&team->open, round);
    atomic_store(&team->round, round);
    if (atomic_load(&team->sleeping) > 0) {
        pthread_mutex_lock(&team->lock);
        pthread_cond_broadcast(&team->called);
        pthread_mutex_unlock(&team->lock);
    }
    do_pieces(team, 0);
    atomic_store(&team->open, 0);
    for (int turn = 0; atomic_load(&team->active) > 0; turn++) {
        pause_briefly();
        if (turn > turns_before_yielding) sched_yield();
    }
}
