#include "kernels.h"

#include <math.h>
#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

enum {
	// How fine the place of a sample is between two pixels. The sums of 16 samples,
	// each a byte times twice that fraction, fit 32 bits.
	BITS = 8,
	ONE = 1 << BITS,

	RUN = 64,     // pixels of a row that are worked on at a time
	SAMPLES = 16, // of a pixel, at most
};

// place is where one sample of each pixel of a run is in the source.
typedef struct {
	int32_t at[RUN];      // of the upper left one of its four pixels, in bytes
	uint32_t across[RUN]; // weights of left and right, 16 bits each
	uint32_t down[RUN];   // weight of the lower ones
} place;

// spot is the part of a row of the result that is worked on.
typedef struct {
	place places[SAMPLES];
	int32_t samples; // of each pixel: 1, 4, 9 or 16
	uint32_t part;   // of 2^16 that one sample is, up by so little that it rounds no mean up
	int room;        // whether two bytes behind each pair of pixels may be read as well
} spot;

static void add(uint32_t *sum, const warp_job *j, const uint8_t *src, int64_t x, int64_t y, uint32_t weight) {
	const uint8_t *rgb = j->outside;
	if (x >= 0 && y >= 0 && x < j->src_width && y < j->src_height)
		rgb = src + 3 * (y * j->src_width + x);
	for (int c = 0; c < 3; c++)
		sum[c] += weight * rgb[c];
}

// add_edge adds a sample of which some of the four pixels, or all, are outside.
static void add_edge(uint32_t *sum, const warp_job *j, const uint8_t *src, double x, double y) {
	if (!(x > -1 && y > -1 && x < j->src_width && y < j->src_height)) {
		add(sum, j, src, -1, -1, ONE * ONE);
		return;
	}
	double x0 = floor(x), y0 = floor(y);
	uint32_t fx = (uint32_t)((x - x0) * ONE), fy = (uint32_t)((y - y0) * ONE);
	int64_t ix = (int64_t)x0, iy = (int64_t)y0;
	add(sum, j, src, ix, iy, (ONE - fx) * (ONE - fy));
	add(sum, j, src, ix + 1, iy, fx * (ONE - fy));
	add(sum, j, src, ix, iy + 1, (ONE - fx) * fy);
	add(sum, j, src, ix + 1, iy + 1, fx * fy);
}

// line is where the samples of a row lie in the source: from x on in the row, in
// steps of one.
typedef struct {
	double x, a, b, tx, ty, a_y, b_y;
} line;

static inline double line_u(const line *l, int32_t i) { return l->a * (i + l->x) - l->b_y + l->tx - 0.5; }
static inline double line_v(const line *l, int32_t i) { return l->b * (i + l->x) + l->a_y + l->ty - 0.5; }

// inside says whether all four pixels of a sample are.
static inline int inside(const warp_job *j, const line *l, int32_t i) {
	double u = line_u(l, i), v = line_v(l, i);
	return u >= 0 && v >= 0 && u < j->src_width - 1 && v < j->src_height - 1;
}

// mix writes the pixels from…to of a spot, whose samples are all inside.
typedef void mix(const spot *r, const uint8_t *src, int64_t stride, int32_t from, int32_t to, uint8_t *dst);

// byte_of returns the mean of the samples of a sum, rounded: the sum of bytes first, which
// changes nothing.
static inline uint8_t byte_of(const spot *r, uint32_t sum) {
	return (uint8_t)(((sum + (uint32_t)r->samples * (ONE * ONE / 2)) >> (2 * BITS)) * r->part >> 16);
}

// has_room says whether no pair of pixels between two samples of a line is the last of
// the source.
static inline int has_room(const warp_job *j, const line *l, int32_t first, int32_t last) {
	double u = fmax(line_u(l, first), line_u(l, last)), v = fmax(line_v(l, first), line_v(l, last));
	return u < j->src_width - 2 || v < j->src_height - 2;
}

