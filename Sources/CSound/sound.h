#pragma once

#include "CSound.h"

#include <mpg123.h>
#include <sndfile.h>

struct dpais_sound {
    dpais_sound_part part;
    // From the part's start.
    int64_t position;
    // One of the two.
    SNDFILE * sndfile;
    mpg123_handle * mpg123;
    // With libsndfile: whether frames are still to come of which none has come yet.
    bool is_promised;
    // With libmpg123: frames a second.
    long rate;
};

// The part as a file of its own. Both give −1 where it cannot be done.
int64_t sound_bytes_read(struct dpais_sound * sound, void * bytes, int64_t count);
int64_t sound_bytes_seek(struct dpais_sound * sound, int64_t offset, int whence);

dpais_sound_status open_with_sndfile(struct dpais_sound * sound, dpais_sound_format format, dpais_sound_head * head);
dpais_sound_status read_with_sndfile(struct dpais_sound * sound, float * samples, size_t frames, size_t * count);

dpais_sound_status open_with_mpg123(struct dpais_sound * sound, dpais_sound_head * head);
dpais_sound_status read_with_mpg123(struct dpais_sound * sound, float * samples, size_t frames, size_t * count);
