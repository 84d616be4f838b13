#include "plain_parts.h"

static INLINED uint64_t eight_bytes(const uint8_t *p) {
	return (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 | (uint64_t)p[2] << 40 | (uint64_t)p[3] << 32 |
	       (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 | (uint64_t)p[6] << 8 | p[7];
}

// refill makes sure of 56 bits or more: two codes with their values.
static INLINED void refill(plain_reader *r) {
	r->bits |= eight_bytes(r->at) >> r->count;
	r->at += (63 - r->count) >> 3;
	r->count |= 56;
}

static INLINED uint32_t next_entry(const plain_codes *c, uint64_t bits) {
	const uint32_t e = c->fast[bits >> (64 - LOOK)];
	return LIKELY(e != 0) ? e : plain_entry(c, bits);
}

// value_of returns the value behind the code of an entry. Those that begin with a zero
// are negative: all their bits are turned round (T.81, F.1.2.1).
static INLINED int32_t value_of(uint32_t e, uint64_t bits) {
	const uint64_t x = bits << (e >> 8 & 0xff);
	const int64_t negative = ~((int64_t)x >> 63);
	const int64_t magnitude = (int64_t)((x ^ (uint64_t)negative) >> 1 >> (63 - (e >> 16 & 0xff)));
	return (int32_t)((magnitude ^ negative) - negative);
}

static INLINED void skip(plain_reader *r, uint32_t e) {
	r->bits <<= e & 0xff;
	r->count -= (int32_t)(e & 0xff);
}

// put multiplies a coefficient and puts it down. It returns the product, moved so that
// one that is too large has a bit above those of LARGEST.
static INLINED uint32_t put(int16_t *dst, plain_place p, int32_t value) {
	const int32_t v = value * p.quant;
	dst[p.at] = (int16_t)v;
	return (uint32_t)(v + LARGEST);
}

// read_block reads a block. It returns 0 if it is not flawless.
static INLINED int read_block(plain_scan *s, plain_reader *r, plain_block b, uint32_t *range, int dc_only) {
	int16_t *dst = s->pairs[b.pair] + b.offset;
	const plain_place *places = s->places[b.component];
	refill(r);
	uint32_t e = next_entry(&s->dc[b.component], r->bits);
	if (UNLIKELY(e >> 24 != 0))
		return 0;
	const int32_t dc = s->last_dc[b.component] += value_of(e, r->bits);
	skip(r, e);
	*range |= put(dst, places[0], dc) | (uint32_t)(dc + LARGEST);
	uint32_t k = 0;
	while (k < 63) {
		refill(r);
		e = next_entry(&s->ac[b.component], r->bits);
		k += 1 + (e >> 24);
		if (k < 64 && !dc_only)
			*range |= put(dst, places[k], value_of(e, r->bits));
		skip(r, e);
	}
	if (!dc_only)
		s->busy[b.pair] |= k != END_OF_BLOCK + 1;
	return k == 63 || k >= END_OF_BLOCK;
}

static INLINED int read_mcu(plain_scan *s, int member) {
	plain_window *w = &s->window;
	plain_reader r = s->reader;
	uint32_t range = 0;
	for (int32_t i = 0; i < s->blocks; i++) {
		const plain_block b = s->block[member][i];
		if (!(s->dc_only[b.component] ? read_block(s, &r, b, &range, 1) : read_block(s, &r, b, &range, 0)))
			return 0;
	}
	s->reader = r;
	w->at = r.at;
	return range < 2 * LARGEST && r.at - (r.count >> 3) <= w->stop;
}

#ifdef __x86_64__

// The same, with shifts that take their count from any register.
static __attribute__((target("avx2,bmi2"))) int read_avx2(plain_scan *s, int member) { return read_mcu(s, member); }

#endif

int plain_read_mcu(plain_scan *s, int member, int wide) {
#ifdef __x86_64__
	if (wide)
		return read_avx2(s, member);
#endif
	(void)wide;
	return read_mcu(s, member);
}