// find finds the places of a sample in a run.
static inline __attribute__((always_inline)) void find(place *p, const line *l, int32_t stride, int32_t from, int32_t to) {
	for (int32_t i = from; i < to; i++) {
		int32_t u = (int32_t)(line_u(l, i) * ONE), v = (int32_t)(line_v(l, i) * ONE);
		uint32_t right = (uint32_t)u & (ONE - 1);
		p->at[i] = (v >> BITS) * stride + 3 * (u >> BITS);
		p->across[i] = right << 16 | (ONE - right);
		p->down[i] = (uint32_t)v & (ONE - 1);
	}
}

// write_edge writes a pixel of which a sample is not inside.
static void write_edge(const spot *r, const warp_job *j, const uint8_t *src, const line *lines, int32_t i, uint8_t *dst) {
	uint32_t sum[3] = {0, 0, 0};
	for (int32_t s = 0; s < r->samples; s++)
		add_edge(sum, j, src, line_u(lines + s, i), line_v(lines + s, i));
	for (int c = 0; c < 3; c++)
		dst[3 * i + c] = byte_of(r, sum[c]);
}

// write_run writes n pixels of a row. Places along a line only ever go one way, so those
// that are inside have no gap.
static inline __attribute__((always_inline)) void write_run(spot *r, const warp_job *j, const uint8_t *src, const line *lines, int32_t n, uint8_t *dst, mix *write_inside) {
	const int32_t stride = 3 * j->src_width;
	int32_t from = 0, to = n;
	for (int32_t s = 0; s < r->samples; s++) {
		while (from < to && !inside(j, lines + s, from))
			from++;
		while (to > from && !inside(j, lines + s, to - 1))
			to--;
	}
	if (from < to) {
		r->room = 1;
		for (int32_t s = 0; s < r->samples; s++) {
			find(r->places + s, lines + s, stride, from, to);
			r->room &= has_room(j, lines + s, from, to - 1);
		}
		write_inside(r, src, stride, from, to, dst);
	}
	for (int32_t i = 0; i < from; i++)
		write_edge(r, j, src, lines, i, dst);
	for (int32_t i = to; i < n; i++)
		write_edge(r, j, src, lines, i, dst);
}

static inline __attribute__((always_inline)) void warp(const warp_job *j, const uint8_t *src, uint8_t *dst, mix *write_inside) {
	const int32_t samples = j->side * j->side;
	spot r = {.samples = samples, .part = (uint32_t)((1 << 16) + samples - 1) / (uint32_t)samples};
	for (int32_t y = 0; y < j->dst_height; y++) {
		for (int32_t x = 0; x < j->dst_width; x += RUN) {
			line lines[SAMPLES];
			for (int32_t s = 0; s < r.samples; s++) {
				double py = y + (s / j->side + 0.5) / j->side;
				lines[s] = (line){x + (s % j->side + 0.5) / j->side, j->a, j->b, j->tx, j->ty, j->a * py, j->b * py};
			}
			int32_t n = j->dst_width - x < RUN ? j->dst_width - x : RUN;
			write_run(&r, j, src, lines, n, dst, write_inside);
			dst += 3 * n;
		}
	}
}

static inline void mix_portable(const spot *r, const uint8_t *src, int64_t stride, int32_t from, int32_t to, uint8_t *dst) {
	for (int32_t i = from; i < to; i++) {
		uint32_t sum[3] = {0, 0, 0};
		for (int32_t s = 0; s < r->samples; s++) {
			const place *p = r->places + s;
			const uint8_t *a = src + p->at[i], *b = a + stride;
			uint32_t left = p->across[i] & 0xffff, right = p->across[i] >> 16, down = p->down[i];
			for (int c = 0; c < 3; c++)
				sum[c] += (left * a[c] + right * a[c + 3]) * (ONE - down) + (left * b[c] + right * b[c + 3]) * down;
		}
		for (int c = 0; c < 3; c++)
			dst[3 * i + c] = byte_of(r, sum[c]);
	}
}

#ifdef __x86_64__

