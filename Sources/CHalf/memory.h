#ifndef DPAIS_HALF_MEMORY_H
#define DPAIS_HALF_MEMORY_H

#include <stdlib.h>

/// Aligned to cache lines, which are a register's width too; uninitialised.
static inline void *half_allocate(size_t bytes) {
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64 + 64);
    if (!memory) abort();
    return memory;
}

#endif
