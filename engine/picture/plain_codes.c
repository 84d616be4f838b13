#include "plain_parts.h"

#include <string.h>

static uint32_t entry(uint32_t length, uint32_t size, uint32_t zeros) {
	return zeros << 24 | size << 16 | length << 8 | (length + size);
}

// entry_of returns the entry of a value with a code of a length.
static uint32_t entry_of(const plain_codes *c, uint8_t value, uint32_t length) {
	const uint32_t size = value & 15, zeros = value >> 4;
	if (c->dc)
		return entry(length, value, 0);
	if (value == 0)
		return entry(length, 0, END_OF_BLOCK);
	if (size > AC_BITS || (size == 0 && zeros != 15))
		return entry(length, 0, BAD);
	return entry(length, size, zeros);
}

uint32_t plain_entry(const plain_codes *c, uint64_t bits) {
	const uint32_t code = (uint32_t)(bits >> 48);
	for (uint32_t length = LOOK + 1; length <= 16; length++)
		if (code < c->limit[length])
			return entry_of(c, c->values[(int32_t)(code >> (16 - length)) + c->first[length]], length);
	return entry(1, 0, BAD);
}

// one_of returns an entry as one of two.
static uint64_t one_of(uint64_t e) {
	const uint64_t step = 1 + (e >> 24), bits = e & 0xff;
	return (e >> 16 & 0xff) << 40 | (e >> 8 & 0xff) << 32 | bits << 24 | step << 16 | step << 8 | bits;
}

// two_of returns the entry of two for the next bits.
static uint64_t two_of(const plain_codes *c, uint32_t next) {
	const uint64_t a = c->fast[next], length = a & 0xff;
	if (a == 0)
		return 0;
	if (length >= LOOK || a >> 24 >= BAD)
		return one_of(a);
	const uint64_t bits = (uint64_t)next << (64 - LOOK + length);
	const uint32_t b = c->fast[bits >> (64 - LOOK)];
	const uint64_t both = length + (b & 0xff);
	if (b == 0 || both > LOOK)
		return one_of(a);
	const uint64_t value = (uint16_t)plain_value(b, bits);
	return one_of(a) + (b & 0xff) + ((uint64_t)(1 + (b >> 24)) << 16) + (value << 48);
}

// Codes of a length follow each other; the first one of the next length is the last one
// plus one, with a zero behind it. None is all ones.
int plain_build(plain_codes *c, const plain_spelling *s, int dc) {
	memset(c->fast, 0, sizeof c->fast);
	memcpy(c->values, s->values, sizeof c->values);
	c->dc = dc;
	uint32_t code = 0;
	int32_t value = 0;
	for (uint32_t length = 1; length <= 16; length++, code <<= 1) {
		c->first[length] = value - (int32_t)code;
		for (int i = 0; i < s->counts[length - 1]; i++, code++, value++) {
			if (code >= (1u << length) - 1 || (dc && s->values[value] > DC_BITS))
				return 0;
			if (length > LOOK)
				continue;
			const uint32_t spare = LOOK - length, e = entry_of(c, s->values[value], length);
			for (uint32_t n = code << spare; n < (code + 1) << spare; n++)
				c->fast[n] = e;
		}
		c->limit[length] = code << (16 - length);
	}
	for (uint32_t n = 0; !dc && n < 1 << LOOK; n++)
		c->two[n] = two_of(c, n);
	return s->there;
}