// pair_of reads two pixels that lie side by side, and nothing behind them.
static inline __attribute__((target("avx2"))) uint64_t pair_of(const uint8_t *p) {
	uint32_t first, second;
	memcpy(&first, p, 4);
	memcpy(&second, p + 2, 4);
	return first | (uint64_t)second >> 16 << 32;
}

// four_of reads the four pixels of a sample, the upper two first.
static inline __attribute__((target("avx2"), always_inline)) __m128i four_of(const uint8_t *p, int64_t stride, int room) {
	if (room)
		return _mm_castps_si128(_mm_loadh_pi(_mm_castsi128_ps(_mm_loadl_epi64((const __m128i *)p)), (const __m64 *)(p + stride)));
	return _mm_set_epi64x((int64_t)pair_of(p + stride), (int64_t)pair_of(p));
}

static inline __attribute__((target("avx2"), always_inline)) void mix_samples(const spot *r, const uint8_t *src, int64_t stride, int32_t from, int32_t to, uint8_t *dst, int samples, int room) {
	// The upper pair is worked on in the lower half of a register, the lower pair in the upper.
	const __m256i pairs = _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1,
	                                       8, -1, 11, -1, 9, -1, 12, -1, 10, -1, 13, -1, -1, -1, -1, -1);
	const __m256i all = _mm256_setr_epi32(ONE, ONE, ONE, ONE, 0, 0, 0, 0);
	const __m256i sign = _mm256_setr_epi32(-1, -1, -1, -1, 1, 1, 1, 1);
	const __m128i half = _mm_set1_epi32(r->samples * (ONE * ONE / 2)), part = _mm_set1_epi32((int32_t)r->part);
	const __m128i lowest = _mm_setr_epi8(0, 4, 8, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
	for (int32_t i = from; i < to; i++) {
		__m256i sum = _mm256_setzero_si256();
		for (int s = 0; s < samples; s++) {
			const place *p = r->places + s;
			__m256i across = _mm256_set1_epi32((int32_t)p->across[i]);
			__m256i down = _mm256_add_epi32(all, _mm256_sign_epi32(_mm256_set1_epi32((int32_t)p->down[i]), sign));
			__m256i four = _mm256_broadcastsi128_si256(four_of(src + p->at[i], stride, room));
			__m256i mixed = _mm256_madd_epi16(_mm256_shuffle_epi8(four, pairs), across);
			sum = _mm256_add_epi32(sum, _mm256_mullo_epi32(mixed, down));
		}
		__m128i both = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
		both = _mm_srli_epi32(_mm_mullo_epi32(_mm_srli_epi32(_mm_add_epi32(both, half), 2 * BITS), part), 16);
		both = _mm_shuffle_epi8(both, lowest);
		int32_t rgb = _mm_cvtsi128_si32(both);
		memcpy(dst + 3 * i, &rgb, 2);
		dst[3 * i + 2] = (uint8_t)(rgb >> 16);
	}
}

static inline __attribute__((target("avx2"))) void mix_avx2(const spot *r, const uint8_t *src, int64_t stride, int32_t from, int32_t to, uint8_t *dst) {
	if (!r->room)
		mix_samples(r, src, stride, from, to, dst, r->samples, 0);
	else if (r->samples == 1)
		mix_samples(r, src, stride, from, to, dst, 1, 1);
	else if (r->samples == 4)
		mix_samples(r, src, stride, from, to, dst, 4, 1);
	else
		mix_samples(r, src, stride, from, to, dst, r->samples, 1);
}

static __attribute__((target("avx2"))) void warp_avx2(const warp_job *j, const uint8_t *src, uint8_t *dst) { warp(j, src, dst, mix_avx2); }

#endif

void pixel_warp(const warp_job *job, const uint8_t *src, uint8_t *dst, int wide) {
#ifdef __x86_64__
	if (wide) {
		warp_avx2(job, src, dst);
		return;
	}
#endif
	(void)wide;
	warp(job, src, dst, mix_portable);
}
