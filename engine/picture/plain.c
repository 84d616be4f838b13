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

static int transform(plain_job *j, int32_t column) {
	int good = 1;
	for (int32_t p = 0; p < j->pairs; p++) {
		const int32_t c = j->pair[p].component;
		const plain_component *of = &j->header.component[c];
		int16_t *pair = j->scan.pairs[p];
		uint8_t *dst = j->plane[c] + (ptrdiff_t)j->pair[p].y * j->stride + column * of->across * of->side + j->pair[p].x;
		if (j->scan.busy[p])
			good &= j->idct[c](pair, &j->quant[c], dst, j->stride);
		else
			good &= plain_flat(pair, j->quant[c].factor[0], dst, j->stride, of->side);
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
		if (!transform(j, column))
			return 0;
	}
	return 1;
}

// write_line writes line y of the planes; chroma is where it is, or stretched already.
static void write_line(const plain_job *j, int32_t y, const uint8_t *blue, const uint8_t *red, uint8_t *dst) {
	plain_colour(j->plane[0] + (ptrdiff_t)y * j->stride, blue, red, dst, j->width, j->wide);
}

// chroma_line stretches a component to line y of the planes, which are those of a row of
// MCUs. Above and below the picture there is nothing.
static void chroma_line(const plain_job *j, int32_t row, int32_t component, int32_t y, uint8_t *dst) {
	const int32_t first = row * j->side / 2, samples = (j->height + 1) / 2;
	const int32_t near = (y + 2) / 2 - 1;
	int32_t far = y % 2 == 0 ? near - 1 : near + 1;
	if (first + far < 0 || first + far >= samples)
		far = near;
	const uint8_t *plane = j->plane[component];
	plain_stretch(plane + (ptrdiff_t)near * j->stride, plane + (ptrdiff_t)far * j->stride, j->sums, dst, (j->width + 1) / 2, j->wide);
}

// write_stretched writes what can be of a row of MCUs: the last line of the ones above, for
// which some of these was wanted, and all but the last.
static void write_stretched(const plain_job *j, int32_t row, uint8_t *dst) {
	const int32_t top = row * j->side, below = row + 1 < j->mcus_down ? j->side - 1 : j->height - top;
	for (int32_t y = row == 0 ? 0 : -1; y < below; y++) {
		chroma_line(j, row, 1, y, j->blue);
		chroma_line(j, row, 2, y, j->red);
		write_line(j, y, j->blue, j->red, dst + 3 * (ptrdiff_t)j->width * (top + y));
	}
	for (int32_t c = 0; c < COMPONENTS; c++) {
		const plain_component *of = &j->header.component[c];
		memcpy(j->plane[c] - j->stride, j->plane[c] + (ptrdiff_t)j->stride * (of->down * of->side - 1), (size_t)j->stride);
	}
}

static void write_row(const plain_job *j, int32_t row, uint8_t *dst) {
	if (j->stretched) {
		write_stretched(j, row, dst);
		return;
	}
	const int colour = j->header.components == 3;
	for (int32_t y = 0; y < j->side && row * j->side + y < j->height; y++) {
		const ptrdiff_t at = (ptrdiff_t)y * j->stride;
		write_line(j, y, colour ? j->plane[1] + at : NULL, colour ? j->plane[2] + at : NULL,
		           dst + 3 * (ptrdiff_t)j->width * (row * j->side + y));
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
	free(j->memory);
	free(j);
	return good;
}
