#include "plain_parts.h"

#include <stdlib.h>
#include <string.h>

// plain_job is a picture under way.
typedef struct {
	plain_header header;
	plain_scan scan;
	int32_t eighths;
	int wide;
	int32_t mcus_across, mcus_down;
	int32_t side;               // px of an MCU, scaled
	int32_t width, height;      // px, scaled
	plain_idct *idct[COMPONENTS];
	plain_quant quant[COMPONENTS];

	// Which tables were built.
	int32_t tables;
	struct {
		int dc;
		uint8_t number;
	} table[2 * COMPONENTS];

	// Where the pairs of a group go: to which plane, how many px from the group's corner.
	int32_t pairs;
	struct {
		int32_t component, x, y;
	} pair[GROUP_PAIRS];

	// One row of MCUs, side rows of stride px for each component.
	int32_t stride;
	uint8_t *plane[COMPONENTS];
	uint8_t *planes; // which all are in
} plain_job;

int plain_wide(void) {
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
		return PLAIN_AVX2;
#endif
	return PLAIN_PORTABLE;
}

// wanted says whether the result depends on the coefficient of a row and column. Half a
// block does without the fifth of each; a quarter, without all that are even but the first.
static int wanted(int32_t side, int row, int column) {
	if (side == 8)
		return 1;
	if (side == 4)
		return row != 4 && column != 4;
	if (side == 2)
		return (row == 0 || row % 2 == 1) && (column == 0 || column % 2 == 1);
	return row == 0 && column == 0;
}

// lay_places says for the coefficients of a component where they go, in the order of the
// file: from corner to corner, up and down the diagonals.
// lay_places says where coefficients go, in the order of the file: from corner to corner,
// up and down the diagonals.
static void lay_places(uint8_t *places) {
	memset(places, 16 * 8, PLACES); // behind the pair
	for (int diagonal = 0, k = 0; diagonal < 15; diagonal++)
		for (int i = 0; i <= diagonal; i++) {
			const int row = diagonal % 2 == 0 ? diagonal - i : i, column = diagonal - row;
			if (row < 8 && column < 8)
				places[k++] = (uint8_t)(16 * row + column);
		}
}

// lay_quant says what coefficients are multiplied by. Those that do not count may be any.
static void lay_quant(plain_quant *q, const uint8_t *quant, const uint8_t *places, int32_t side) {
	for (int k = 0; k < 64; k++) {
		const int at = places[k], counts = wanted(side, at / 16, at % 16);
		q->factor[at] = q->factor[at + 8] = counts ? quant[k] : 0;
		q->limit[at] = q->limit[at + 8] = counts && quant[k] > 0 ? (LARGEST - 1) / quant[k] : INT16_MAX;
	}
}

// codes_of returns a table to decode with, which two components may share. It returns NULL
// if there is none.
static const plain_codes *codes_of(plain_job *j, int dc, uint8_t number) {
	for (int32_t n = 0; n < j->tables; n++)
		if (j->table[n].dc == dc && j->table[n].number == number)
			return &j->scan.codes[n];
	plain_codes *c = &j->scan.codes[j->tables];
	j->table[j->tables].dc = dc, j->table[j->tables].number = number;
	j->tables++;
	return plain_build(c, &j->header.spelling[!dc][number], dc) ? c : NULL;
}

// lay_blocks pairs the blocks of a group that lie side by side: of an MCU, if it is two
// wide, or else of the two MCUs.
static void lay_blocks(plain_job *j, int32_t component, plain_block block) {
	plain_scan *s = &j->scan;
	const plain_component *of = &j->header.component[component];
	for (int32_t n = 0; n < GROUP * of->across * of->down; n++) {
		const int32_t member = n / (of->across * of->down), within = n % (of->across * of->down);
		const int32_t column = member * of->across + within % of->across, row = within / of->across;
		const int32_t pair = j->pairs + row * of->across + column / 2;
		block.dst = s->pairs[pair] + 8 * (column % 2), block.busy = &s->busy[pair];
		s->block[member][s->blocks + within] = block;
		j->pair[pair].component = component;
		j->pair[pair].x = column / 2 * 2 * of->side, j->pair[pair].y = row * of->side;
	}
	j->pairs += of->across * of->down;
	s->blocks += of->across * of->down;
}

// lay_planes allocates them. A side of a picture is below 2^16 px.
static int lay_planes(plain_job *j) {
	j->stride = (j->mcus_across + GROUP - 1) / GROUP * GROUP * j->side;
	const size_t size = (size_t)j->stride * (size_t)j->side;
	j->planes = malloc(size * (size_t)j->header.components);
	for (int32_t c = 0; c < j->header.components; c++)
		j->plane[c] = j->planes + (size_t)c * size;
	return j->planes != NULL;
}

static int lay(plain_job *j) {
	plain_header *h = &j->header;
	const int32_t factor = h->component[0].across, px = 8 * factor;
	j->mcus_across = (h->width + px - 1) / px, j->mcus_down = (h->height + px - 1) / px;
	j->side = factor * j->eighths;
	j->width = (h->width * j->eighths + 7) / 8, j->height = (h->height * j->eighths + 7) / 8;
	lay_places(j->scan.places);
	for (int32_t c = 0; c < h->components; c++) {
		plain_component *of = &h->component[c];
		of->side = j->side / of->across; // a component of fewer samples is scaled down less
		j->idct[c] = plain_idct_for(of->side, j->wide);
		lay_quant(&j->quant[c], h->quant[of->quant], j->scan.places, of->side);
		plain_block b = {codes_of(j, 1, of->dc), codes_of(j, 0, of->ac), .last_dc = &j->scan.last_dc[c], .dc_only = of->side == 1};
		if (b.dc == NULL || b.ac == NULL)
			return 0;
		lay_blocks(j, c, b);
	}
	return lay_planes(j);
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
	w->at = w->stop = w->bytes;
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
	memset(j, 0, sizeof *j);
	j->eighths = eighths, j->wide = wide;
	const int good = plain_read_header(&j->header, data, size) && j->header.width == width && j->header.height == height &&
	                 lay(j) && decode(j, dst);
	free(j->planes);
	free(j);
	return good;
}
