#include "CPictures.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>
#include <zlib.h>

struct dpais_png_writer {
    png_structp png;
    png_infop info;
    jmp_buf failed;

    uint32_t width;
    uint32_t height;
    uint32_t channels;

    const dpais_png_piece * piece;
    bool has_begun;
    bool is_last;
    // Adler-32 of all pieces so far.
    uLong checksum;

    // What is not taken yet.
    uint8_t * bytes;
    size_t count;
    size_t capacity;
    bool is_taken;
};

static _Noreturn void on_error(png_structp png, png_const_charp message) {
    (void) message;
    dpais_png_writer * writer = png_get_error_ptr(png);
    longjmp(writer->failed, 1);
}

static void on_warning(png_structp png, png_const_charp message) {
    (void) png;
    (void) message;
}

static void append(png_structp png, png_bytep from, size_t count) {
    dpais_png_writer * writer = png_get_io_ptr(png);
    if (writer->capacity - writer->count < count) {
        size_t capacity = 2 * writer->capacity;
        if (capacity < writer->count + count) capacity = writer->count + count + (64 << 10);
        uint8_t * bytes = realloc(writer->bytes, capacity);
        if (bytes == NULL) png_error(png, "out of memory");
        writer->bytes = bytes;
        writer->capacity = capacity;
    }
    memcpy(writer->bytes + writer->count, from, count);
    writer->count += count;
}

static void flush(png_structp png) { (void) png; }

static void begin(dpais_png_writer * writer) {
    writer->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writer, on_error, on_warning);
    if (writer->png == NULL) longjmp(writer->failed, 1);
    png_structp png = writer->png;
    writer->info = png_create_info_struct(png);
    if (writer->info == NULL) png_error(png, "out of memory");
    png_set_write_fn(png, writer, append, flush);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_IHDR(
        png, writer->info, writer->width, writer->height, 8,
        writer->channels == 4 ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB,
        PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, writer->info);
}

// zlib's frame around the pieces, which make one stream (RFC 1950): a window of 32 KB, compressed quickly.
static const uint8_t zlib_head[] = {0x78, 0x01};
enum { zlib_tail = 4 };

// A chunk for each piece.
static void write_piece(dpais_png_writer * writer) {
    png_structp png = writer->png;
    const dpais_png_piece * piece = writer->piece;
    size_t head = writer->has_begun ? 0 : sizeof(zlib_head), tail = writer->is_last ? zlib_tail : 0;
    size_t count = head + piece->count + tail;
    if (count > PNG_UINT_31_MAX) png_error(png, "a chunk is too large");
    writer->checksum = writer->has_begun
        ? adler32_combine(writer->checksum, piece->checksum, (z_off_t) piece->source_count) : piece->checksum;
    png_write_chunk_start(png, (png_const_bytep) "IDAT", (png_uint_32) count);
    png_write_chunk_data(png, zlib_head, head);
    png_write_chunk_data(png, piece->bytes, piece->count);
    if (writer->is_last) {
        uint8_t sum[zlib_tail];
        png_save_uint_32(sum, (png_uint_32) writer->checksum);
        png_write_chunk_data(png, sum, zlib_tail);
    }
    png_write_chunk_end(png);
    if (writer->is_last) png_write_chunk(png, (png_const_bytep) "IEND", NULL, 0);
    writer->has_begun = true;
}

// setjmp has a function of its own, so that no local variable changes between it and longjmp.
static bool attempt(dpais_png_writer * writer, void (*work)(dpais_png_writer *)) {
    if (setjmp(writer->failed) != 0) return false;
    work(writer);
    return true;
}

static void forget_taken(dpais_png_writer * writer) {
    if (writer->is_taken) writer->count = 0;
    writer->is_taken = false;
}

dpais_png_writer * dpais_png_writer_create(uint32_t width, uint32_t height, uint32_t channels) {
    if (channels != 3 && channels != 4) return NULL;
    dpais_png_writer * writer = calloc(1, sizeof(*writer));
    if (writer == NULL) return NULL;
    writer->width = width;
    writer->height = height;
    writer->channels = channels;
    if (attempt(writer, begin)) return writer;
    dpais_png_writer_free(writer);
    return NULL;
}

void dpais_png_writer_free(dpais_png_writer * writer) {
    if (writer == NULL) return;
    png_destroy_write_struct(&writer->png, &writer->info);
    free(writer->bytes);
    free(writer);
}

bool dpais_png_writer_append(dpais_png_writer * writer, const dpais_png_piece * piece, bool is_last) {
    forget_taken(writer);
    writer->piece = piece;
    writer->is_last = is_last;
    return attempt(writer, write_piece);
}

const uint8_t * dpais_png_writer_take(dpais_png_writer * writer, size_t * count) {
    forget_taken(writer);
    writer->is_taken = true;
    *count = writer->count;
    return writer->bytes;
}
