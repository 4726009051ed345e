#include "sound.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int64_t sound_bytes_read(struct dpais_sound * sound, void * bytes, int64_t count) {
    const int64_t rest = sound->part.end - sound->part.start - sound->position;
    if (count > rest) count = rest;
    int64_t filled = 0;
    while (filled < count) {
        const off_t offset = sound->part.start + sound->position;
        const ssize_t got = pread(sound->part.descriptor, (char *) bytes + filled, (size_t) (count - filled), offset);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && filled == 0) return -1;
        if (got <= 0) break;
        filled += got;
        sound->position += got;
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
    const dpais_sound_status status =
        format == DPAIS_SOUND_MP3 ? open_with_mpg123(opened, head) : open_with_sndfile(opened, format, head);
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
    return sound->mpg123 != NULL ? read_with_mpg123(sound, samples, frames, count)
                                 : read_with_sndfile(sound, samples, frames, count);
}

void dpais_sound_close(dpais_sound * sound) {
    if (sound == NULL) return;
    if (sound->sndfile != NULL) sf_close(sound->sndfile);
    if (sound->mpg123 != NULL) mpg123_delete(sound->mpg123);
    free(sound);
}
