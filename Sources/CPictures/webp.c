#include "CPictures.h"

#include <limits.h>

#include <webp/decode.h>

static dpais_picture_status status_of(VP8StatusCode code) {
    switch (code) {
        case VP8_STATUS_OK: return DPAIS_PICTURE_OK;
        case VP8_STATUS_OUT_OF_MEMORY: return DPAIS_PICTURE_NO_MEMORY;
        case VP8_STATUS_UNSUPPORTED_FEATURE: return DPAIS_PICTURE_UNSUPPORTED;
        default: return DPAIS_PICTURE_DAMAGED;
    }
}

dpais_picture_status dpais_webp_header(const uint8_t * file, size_t count, dpais_picture_header * header) {
    WebPBitstreamFeatures features;
    const VP8StatusCode code = WebPGetFeatures(file, count, &features);
    if (code != VP8_STATUS_OK) return status_of(code);
    if (features.has_animation) return DPAIS_PICTURE_ANIMATED;
    header->width = (uint32_t) features.width;
    header->height = (uint32_t) features.height;
    header->has_alpha = features.has_alpha;
    return DPAIS_PICTURE_OK;
}

dpais_picture_status dpais_webp_pixels(const uint8_t * file, size_t count, uint8_t * pixels, size_t capacity) {
    dpais_picture_header header;
    const dpais_picture_status status = dpais_webp_header(file, count, &header);
    if (status != DPAIS_PICTURE_OK) return status;
    const size_t row_bytes = (size_t) header.width * (header.has_alpha ? 4 : 3);
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config)) return DPAIS_PICTURE_UNSUPPORTED;
    if (capacity != row_bytes * header.height || row_bytes > INT_MAX) return DPAIS_PICTURE_DAMAGED;
    config.output.colorspace = header.has_alpha ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = pixels;
    config.output.u.RGBA.stride = (int) row_bytes;
    config.output.u.RGBA.size = capacity;
    return status_of(WebPDecode(file, count, &config));
}
