// Files of sound through libsndfile and libmpg123, and other rates through libsoxr.
//
// A sound is decoded a stretch at a time, so what it takes in memory does not grow with its length, nor with what the
// file's head says of it. A sound is used by one thread at a time; different ones by any number at once.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum dpais_sound_status {
    DPAIS_SOUND_OK = 0,
    // Not of the format, damaged, or cut short before its sound.
    DPAIS_SOUND_DAMAGED,
    // A way of coding that is not read, such as ADPCM in WAV.
    DPAIS_SOUND_UNSUPPORTED,
    // The rate is another one from here on.
    DPAIS_SOUND_RATE_CHANGED,
    DPAIS_SOUND_NO_MEMORY,
} dpais_sound_status;

typedef enum dpais_sound_format {
    // PCM of 8 to 32 bits, floats of 32 and 64, µ-law, A-law.
    DPAIS_SOUND_WAV,
    DPAIS_SOUND_FLAC,
    // Vorbis and Opus.
    DPAIS_SOUND_OGG,
    // Channels are mixed into one.
    DPAIS_SOUND_MP3,
} dpais_sound_format;

// Bytes `start` to `end` of an open file. They are read with pread, so the descriptor's position stays where it is; the
// descriptor has to stay open as long as the sound is.
typedef struct dpais_sound_part {
    int descriptor;
    int64_t start;
    int64_t end;
} dpais_sound_part;

typedef struct dpais_sound_head {
    uint32_t channels;
    // Frames a second; a frame is a sample of each channel.
    uint32_t rate;
    // Negative where the file does not say. There may be fewer than it says.
    int64_t frames;
} dpais_sound_head;

typedef struct dpais_sound dpais_sound;

// Reads the head. `sound` is set, and has to be closed, only where this returns DPAIS_SOUND_OK.
dpais_sound_status dpais_sound_open(
    dpais_sound_part part, dpais_sound_format format, dpais_sound ** sound, dpais_sound_head * head);

// The next frames, interleaved, `samples` having room for `frames` of them. `count` is how many came: fewer than were
// asked for near the end, none with DPAIS_SOUND_OK only at the end, which a file that is cut short has earlier. Samples are
// in −1…1, but for those of floats in WAV, which may be anything, and for what a lossy format adds.
dpais_sound_status dpais_sound_read(dpais_sound * sound, float * samples, size_t frames, size_t * count);

void dpais_sound_close(dpais_sound * sound);

// One channel from one rate to another, libsoxr's high quality: a linear phase filter of 20 bits' precision that leaves
// 91% of the band below half of the lower rate as it is.
typedef struct dpais_resampler dpais_resampler;

// NULL where memory is out.
dpais_resampler * dpais_resampler_create(double rate, double new_rate);

// Takes some of `input` and gives some output: at once, or later. A NULL input is its end, and then nothing in `made` is
// the end of the output. False where memory is out.
bool dpais_resampler_process(dpais_resampler * resampler, const float * input, size_t count, size_t * used,
    float * output, size_t capacity, size_t * made);

void dpais_resampler_free(dpais_resampler * resampler);
