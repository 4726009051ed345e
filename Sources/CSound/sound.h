#pragma once

#include "CSound.h"

#include <mpg123.h>
#include <sndfile.h>

struct dpais_sound {
    dpais_sound_part part;
    // From the part's start.
    int64_t position;
    // What was read of the file last, and where it begins. libmpg123 asks for bytes one by one where it looks for a frame.
    uint8_t buffer[32768];
    int64_t buffer_start;
    int64_t buffer_count;
    // When the call began that is under way, in nanoseconds of the thread's time on a processor, and whether it took more
    // than it may: then the file seems to end, and nothing more comes of it.
    int64_t begun;
    bool is_exhausted;
    // One of the two.
    SNDFILE * sndfile;
    mpg123_handle * mpg123;
    // With libsndfile: whether frames are still to come of which none has come yet.
    bool is_promised;
    // With libmpg123: frames a second.
    long rate;
};

// Nanoseconds of a processor's time that one call may take. Honest files need some milliseconds; what lets a decoder search
// for its next block in vain, such as the beginnings of a million pages of OGG, can take it minutes.
#define SOUND_CALL_LIMIT 2000000000

// Begins to measure a call's time.
void sound_begin(struct dpais_sound * sound);

// The part as a file of its own: how many bytes were read, and the new position or −1.
int64_t sound_bytes_read(struct dpais_sound * sound, void * bytes, int64_t count);
int64_t sound_bytes_seek(struct dpais_sound * sound, int64_t offset, int whence);

dpais_sound_status open_with_sndfile(struct dpais_sound * sound, dpais_sound_format format, dpais_sound_head * head);
dpais_sound_status read_with_sndfile(struct dpais_sound * sound, float * samples, size_t frames, size_t * count);

dpais_sound_status open_with_mpg123(struct dpais_sound * sound, dpais_sound_head * head);
dpais_sound_status read_with_mpg123(struct dpais_sound * sound, float * samples, size_t frames, size_t * count);
