#include "sound.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t processor_time(void) {
    struct timespec time = {0};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (int64_t) time.tv_sec * 1000000000 + time.tv_nsec;
}

void sound_begin(struct dpais_sound * sound) { sound->begun = processor_time(); }

// Reads what lies at the position into the buffer; false at the end.
static bool fill(struct dpais_sound * sound) {
    if (processor_time() - sound->begun > SOUND_CALL_LIMIT) sound->is_exhausted = true;
    if (sound->is_exhausted) return false;
    const int64_t rest = sound->part.end - sound->part.start - sound->position;
    const size_t count = rest < (int64_t) sizeof(sound->buffer) ? (size_t) rest : sizeof(sound->buffer);
    ssize_t got;
    do {
        got = pread(sound->part.descriptor, sound->buffer, count, sound->part.start + sound->position);
    } while (got < 0 && errno == EINTR);
    sound->buffer_start = sound->position;
    sound->buffer_count = got > 0 ? got : 0;
    return got > 0;
}

int64_t sound_bytes_read(struct dpais_sound * sound, void * bytes, int64_t count) {
    int64_t filled = 0;
    while (filled < count) {
        const int64_t offset = sound->position - sound->buffer_start;
        if (offset < 0 || offset >= sound->buffer_count) {
            if (!fill(sound)) break;
            continue;
        }
        const int64_t there = sound->buffer_count - offset, wanted = count - filled;
        const int64_t taken = there < wanted ? there : wanted;
        memcpy((uint8_t *) bytes + filled, sound->buffer + offset, (size_t) taken);
        filled += taken;
        sound->position += taken;
    }
    return filled;
}

int64_t sound_bytes_seek(struct dpais_sound * sound, int64_t offset, int whence) {
    const int64_t length = sound->part.end - sound->part.start;
    const int64_t base = whence == SEEK_CUR ? sound->position : whence == SEEK_END ? length : 0;
    int64_t position;
    if (__builtin_add_overflow(base, offset, &position) || position < 0) return -1;
    // A place behind the end is one where nothing is read.
    sound->position = position < length ? position : length;
    return sound->position;
}

dpais_sound_status dpais_sound_open(
    dpais_sound_part part, dpais_sound_format format, dpais_sound ** sound, dpais_sound_head * head) {
    dpais_sound * opened = calloc(1, sizeof(dpais_sound));
    if (opened == NULL) return DPAIS_SOUND_NO_MEMORY;
    opened->part = part;
    sound_begin(opened);
    dpais_sound_status status =
        format == DPAIS_SOUND_MP3 ? open_with_mpg123(opened, head) : open_with_sndfile(opened, format, head);
    if (opened->is_exhausted) status = DPAIS_SOUND_DAMAGED;
    if (status != DPAIS_SOUND_OK) {
        dpais_sound_close(opened);
        return status;
    }
    *sound = opened;
    return DPAIS_SOUND_OK;
}

dpais_sound_status dpais_sound_read(dpais_sound * sound, float * samples, size_t frames, size_t * count) {
    *count = 0;
    if (frames == 0) return DPAIS_SOUND_OK;
    sound_begin(sound);
    const dpais_sound_status status = sound->mpg123 != NULL ? read_with_mpg123(sound, samples, frames, count)
                                                            : read_with_sndfile(sound, samples, frames, count);
    return sound->is_exhausted ? DPAIS_SOUND_DAMAGED : status;
}

void dpais_sound_close(dpais_sound * sound) {
    if (sound == NULL) return;
    if (sound->sndfile != NULL) sf_close(sound->sndfile);
    if (sound->mpg123 != NULL) mpg123_delete(sound->mpg123);
    free(sound);
}
