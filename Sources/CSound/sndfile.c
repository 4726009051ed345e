#include "sound.h"

#include <pthread.h>

static sf_count_t on_length(void * sound) {
    const dpais_sound_part * part = &((struct dpais_sound *) sound)->part;
    return part->end - part->start;
}

static sf_count_t on_seek(sf_count_t offset, int whence, void * sound) {
    return sound_bytes_seek(sound, offset, whence);
}

static sf_count_t on_read(void * bytes, sf_count_t count, void * sound) {
    return sound_bytes_read(sound, bytes, count);
}

static sf_count_t on_write(const void * bytes, sf_count_t count, void * sound) {
    (void) bytes;
    (void) count;
    (void) sound;
    return 0;
}

static sf_count_t on_tell(void * sound) { return ((struct dpais_sound *) sound)->position; }

// libsndfile knows many more formats; what is not meant to be read is refused even where it could be.
static bool is_expected(int found, dpais_sound_format format) {
    const int type = found & SF_FORMAT_TYPEMASK, coding = found & SF_FORMAT_SUBMASK;
    switch (format) {
        case DPAIS_SOUND_FLAC: return type == SF_FORMAT_FLAC;
        case DPAIS_SOUND_OGG: return type == SF_FORMAT_OGG && (coding == SF_FORMAT_VORBIS || coding == SF_FORMAT_OPUS);
        case DPAIS_SOUND_MP3: return false;
        case DPAIS_SOUND_WAV: break;
    }
    if (type != SF_FORMAT_WAV && type != SF_FORMAT_WAVEX) return false;
    switch (coding) {
        case SF_FORMAT_PCM_U8:
        case SF_FORMAT_PCM_16:
        case SF_FORMAT_PCM_24:
        case SF_FORMAT_PCM_32:
        case SF_FORMAT_FLOAT:
        case SF_FORMAT_DOUBLE:
        case SF_FORMAT_ULAW:
        case SF_FORMAT_ALAW: return true;
        default: return false;
    }
}

static dpais_sound_status status_of(int error) {
    return error == SF_ERR_UNSUPPORTED_ENCODING ? DPAIS_SOUND_UNSUPPORTED : DPAIS_SOUND_DAMAGED;
}

dpais_sound_status open_with_sndfile(struct dpais_sound * sound, dpais_sound_format format, dpais_sound_head * head) {
    // Where opening fails libsndfile writes why into variables that all threads share.
    static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;
    SF_VIRTUAL_IO bytes = {
        .get_filelen = on_length, .seek = on_seek, .read = on_read, .write = on_write, .tell = on_tell};
    SF_INFO info = {0};
    pthread_mutex_lock(&opening);
    sound->sndfile = sf_open_virtual(&bytes, SFM_READ, &info, sound);
    const int error = sound->sndfile == NULL ? sf_error(NULL) : SF_ERR_NO_ERROR;
    pthread_mutex_unlock(&opening);
    if (sound->sndfile == NULL) return status_of(error);
    if (!is_expected(info.format, format)) return DPAIS_SOUND_UNSUPPORTED;
    if (info.channels <= 0 || info.samplerate < 0) return DPAIS_SOUND_DAMAGED;
    head->channels = (uint32_t) info.channels;
    head->rate = (uint32_t) info.samplerate;
    head->frames = info.frames == SF_COUNT_MAX ? -1 : info.frames;
    sound->is_promised = info.frames != 0;
    return DPAIS_SOUND_OK;
}

dpais_sound_status read_with_sndfile(struct dpais_sound * sound, float * samples, size_t frames, size_t * count) {
    const sf_count_t got = sf_readf_float(sound->sndfile, samples, (sf_count_t) frames);
    if (got < 0) return DPAIS_SOUND_DAMAGED;
    *count = (size_t) got;
    // A file that is cut short, or has something else behind its sound, ends there; one without any sound is no sound,
    // unless it says so itself.
    if (got == 0 && sound->is_promised) return DPAIS_SOUND_DAMAGED;
    if (got > 0) sound->is_promised = false;
    return DPAIS_SOUND_OK;
}
