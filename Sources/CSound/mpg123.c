#include "sound.h"

static ssize_t on_read(void * sound, void * bytes, size_t count) {
    return (ssize_t) sound_bytes_read(sound, bytes, (int64_t) count);
}

static off_t on_seek(void * sound, off_t offset, int whence) { return sound_bytes_seek(sound, offset, whence); }

static dpais_sound_status status_of(mpg123_handle * decoder) {
    return mpg123_errcode(decoder) == MPG123_OUT_OF_MEM ? DPAIS_SOUND_NO_MEMORY : DPAIS_SOUND_DAMAGED;
}

// One channel, which is the mean of those there are, as floats, at whatever rate the file has.
static bool set_up(mpg123_handle * decoder) {
    const long flags = MPG123_QUIET | MPG123_GAPLESS | MPG123_MONO_MIX | MPG123_FORCE_FLOAT | MPG123_SKIP_ID3V2;
    return mpg123_param(decoder, MPG123_FLAGS, flags, 0) == MPG123_OK &&
        // So many bytes that are no frame are passed over.
        mpg123_param(decoder, MPG123_RESYNC_LIMIT, 1 << 20, 0) == MPG123_OK &&
        mpg123_format_none(decoder) == MPG123_OK &&
        mpg123_format2(decoder, 0, MPG123_MONO, MPG123_ENC_FLOAT_32) == MPG123_OK &&
        mpg123_replace_reader_handle(decoder, on_read, on_seek, NULL) == MPG123_OK;
}

dpais_sound_status open_with_mpg123(struct dpais_sound * sound, dpais_sound_head * head) {
    // Needed before version 1.27; later it does nothing.
    if (mpg123_init() != MPG123_OK) return DPAIS_SOUND_NO_MEMORY;
    mpg123_handle * decoder = sound->mpg123 = mpg123_new(NULL, NULL);
    if (decoder == NULL || !set_up(decoder)) return DPAIS_SOUND_NO_MEMORY;
    int channels, encoding;
    if (mpg123_open_handle(decoder, sound) != MPG123_OK) return status_of(decoder);
    if (mpg123_getformat(decoder, &sound->rate, &channels, &encoding) != MPG123_OK) return status_of(decoder);
    // Goes from frame to frame without decoding: where the file does not say how long it is, or is cut short, its first
    // frames tell little of that.
    if (mpg123_scan(decoder) != MPG123_OK) return status_of(decoder);
    if (channels != 1 || encoding != MPG123_ENC_FLOAT_32 || sound->rate < 0) return DPAIS_SOUND_DAMAGED;
    head->channels = 1;
    head->rate = (uint32_t) sound->rate;
    const off_t frames = mpg123_length(decoder);
    head->frames = frames < 0 ? -1 : frames;
    return DPAIS_SOUND_OK;
}

dpais_sound_status read_with_mpg123(struct dpais_sound * sound, float * samples, size_t frames, size_t * count) {
    while (*count < frames) {
        size_t bytes = 0;
        const int result = mpg123_read(
            sound->mpg123, (unsigned char *) (samples + *count), (frames - *count) * sizeof(float), &bytes);
        *count += bytes / sizeof(float);
        if (result == MPG123_DONE) return DPAIS_SOUND_OK;
        if (result == MPG123_NEW_FORMAT) {
            long rate;
            int channels, encoding;
            if (mpg123_getformat(sound->mpg123, &rate, &channels, &encoding) != MPG123_OK) {
                return status_of(sound->mpg123);
            }
            if (channels != 1 || encoding != MPG123_ENC_FLOAT_32) return DPAIS_SOUND_DAMAGED;
            if (rate != sound->rate) return DPAIS_SOUND_RATE_CHANGED;
        } else if (result != MPG123_OK) {
            const bool is_over = mpg123_errcode(sound->mpg123) == MPG123_RESYNC_FAIL;
            return is_over ? DPAIS_SOUND_OK : status_of(sound->mpg123);
        }
    }
    return DPAIS_SOUND_OK;
}
