#include "samples.h"

#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

// place is where one sample of each pixel of a run is in the source.
typedef struct {
	int32_t at[RUN];      // of the upper left one of its four pixels, in bytes
	uint32_t across[RUN]; // weights of left and right, 16 bits each
	uint32_t down[RUN];   // weight of the lower ones
} place;

// spot is the part of a row of the result that is worked on.
typedef struct {
	place places[SAMPLES];
	mean mean;
	int room; // whether two bytes behind each pair of pixels may be read as well
} spot;

// form is what there is of each way to do it. find finds the places of a sample for the
// pixels from…to of a run, and may write others; mix writes the pixels from…to, whose
// samples are all inside.
typedef struct {
	void (*find)(place *p, const line *l, int32_t stride, int32_t from, int32_t to);
	void (*mix)(const spot *r, const uint8_t *src, int64_t stride, int32_t from, int32_t to, uint8_t *dst);
} form;

// has_room says whether no pair of pixels between two samples of a line is the last of
// the source.
static inline int has_room(const warp_job *j, const line *l, int32_t first, int32_t last) {
	double u = line_u(l, l->a > 0 ? last : first), v = line_v(l, l->b > 0 ? last : first); // the furthest
	return u < j->src_width - 2 || v < j->src_height - 2;
}

static inline __attribute__((always_inline)) void find(place *p, const line *l, int32_t stride, int32_t from, int32_t to) {
	for (int32_t i = from; i < to; i++) {
		int32_t u = (int32_t)(line_u(l, i) * ONE), v = (int32_t)(line_v(l, i) * ONE);
		uint32_t right = (uint32_t)u & (ONE - 1);
		p->at[i] = (v >> BITS) * stride + 3 * (u >> BITS);
		p->across[i] = right << 16 | (ONE - right);
		p->down[i] = (uint32_t)v & (ONE - 1);
	}
}

// line_of returns the line of sample s of the pixels from x on in row y.
static inline line line_of(const warp_job *j, int32_t s, int32_t x, int32_t y) {
	double py = y + (s / j->side + 0.5) / j->side;
	return (line){x + (s % j->side + 0.5) / j->side, j->a, j->b, j->tx, j->ty, j->a * py, j->b * py};
}

// inside says whether all four pixels of a sample are.
static inline int inside(const warp_job *j, const line *l, int32_t i) {
	double u = line_u(l, i), v = line_v(l, i);
	return u >= 0 && v >= 0 && u < j->src_width - 1 && v < j->src_height - 1;
}

// inside_run narrows the pixels from…to of a run to those whose samples are all inside.
// Places along a line only ever go one way, so those have no gap.
static inline void inside_run(const warp_job *j, const line *lines, int32_t *from, int32_t *to) {
	for (int32_t s = 0; s < j->side * j->side; s++) {
		while (*from < *to && !inside(j, lines + s, *from))
			++*from;
		while (*to > *from && !inside(j, lines + s, *to - 1))
			--*to;
	}
}

// write_run writes n pixels of a row.
static inline __attribute__((always_inline)) void write_run(spot *r, const warp_job *j, const uint8_t *src, const line *lines, int32_t n, uint8_t *dst, form f) {
	const int32_t stride = 3 * j->src_width;
	int32_t from = 0, to = n;
	inside_run(j, lines, &from, &to);
	if (from < to) {
		r->room = 1;
		for (int32_t s = 0; s < r->mean.samples; s++) {
			f.find(r->places + s, lines + s, stride, from, to);
			r->room &= has_room(j, lines + s, from, to - 1);
		}
		f.mix(r, src, stride, from, to, dst);
	}
	for (int32_t i = 0; i < from; i++)
		pixel_edge(j, r->mean, src, lines, i, dst);
	for (int32_t i = to; i < n; i++)
		pixel_edge(j, r->mean, src, lines, i, dst);
}

static inline __attribute__((always_inline)) void warp(const warp_job *j, const uint8_t *src, uint8_t *dst, form f) {
	spot r = {.mean = mean_of(j)};
	for (int32_t y = 0; y < j->dst_height; y++) {
		for (int32_t x = 0; x < j->dst_width; x += RUN) {
			line lines[SAMPLES];
			for (int32_t s = 0; s < r.mean.samples; s++)
				lines[s] = line_of(j, s, x, y);
			int32_t n = j->dst_width - x < RUN ? j->dst_width - x : RUN;
			write_run(&r, j, src, lines, n, dst, f);
			dst += 3 * n;
		}
	}
}

