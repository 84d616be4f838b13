#include "plain_job.h"

#include <stdlib.h>
#include <string.h>

int plain_wide(void) {
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
		return PLAIN_AVX2;
#endif
	return PLAIN_PORTABLE;
}

// begin begins to read behind a marker.
static void begin(plain_scan *s) {
	s->reader = (plain_reader){.at = s->window.at};
	memset(s->last_dc, 0, sizeof s->last_dc);
}

static void fill(plain_scan *s) {
	plain_fill(&s->window);
	s->reader.at = s->window.at;
}

// ended says whether all bytes up to a marker were used.
static int ended(plain_scan *s) {
	fill(s); // which closes the window if nothing is left
	return s->window.closed && s->reader.at - plain_left(&s->reader) == s->window.stop;
}

// read_mcu reads MCU number n of the picture.
static int read_mcu(plain_job *j, int64_t n, int member) {
	plain_scan *s = &j->scan;
	const int32_t every = j->header.restart;
	if (every > 0 && n > 0 && n % every == 0) {
		if (!ended(s) || !plain_marker(&s->window, (uint8_t)(0xd0 + (n / every - 1) % 8)))
			return 0;
		begin(s);
	}
	fill(s);
	return plain_read_mcu(s, member, j->wide);
}

// clear makes room for a group.
static void clear(plain_scan *s) {
	for (int32_t p = 0; p < GROUP_PAIRS; p++) {
		s->pairs[p][0] = s->pairs[p][8] = 0;
		s->busy[p] = 0;
	}
}

static int transform(plain_job *j, int32_t x) {
	int good = 1;
	for (int32_t p = 0; p < j->pairs; p++) {
		const int32_t c = j->pair[p].component;
		int16_t *pair = j->scan.pairs[p];
		uint8_t *dst = j->plane[c] + (ptrdiff_t)j->pair[p].y * j->stride + x + j->pair[p].x;
		if (j->scan.busy[p])
			good &= j->idct[c](pair, &j->quant[c], dst, j->stride);
		else
			good &= plain_flat(pair, j->quant[c].factor[0], dst, j->stride, j->header.component[c].side);
	}
	return good;
}

// decode_row decodes a row of MCUs into the planes.
static int decode_row(plain_job *j, int32_t row) {
	for (int32_t column = 0; column < j->mcus_across; column += GROUP) {
		clear(&j->scan);
		for (int32_t member = 0; member < GROUP && column + member < j->mcus_across; member++)
			if (!read_mcu(j, (int64_t)row * j->mcus_across + column + member, member))
				return 0;
		if (!transform(j, column * j->side))
			return 0;
	}
	return 1;
}

static void write_row(const plain_job *j, int32_t row, uint8_t *dst) {
	const int colour = j->header.components == 3;
	for (int32_t y = 0; y < j->side && row * j->side + y < j->height; y++) {
		const ptrdiff_t at = (ptrdiff_t)y * j->stride;
		plain_colour(j->plane[0] + at, colour ? j->plane[1] + at : NULL, colour ? j->plane[2] + at : NULL,
		             dst + 3 * (ptrdiff_t)j->width * (row * j->side + y), j->width, j->wide);
	}
}

static int decode(plain_job *j, uint8_t *dst) {
	plain_window *w = &j->scan.window;
	w->src = j->header.at, w->src_end = j->header.end;
	w->at = w->stop = w->bytes, w->closed = 0;
	begin(&j->scan);
	for (int32_t row = 0; row < j->mcus_down; row++) {
		if (!decode_row(j, row))
			return 0;
		write_row(j, row, dst);
	}
	return ended(&j->scan) && plain_marker(w, 0xd9);
}

int plain_decode(const uint8_t *data, size_t size, int32_t width, int32_t height, int32_t eighths, uint8_t *dst, int wide) {
	plain_job *j = aligned_alloc(64, (sizeof *j + 63) / 64 * 64);
	if (j == NULL)
		return 0;
	memset(j, 0, offsetof(plain_job, scan.codes));
	j->eighths = eighths, j->wide = wide;
	const int good = plain_read_header(&j->header, data, size) && j->header.width == width && j->header.height == height &&
	                 plain_lay(j) && decode(j, dst);
	free(j->planes);
	free(j);
	return good;
}
