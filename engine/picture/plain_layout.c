#include "plain_job.h"

#include <stdlib.h>
#include <string.h>

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
	const size_t row = (size_t)j->stride, size = row * (size_t)(j->side + 1), sums = (row + 2) * sizeof *j->sums;
	j->memory = malloc(sums + 2 * row + size * (size_t)j->header.components);
	if (j->memory == NULL)
		return 0;
	j->sums = (int16_t *)(void *)j->memory;
	j->blue = j->memory + sums, j->red = j->blue + row;
	for (int32_t c = 0; c < j->header.components; c++)
		j->plane[c] = j->red + row + (size_t)c * size + row;
	return 1;
}

int plain_lay(plain_job *j) {
	plain_header *h = &j->header;
	const int32_t factor = h->component[0].across, px = 8 * factor;
	j->mcus_across = (h->width + px - 1) / px, j->mcus_down = (h->height + px - 1) / px;
	j->side = factor * j->eighths;
	j->width = (h->width * j->eighths + 7) / 8, j->height = (h->height * j->eighths + 7) / 8;
	if (px > 8 && j->eighths == 8 && j->width < 5) // libjpeg does not stretch so few
		return 0;
	lay_places(j->scan.places);
	for (int32_t c = 0; c < h->components; c++) {
		plain_component *of = &h->component[c];
		of->side = j->side / of->across; // a component of fewer samples is scaled down less
		if (of->side > 8)
			of->side = 8, j->stretched = 1;
		j->idct[c] = plain_idct_for(of->side, j->wide);
		lay_quant(&j->quant[c], h->quant[of->quant], j->scan.places, of->side);
		plain_block b = {codes_of(j, 1, of->dc), codes_of(j, 0, of->ac), .last_dc = &j->scan.last_dc[c], .dc_only = of->side == 1};
		if (b.dc == NULL || b.ac == NULL)
			return 0;
		lay_blocks(j, c, b);
	}
	return lay_planes(j);
}
