#include "plain_parts.h"

#include <string.h>

// The inverse DCT after Loeffler, Ligtenberg and Moschytz as libjpeg calculates it
// ("islow"), and what is left of it where only the mean of each 2 × 2 or 4 × 4 pixels is
// wanted. Each is done down the columns, then along the rows. Sums are in 2^-13; between
// the passes numbers are in quarters, rounded.
enum {
	BITS = 13,
	BETWEEN = 2,
	ROW = 16, // coefficients from one row of a pair to the next
};

// line8 transforms eight numbers, and leaves the results unrounded.
static INLINED void line8(const int32_t *in, int32_t out[8]) {
	const int32_t a = in[1], b = in[3], c = in[5], d = in[7];
	const int32_t odd[4] = {
		11363 * a + 9633 * b + 6437 * c + 2260 * d,
		9633 * a - 2259 * b - 11362 * c - 6436 * d,
		6437 * a - 11362 * b + 2261 * c + 9633 * d,
		2260 * a - 6436 * b + 9633 * c - 11363 * d,
	};
	const int32_t sum = (in[0] + in[4]) * (1 << BITS), difference = (in[0] - in[4]) * (1 << BITS);
	const int32_t p = in[2], q = in[6];
	const int32_t outer = 10703 * p + 4433 * q, inner = 4433 * p - 10704 * q;
	const int32_t even[4] = {sum + outer, difference + inner, difference - inner, sum - outer};
	for (int i = 0; i < 4; i++)
		out[i] = even[i] + odd[i], out[7 - i] = even[i] - odd[i];
}

static INLINED void line4(const int32_t *in, int32_t out[4]) {
	const int32_t a = in[1], b = in[3], c = in[5], d = in[7];
	const int32_t outer = 20995 * a + 7373 * b - 4926 * c - 4176 * d, inner = 8697 * a - 17799 * b + 11893 * c - 1730 * d;
	const int32_t first = in[0] * (2 << BITS), second = 15137 * in[2] - 6270 * in[6];
	out[0] = first + second + outer, out[3] = first + second - outer;
	out[1] = first - second + inner, out[2] = first - second - inner;
}

static INLINED void line2(const int32_t *in, int32_t out[2]) {
	const int32_t odd = 29692 * in[1] - 10426 * in[3] + 6967 * in[5] - 5906 * in[7];
	out[0] = in[0] * (4 << BITS) + odd, out[1] = in[0] * (4 << BITS) - odd;
}

static INLINED void line(const int32_t *in, int32_t out[8], int side) {
	if (side == 8)
		line8(in, out);
	else if (side == 4)
		line4(in, out);
	else
		line2(in, out);
}

static INLINED int32_t rounded(int32_t v, int bits) { return (v + (1 << (bits - 1))) >> bits; }

static INLINED uint8_t byte_of(int32_t v) { return (uint8_t)(v < -128 ? 0 : v > 127 ? 255 : v + 128); }

static INLINED int within(int32_t v, int32_t bound) { return v >= -bound && v < bound; }

// block transforms one block to side × side pixels. A line of a side of fewer than 8 is
// larger by the ratio, or its root of two steps.
static INLINED int block(const int16_t *in, const int16_t *factor, const int16_t *limit, uint8_t *dst, ptrdiff_t stride, int side) {
	const int larger = side == 8 ? 0 : side == 4 ? 1 : 2;
	int32_t between[8][8], column[8], out[8];
	int good = 1;
	for (int x = 0; x < 8; x++) {
		for (int y = 0; y < 8; y++) {
			column[y] = in[ROW * y + x] * factor[ROW * y + x];
			good &= in[ROW * y + x] <= limit[ROW * y + x] && in[ROW * y + x] >= -limit[ROW * y + x];
		}
		if (!good)
			return 0;
		line(column, out, side);
		for (int y = 0; y < side; y++) {
			between[y][x] = rounded(out[y], BITS - BETWEEN + larger);
			good &= within(between[y][x], LARGEST);
		}
	}
	for (int y = 0; y < side && good; y++, dst += stride) {
		line(between[y], out, side);
		for (int x = 0; x < side; x++) {
			const int32_t v = rounded(out[x], BITS + BETWEEN + 3 + larger);
			good &= within(v, FURTHEST);
			dst[x] = byte_of(v);
		}
	}
	return good;
}

static INLINED int two(int16_t *pair, const plain_quant *q, uint8_t *dst, ptrdiff_t stride, int side) {
	const int good = block(pair, q->factor, q->limit, dst, stride, side) & block(pair + 8, q->factor, q->limit, dst + side, stride, side);
	memset(pair, 0, 2 * 64 * sizeof *pair);
	return good;
}

static int idct8(int16_t *pair, const plain_quant *q, uint8_t *dst, ptrdiff_t stride) { return two(pair, q, dst, stride, 8); }
static int idct4(int16_t *pair, const plain_quant *q, uint8_t *dst, ptrdiff_t stride) { return two(pair, q, dst, stride, 4); }
static int idct2(int16_t *pair, const plain_quant *q, uint8_t *dst, ptrdiff_t stride) { return two(pair, q, dst, stride, 2); }

plain_idct *plain_idct_for(int32_t side, int wide) {
#ifdef __x86_64__
	if (wide)
		return plain_idct_avx2(side);
#endif
	(void)wide;
	return side == 8 ? idct8 : side == 4 ? idct4 : idct2;
}

static INLINED void fill(uint8_t left, uint8_t right, uint8_t *dst, ptrdiff_t stride, int side) {
	for (int y = 0; y < side; y++, dst += stride)
		memset(dst, left, (size_t)side), memset(dst + side, right, (size_t)side);
}

int plain_flat(const int16_t *pair, int32_t quant, uint8_t *dst, ptrdiff_t stride, int32_t side) {
	const int32_t left = (pair[0] * quant + 4) >> 3, right = (pair[8] * quant + 4) >> 3;
	const uint8_t l = byte_of(left), r = byte_of(right);
	if (side == 8) // each with a size that the compiler knows
		fill(l, r, dst, stride, 8);
	else if (side == 4)
		fill(l, r, dst, stride, 4);
	else
		fill(l, r, dst, stride, side);
	return within(left, FURTHEST) && within(right, FURTHEST);
}