static inline void mix_portable(const spot *r, const uint8_t *src, int64_t stride, int32_t from, int32_t to, uint8_t *dst) {
	for (int32_t i = from; i < to; i++) {
		uint32_t sum[3] = {0, 0, 0};
		for (int32_t s = 0; s < r->mean.samples; s++) {
			const place *p = r->places + s;
			const uint8_t *a = src + p->at[i], *b = a + stride;
			uint32_t left = p->across[i] & 0xffff, right = p->across[i] >> 16, down = p->down[i];
			for (int c = 0; c < 3; c++)
				sum[c] += (left * a[c] + right * a[c + 3]) * (ONE - down) + (left * b[c] + right * b[c + 3]) * down;
		}
		for (int c = 0; c < 3; c++)
			dst[3 * i + c] = byte_of(r->mean, sum[c]);
	}
}

#ifdef __x86_64__

// PAIRS puts the colours of two neighbours side by side, of an upper pair and a lower one.
#define PAIRS 0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1, 8, -1, 11, -1, 9, -1, 12, -1, 10, -1, 13, -1, -1, -1, -1, -1

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
	const __m256i pairs = _mm256_setr_epi8(PAIRS);
	const __m256i all = _mm256_setr_epi32(ONE, ONE, ONE, ONE, 0, 0, 0, 0);
	const __m256i sign = _mm256_setr_epi32(-1, -1, -1, -1, 1, 1, 1, 1);
	const __m128i half = _mm_set1_epi32(r->mean.samples * (ONE * ONE / 2)), part = _mm_set1_epi32((int32_t)r->mean.part);
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
		mix_samples(r, src, stride, from, to, dst, r->mean.samples, 0);
	else if (r->mean.samples == 1)
		mix_samples(r, src, stride, from, to, dst, 1, 1);
	else if (r->mean.samples == 4)
		mix_samples(r, src, stride, from, to, dst, 4, 1);
	else
		mix_samples(r, src, stride, from, to, dst, r->mean.samples, 1);
}

static __attribute__((target("avx2"))) void warp_avx2(const warp_job *j, const uint8_t *src, uint8_t *dst) { warp(j, src, dst, (form){find, mix_avx2}); }

// find_avx512 finds the places of sixteen pixels at a time.
static inline __attribute__((target(AVX512))) void find_avx512(place *p, const line *l, int32_t stride, int32_t from, int32_t to) {
	const __m512d x = _mm512_set1_pd(l->x), a = _mm512_set1_pd(l->a), b = _mm512_set1_pd(l->b), one = _mm512_set1_pd(ONE), half = _mm512_set1_pd(0.5);
	const __m512d b_y = _mm512_set1_pd(l->b_y), a_y = _mm512_set1_pd(l->a_y), tx = _mm512_set1_pd(l->tx), ty = _mm512_set1_pd(l->ty);
	const __m512i fraction = _mm512_set1_epi32(ONE - 1), all = _mm512_set1_epi32(ONE);
	for (int32_t i = from & ~15; i < to; i += 16) {
		__m256i u[2], v[2];
		for (int n = 0; n < 2; n++) {
			__m512d eight = _mm512_cvtepi32_pd(_mm256_add_epi32(_mm256_set1_epi32(i + 8 * n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)));
			eight = _mm512_add_pd(eight, x);
			__m512d line_u = _mm512_sub_pd(_mm512_add_pd(_mm512_sub_pd(_mm512_mul_pd(a, eight), b_y), tx), half);
			__m512d line_v = _mm512_sub_pd(_mm512_add_pd(_mm512_add_pd(_mm512_mul_pd(b, eight), a_y), ty), half);
			u[n] = _mm512_cvttpd_epi32(_mm512_mul_pd(line_u, one));
			v[n] = _mm512_cvttpd_epi32(_mm512_mul_pd(line_v, one));
		}
		__m512i us = _mm512_inserti64x4(_mm512_castsi256_si512(u[0]), u[1], 1);
		__m512i vs = _mm512_inserti64x4(_mm512_castsi256_si512(v[0]), v[1], 1);
		__m512i column = _mm512_srai_epi32(us, BITS), right = _mm512_and_si512(us, fraction);
		__m512i at = _mm512_mullo_epi32(_mm512_srai_epi32(vs, BITS), _mm512_set1_epi32(stride));
		at = _mm512_add_epi32(at, _mm512_add_epi32(column, _mm512_slli_epi32(column, 1)));
		_mm512_storeu_si512(p->at + i, at);
		_mm512_storeu_si512(p->across + i, _mm512_or_si512(_mm512_slli_epi32(right, 16), _mm512_sub_epi32(all, right)));
		_mm512_storeu_si512(p->down + i, _mm512_and_si512(vs, fraction));
	}
}

