#include "CPictures.h"

#include <setjmp.h>
#include <stdio.h>

#include <jerror.h>
#include <jpeglib.h>

struct reader {
    struct jpeg_decompress_struct decoder;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf failed;
    dpais_picture_status status;

    const uint8_t * file;
    size_t count;
    uint8_t * pixels;
    size_t capacity;
};

static _Noreturn void fail(j_common_ptr decoder, dpais_picture_status status) {
    struct reader * reader = decoder->client_data;
    reader->status = status;
    longjmp(reader->failed, 1);
}

static void on_error(j_common_ptr decoder) {
    switch (decoder->err->msg_code) {
        case JERR_OUT_OF_MEMORY:
            fail(decoder, DPAIS_PICTURE_NO_MEMORY);
        case JERR_ARITH_NOTIMPL:
        case JERR_BAD_PRECISION:
        case JERR_COMPONENT_COUNT:
        case JERR_CONVERSION_NOTIMPL:
        case JERR_SOF_UNSUPPORTED:
            fail(decoder, DPAIS_PICTURE_UNSUPPORTED);
        default:
            fail(decoder, DPAIS_PICTURE_DAMAGED);
    }
}

// libjpeg goes on after what it warns of, with grey where data is missing.
static void on_message(j_common_ptr decoder, int level) {
    if (level >= 0) return;
    switch (decoder->err->msg_code) {
        // Leave the picture as it was meant.
        case JWRN_ADOBE_XFORM:
        case JWRN_EXTRANEOUS_DATA:
        case JWRN_JFIF_MAJOR:
            return;
        default:
            fail(decoder, DPAIS_PICTURE_DAMAGED);
    }
}

static void on_progress(j_common_ptr decoder) {
    if (((j_decompress_ptr) decoder)->input_scan_number > DPAIS_JPEG_MAXIMUM_SCANS) {
        fail(decoder, DPAIS_PICTURE_TOO_MANY_SCANS);
    }
}

static void print_nothing(j_common_ptr decoder) { (void) decoder; }

static void read_header(struct reader * reader) {
    j_decompress_ptr decoder = &reader->decoder;
    decoder->err = jpeg_std_error(&reader->errors);
    reader->errors.error_exit = on_error;
    reader->errors.emit_message = on_message;
    reader->errors.output_message = print_nothing;
    decoder->client_data = reader;
    jpeg_create_decompress(decoder);
    reader->progress.progress_monitor = on_progress;
    decoder->progress = &reader->progress;
    jpeg_mem_src(decoder, reader->file, reader->count);
    jpeg_read_header(decoder, TRUE);
    switch (decoder->jpeg_color_space) {
        case JCS_GRAYSCALE:
        case JCS_RGB:
        case JCS_YCbCr:
            decoder->out_color_space = JCS_RGB;
            return;
        case JCS_CMYK:
        case JCS_YCCK:
            fail((j_common_ptr) decoder, DPAIS_PICTURE_INKS);
        default:
            fail((j_common_ptr) decoder, DPAIS_PICTURE_UNSUPPORTED);
    }
}

static void read_pixels(struct reader * reader) {
    read_header(reader);
    j_decompress_ptr decoder = &reader->decoder;
    const size_t row_bytes = (size_t) decoder->image_width * 3;
    if (reader->capacity != row_bytes * decoder->image_height) fail((j_common_ptr) decoder, DPAIS_PICTURE_DAMAGED);
    jpeg_start_decompress(decoder);
    while (decoder->output_scanline < decoder->output_height) {
        JSAMPROW row = reader->pixels + decoder->output_scanline * row_bytes;
        jpeg_read_scanlines(decoder, &row, 1);
    }
    jpeg_finish_decompress(decoder);
}

// setjmp has a function of its own, so that no local variable changes between it and longjmp.
static void attempt(struct reader * reader, void (*work)(struct reader *)) {
    if (setjmp(reader->failed) == 0) work(reader);
}

dpais_picture_status dpais_jpeg_header(const uint8_t * file, size_t count, dpais_picture_header * header) {
    struct reader reader = {.file = file, .count = count};
    attempt(&reader, read_header);
    header->width = reader.decoder.image_width;
    header->height = reader.decoder.image_height;
    header->has_alpha = false;
    jpeg_destroy_decompress(&reader.decoder);
    return reader.status;
}

dpais_picture_status dpais_jpeg_pixels(const uint8_t * file, size_t count, uint8_t * pixels, size_t capacity) {
    struct reader reader = {.file = file, .count = count, .pixels = pixels, .capacity = capacity};
    attempt(&reader, read_pixels);
    jpeg_destroy_decompress(&reader.decoder);
    return reader.status;
}
