// How a cut-out samples its source.
#ifndef FACEKEEP_SAMPLES_H
#define FACEKEEP_SAMPLES_H

#include "kernels.h"

// Where a processor can multiply and add at once, the place of a sample would be rounded
// otherwise than where it cannot.
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#elif defined __GNUC__
#pragma GCC optimize("fp-contract=off")
#endif

enum {
	// How fine the place of a sample is between two pixels. The sums of 16 samples,
	// each a byte times twice that fraction, fit 32 bits.
	BITS = 8,
	ONE = 1 << BITS,

	RUN = 64,     // pixels of a row that are worked on at a time
	SAMPLES = 16, // of a pixel, at most
};

// mean is how the sum of the samples of a pixel becomes its byte.
typedef struct {
	int32_t samples; // of each pixel: 1, 4, 9 or 16
	uint32_t part;   // of 2^16 that one sample is, up by so little that it rounds no mean up
} mean;

static inline mean mean_of(const warp_job *j) {
	int32_t samples = j->side * j->side;
	return (mean){samples, (uint32_t)((1 << 16) + samples - 1) / (uint32_t)samples};
}

// byte_of returns the mean of the samples of a sum, rounded: the sum of bytes first, which
// changes nothing.
static inline uint8_t byte_of(mean m, uint32_t sum) {
	return (uint8_t)(((sum + (uint32_t)m.samples * (ONE * ONE / 2)) >> (2 * BITS)) * m.part >> 16);
}

// line is where the samples of a row lie in the source: from x on in the row, in
// steps of one.
typedef struct {
	double x, a, b, tx, ty, a_y, b_y;
} line;

static inline double line_u(const line *l, int32_t i) { return l->a * (i + l->x) - l->b_y + l->tx - 0.5; }
static inline double line_v(const line *l, int32_t i) { return l->b * (i + l->x) + l->a_y + l->ty - 0.5; }

// pixel_edge writes a pixel of a run of which samples are outside.
void pixel_edge(const warp_job *j, mean m, const uint8_t *src, const line *lines, int32_t i, uint8_t *dst);

#endif
