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
    uint32_t written;

    const uint8_t * rows;
    uint32_t row_count;

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

// Measured on photographs enlarged to 4096 × 4096: the Paeth filter alone and runs of bytes alone (Z_RLE) are 5 to 10
// times as fast as libpng's choice of filters at zlib's level 6, and make files of the same size (within 6%).
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
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_PAETH);
    png_set_compression_level(png, 1);
    png_set_compression_strategy(png, Z_RLE);
    png_set_compression_buffer_size(png, 64 << 10);
    png_write_info(png, writer->info);
}

static void write_rows(dpais_png_writer * writer) {
    const size_t row_bytes = (size_t) writer->width * writer->channels;
    for (uint32_t y = 0; y < writer->row_count; y++) png_write_row(writer->png, writer->rows + y * row_bytes);
    writer->written += writer->row_count;
    if (writer->written == writer->height) png_write_end(writer->png, writer->info);
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

bool dpais_png_writer_write(dpais_png_writer * writer, const uint8_t * rows, uint32_t count) {
    if (count > writer->height - writer->written) return false;
    if (count == 0) return true;
    forget_taken(writer);
    writer->rows = rows;
    writer->row_count = count;
    return attempt(writer, write_rows);
}

const uint8_t * dpais_png_writer_take(dpais_png_writer * writer, size_t * count) {
    forget_taken(writer);
    writer->is_taken = true;
    *count = writer->count;
    return writer->bytes;
}
