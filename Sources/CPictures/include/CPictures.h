// Files of pictures through libjpeg-turbo, libpng and libwebp, from memory into memory.
//
// Reading takes two calls: the header, from which the caller learns how much memory the pixels take, then the pixels,
// into memory of the caller's. Nothing the size of the picture is allocated before the second call. No call keeps
// state, so any number of threads may read at once. What libjpeg and libpng report by longjmp stays inside.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum dpais_picture_status {
    DPAIS_PICTURE_OK = 0,
    // Not of the format, damaged, or cut short.
    DPAIS_PICTURE_DAMAGED,
    // CMYK or YCCK.
    DPAIS_PICTURE_INKS,
    // More than one picture, shown in turn.
    DPAIS_PICTURE_ANIMATED,
    // A way of coding that the library does not read, such as 12 bits a channel in JPEG.
    DPAIS_PICTURE_UNSUPPORTED,
    // More passes over the picture than `DPAIS_JPEG_MAXIMUM_SCANS`.
    DPAIS_PICTURE_TOO_MANY_SCANS,
    DPAIS_PICTURE_NO_MEMORY,
} dpais_picture_status;

typedef struct dpais_picture_header {
    uint32_t width;
    uint32_t height;
    // Pixels are RGBA, not premultiplied, where this is set, and RGB elsewhere; 8 bits a channel.
    bool has_alpha;
} dpais_picture_header;

// Passes over the whole picture that one JPEG file may take. Encoders write some 10; each costs time in proportion to
// the picture and next to no bytes.
#define DPAIS_JPEG_MAXIMUM_SCANS 64

// `capacity` of the calls for pixels is the size of `pixels` in bytes, which has to be what the header says: width ×
// height × 3 or 4. Rows from the top, without padding.

// Grey becomes RGB. The EXIF orientation is the caller's to apply.
dpais_picture_status dpais_jpeg_header(const uint8_t * file, size_t count, dpais_picture_header * header);
dpais_picture_status dpais_jpeg_pixels(const uint8_t * file, size_t count, uint8_t * pixels, size_t capacity);

// Grey and palettes become RGB, tRNS becomes alpha; 16 bits are scaled to 8 and rounded to nearest (libpng's scale_16).
// A wrong check sum of any chunk is damage. Colour profiles and gamma are not applied.
dpais_picture_status dpais_png_header(const uint8_t * file, size_t count, dpais_picture_header * header);
dpais_picture_status dpais_png_pixels(const uint8_t * file, size_t count, uint8_t * pixels, size_t capacity);

dpais_picture_status dpais_webp_header(const uint8_t * file, size_t count, dpais_picture_header * header);
dpais_picture_status dpais_webp_pixels(const uint8_t * file, size_t count, uint8_t * pixels, size_t capacity);

// Writes a PNG file piece by piece: pieces may be compressed side by side, and are put into the file in their order.

// Rows of a picture, filtered and compressed.
typedef struct {
    uint8_t * bytes;
    size_t count;
    // Adler-32 of what was compressed, and how much it was.
    uint32_t checksum;
    size_t source_count;
} dpais_png_piece;

// `above`: the row before the first, NULL where there is none. `channels`: bytes of a pixel. `is_last`: the picture ends
// with these rows. False where memory is out; `piece` is to be freed otherwise.
bool dpais_png_compress(
    const uint8_t * rows, const uint8_t * above, size_t count, size_t row_bytes, uint32_t channels, bool is_last,
    dpais_png_piece * piece);

void dpais_png_piece_free(dpais_png_piece * piece);

typedef struct dpais_png_writer dpais_png_writer;

// `channels`: 3 (RGB) or 4 (RGBA, not premultiplied). NULL where memory is out, or where PNG has no such picture.
dpais_png_writer * dpais_png_writer_create(uint32_t width, uint32_t height, uint32_t channels);

void dpais_png_writer_free(dpais_png_writer * writer);

// The next piece from the top; the last one ends the file. False where memory is out; the writer is then of no more use.
bool dpais_png_writer_append(dpais_png_writer * writer, const dpais_png_piece * piece, bool is_last);

// The file's bytes that came since the last call. They stay where they are until the next call with this writer.
const uint8_t * dpais_png_writer_take(dpais_png_writer * writer, size_t * count);

// The size of bytes that zlib has compressed, at its usual level and with its frame, as Python's `zlib.compress` does. 0
// where memory is out.
size_t dpais_compressed_size(const uint8_t * bytes, size_t count);
