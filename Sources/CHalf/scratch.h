#ifndef DPAIS_HALF_SCRATCH_H
#define DPAIS_HALF_SCRATCH_H

#include "half.h"

/// Memory of one thread of a team, for one piece of work at a time; uninitialised, kept for the next.
void *half_team_scratch(half_team *team, int thread, size_t bytes);

#endif
