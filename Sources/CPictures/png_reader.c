#include "CPictures.h"

#include <setjmp.h>

#include <png.h>

struct reader {
    png_structp png;
    png_infop info;
    jmp_buf failed;
    dpais_picture_status status;

    const uint8_t * file;
    size_t count;
    // NULL where the header alone is wanted.
    uint8_t * pixels;
    size_t capacity;
    size_t row_bytes;
    dpais_picture_header header;
    // The last row that comes, and in which pass; a picture that is not interlaced has one, 0.
    uint32_t last_row;
    int last_pass;
    bool has_last_row;
    bool is_done;
};

static _Noreturn void on_error(png_structp png, png_const_charp message) {
    (void) message;
    struct reader * reader = png_get_error_ptr(png);
    reader->status = DPAIS_PICTURE_DAMAGED;
    longjmp(reader->failed, 1);
}

static void on_warning(png_structp png, png_const_charp message) {
    (void) png;
    (void) message;
}

static void find_last_row(struct reader * reader, bool is_interlaced) {
    const uint32_t width = reader->header.width, height = reader->header.height;
    reader->last_row = height - 1;
    if (!is_interlaced) return;
    // Passes over small pictures may be empty.
    int pass = PNG_INTERLACE_ADAM7_PASSES - 1;
    while (PNG_PASS_COLS(width, pass) == 0 || PNG_PASS_ROWS(height, pass) == 0) pass--;
    reader->last_pass = pass;
    reader->last_row = PNG_ROW_FROM_PASS_ROW(PNG_PASS_ROWS(height, pass) - 1, pass);
}

// Everything before the first of the picture's data is read.
static void on_header(png_structp png, png_infop info) {
    struct reader * reader = png_get_progressive_ptr(png);
    dpais_picture_header * header = &reader->header;
    header->width = png_get_image_width(png, info);
    header->height = png_get_image_height(png, info);
    header->has_alpha = (png_get_color_type(png, info) & PNG_COLOR_MASK_ALPHA) != 0 ||
        png_get_valid(png, info, PNG_INFO_tRNS) != 0;
    if (reader->pixels == NULL) {
        reader->is_done = true;
        png_process_data_pause(png, 0);
        return;
    }
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    find_last_row(reader, png_set_interlace_handling(png) > 1);
    png_read_update_info(png, info);
    reader->row_bytes = png_get_rowbytes(png, info);
    if (reader->row_bytes != (size_t) header->width * (header->has_alpha ? 4 : 3) ||
        reader->capacity != reader->row_bytes * header->height) {
        png_error(png, "not the size that the header says");
    }
}

// A row, or in an interlaced picture a pass over it; NULL where the pass holds nothing of the row.
static void on_row(png_structp png, png_bytep row, png_uint_32 y, int pass) {
    struct reader * reader = png_get_progressive_ptr(png);
    if (row == NULL) return;
    png_progressive_combine_row(png, reader->pixels + y * reader->row_bytes, row);
    if (pass == reader->last_pass && y == reader->last_row) reader->has_last_row = true;
}

// libpng comes here too where the compressed data ended before the picture.
static void on_end(png_structp png, png_infop info) {
    (void) info;
    struct reader * reader = png_get_progressive_ptr(png);
    reader->is_done = reader->has_last_row;
}

// libpng is handed the bytes, not asked for rows: then it stops unpacking at the last row. Where it is asked for rows it
// unpacks whatever is packed behind them, a thousand bytes for each of the file's.
static void read_file(struct reader * reader) {
    reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, on_error, on_warning);
    if (reader->png != NULL) reader->info = png_create_info_struct(reader->png);
    if (reader->info == NULL) {
        reader->status = DPAIS_PICTURE_NO_MEMORY;
        return;
    }
    png_structp png = reader->png;
    png_set_progressive_read_fn(png, reader, on_header, on_row, on_end);
    png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    // The size is the caller's to judge. Texts, profiles and the like are passed over, never unpacked nor kept, so they
    // may be of any length.
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_chunk_malloc_max(png, 0);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    // The bytes are not written to, though their type would let them.
    png_process_data(png, reader->info, (png_bytep) reader->file, reader->count);
    if (!reader->is_done) reader->status = DPAIS_PICTURE_DAMAGED;
}

// setjmp has a function of its own, so that no local variable changes between it and longjmp.
static void attempt(struct reader * reader, void (*work)(struct reader *)) {
    if (setjmp(reader->failed) == 0) work(reader);
}

dpais_picture_status dpais_png_header(const uint8_t * file, size_t count, dpais_picture_header * header) {
    struct reader reader = {.file = file, .count = count};
    attempt(&reader, read_file);
    *header = reader.header;
    png_destroy_read_struct(&reader.png, &reader.info, NULL);
    return reader.status;
}

dpais_picture_status dpais_png_pixels(const uint8_t * file, size_t count, uint8_t * pixels, size_t capacity) {
    if (pixels == NULL) return DPAIS_PICTURE_DAMAGED;
    struct reader reader = {.file = file, .count = count, .pixels = pixels, .capacity = capacity};
    attempt(&reader, read_file);
    png_destroy_read_struct(&reader.png, &reader.info, NULL);
    return reader.status;
}
