#include "CPictures.h"

#include <stdlib.h>

#include <zlib.h>

size_t dpais_compressed_size(const uint8_t * bytes, size_t count) {
    uLongf size = compressBound(count);
    uint8_t * compressed = malloc(size);
    if (compressed == NULL) return 0;
    const int status = compress(compressed, &size, bytes, count);
    free(compressed);
    return status == Z_OK ? size : 0;
}
