// A plain picture while it is decoded.
#ifndef FACEKEEP_PLAIN_JOB_H
#define FACEKEEP_PLAIN_JOB_H

#include "plain_parts.h"

// plain_job is a picture under way.
typedef struct {
	plain_header header;
	int32_t eighths;
	int wide;
	int32_t mcus_across, mcus_down;
	int32_t side;          // px of an MCU, scaled
	int32_t width, height; // px, scaled
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

	// One row of MCUs, side rows of stride px for each component, or half of that for
	// chroma that is to be stretched; before each of them the last row of the MCUs above.
	int32_t stride;
	int stretched;
	uint8_t *plane[COMPONENTS];
	uint8_t *memory; // which all are in, and what is needed to stretch:
	int16_t *sums;
	uint8_t *blue, *red; // a row

	plain_scan scan;
} plain_job;

// plain_lay lays out how the picture of a header is decoded: its tables, where its
// coefficients and blocks go, and the memory for a row of MCUs, which the caller frees. It
// returns 0 if it cannot be.
int plain_lay(plain_job *j);

#endif