// two_avx512 adds a sample of a pixel in the lower half of the sum, and another one in
// the upper half.
static inline __attribute__((target(AVX512), always_inline)) __m512i two_avx512(__m512i sum, const place *p, const place *q, int32_t i, const uint8_t *src, int64_t stride) {
	const __m512i pairs = _mm512_broadcast_i64x4(_mm256_setr_epi8(PAIRS));
	__m512i across = _mm512_mask_set1_epi32(_mm512_set1_epi32((int32_t)p->across[i]), 0xff00, (int32_t)q->across[i]);
	__m512i down = _mm512_mask_set1_epi32(_mm512_set1_epi32((int32_t)p->down[i]), 0xff00, (int32_t)q->down[i]);
	down = _mm512_mask_sub_epi32(down, 0x0f0f, _mm512_set1_epi32(ONE), down);
	__m512i first = _mm512_castsi128_si512(four_of(src + p->at[i], stride, 1)), second = _mm512_castsi128_si512(four_of(src + q->at[i], stride, 1));
	__m512i mixed = _mm512_madd_epi16(_mm512_shuffle_epi8(_mm512_shuffle_i64x2(first, second, 0), pairs), across);
	return _mm512_add_epi32(sum, _mm512_mullo_epi32(mixed, down));
}

// joined_avx512 adds the quarters of a and b in pairs: the first and second of a, its
// third and fourth, and those of b.
static inline __attribute__((target(AVX512), always_inline)) __m512i joined_avx512(__m512i a, __m512i b) {
	return _mm512_add_epi32(_mm512_shuffle_i64x2(a, b, 0x88), _mm512_shuffle_i64x2(a, b, 0xdd));
}

// mix_fours_avx512 writes four pixels at a time, of an even number of samples each.
static inline __attribute__((target(AVX512), always_inline)) void mix_fours_avx512(const spot *r, const uint8_t *src, int64_t stride, int32_t from, int32_t to, uint8_t *dst, int samples) {
	const __m512i half = _mm512_set1_epi32(samples * (ONE * ONE / 2)), part = _mm512_set1_epi32((int32_t)r->mean.part);
	const __m128i rgb = _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
	for (int32_t i = from; i < to; i += 4) {
		__m512i sums[4];
		for (int n = 0; n < 4; n++) {
			int32_t x = i + n < to ? i + n : to - 1; // behind the last, that one again
			sums[n] = _mm512_setzero_si512();
			for (int s = 0; s < samples; s += 2)
				sums[n] = two_avx512(sums[n], r->places + s, r->places + s + 1, x, src, stride);
		}
		__m512i sum = joined_avx512(joined_avx512(sums[0], sums[1]), joined_avx512(sums[2], sums[3]));
		sum = _mm512_srli_epi32(_mm512_mullo_epi32(_mm512_srli_epi32(_mm512_add_epi32(sum, half), 2 * BITS), part), 16);
		__m128i bytes = _mm_shuffle_epi8(_mm512_cvtepi32_epi8(sum), rgb);
		uint32_t mask = to - i < 4 ? (1u << 3 * (to - i)) - 1 : 0xfff;
		_mm_mask_storeu_epi8(dst + 3 * i, (__mmask16)mask, bytes);
	}
}

static inline __attribute__((target(AVX512))) void mix_avx512(const spot *r, const uint8_t *src, int64_t stride, int32_t from, int32_t to, uint8_t *dst) {
	if (r->room && r->mean.samples == 4)
		mix_fours_avx512(r, src, stride, from, to, dst, 4);
	else if (r->room && r->mean.samples == 16)
		mix_fours_avx512(r, src, stride, from, to, dst, 16);
	else
		mix_avx2(r, src, stride, from, to, dst);
}

static __attribute__((target(AVX512))) void warp_avx512(const warp_job *j, const uint8_t *src, uint8_t *dst) { warp(j, src, dst, (form){find_avx512, mix_avx512}); }

#endif

void pixel_warp(const warp_job *job, const uint8_t *src, uint8_t *dst, int wide) {
#ifdef __x86_64__
	if (wide) {
		(wide == PIXEL_AVX512 ? warp_avx512 : warp_avx2)(job, src, dst);
		return;
	}
#endif
	(void)wide;
	warp(job, src, dst, (form){find, mix_portable});
}
