#include "plain_parts.h"

#include <string.h>

// Markers (ITU-T T.81, table B.1).
enum {
	SOF0 = 0xc0,
	SOF1 = 0xc1,
	DHT = 0xc4,
	SOI = 0xd8,
	SOS = 0xda,
	DQT = 0xdb,
	DRI = 0xdd,
	APP0 = 0xe0,
	APP14 = 0xee,
	APP15 = 0xef,
	COM = 0xfe,
};

enum { LONGEST = 65500 }; // px a side, for libjpeg

static int32_t number(const uint8_t *p) { return p[0] << 8 | p[1]; }

static int read_quant(plain_header *h, const uint8_t *p, int32_t n) {
	for (; n >= 65; p += 65, n -= 65) {
		if (p[0] >= TABLES) // numbers of 16 bits, or no such table
			return 0;
		memcpy(h->quant[p[0]], p + 1, 64);
		h->quant_there[p[0]] = 1;
	}
	return n == 0;
}

static int read_huffman(plain_header *h, const uint8_t *p, int32_t n) {
	while (n >= 17) {
		int32_t sum = 0;
		for (int i = 1; i <= 16; i++)
			sum += p[i];
		if ((p[0] & 15) >= TABLES || p[0] >> 4 > 1 || sum > 256 || sum > n - 17)
			return 0;
		plain_spelling *s = &h->spelling[p[0] >> 4][p[0] & 15];
		*s = (plain_spelling){.there = 1};
		memcpy(s->counts, p + 1, 16);
		memcpy(s->values, p + 17, (size_t)sum);
		p += 17 + sum, n -= 17 + sum;
	}
	return n == 0;
}

// read_frame accepts one component, or three of which the last two are stored at the size
// of the first or at half of it.
static int read_frame(plain_header *h, const uint8_t *p, int32_t n) {
	if (h->width != 0 || n < 6 || p[0] != 8 || n != 6 + 3 * p[5] || (p[5] != 1 && p[5] != 3))
		return 0;
	h->height = number(p + 1), h->width = number(p + 3), h->components = p[5];
	for (int i = 0; i < h->components; i++) {
		const uint8_t *c = p + 6 + 3 * i;
		const int factor = c[1] >> 4;
		if (c[2] >= TABLES || factor != (c[1] & 15) || factor < 1 || factor > (i == 0 && h->components == 3 ? 2 : 1))
			return 0;
		h->component[i] = (plain_component){.id = c[0], .quant = c[2], .across = factor, .down = factor};
	}
	return h->width > 0 && h->height > 0 && h->width <= LONGEST && h->height <= LONGEST;
}

// read_app notes what says how colours are stored. It refuses another version of JFIF
// than 1, of which libjpeg-turbo warns.
static int read_app(plain_header *h, uint8_t marker, const uint8_t *p, int32_t n) {
	if (marker == APP0 && n >= 14 && memcmp(p, "JFIF", 5) == 0) {
		h->jfif = 1;
		return p[5] == 1;
	}
	if (marker == APP14 && n >= 12 && memcmp(p, "Adobe", 5) == 0)
		h->adobe = 1, h->transform = p[11];
	return 1;
}

// is_ycc says whether three components are luma and chroma beyond doubt.
static int is_ycc(const plain_header *h) {
	const plain_component *c = h->component;
	if (h->jfif)
		return 1;
	if (h->adobe)
		return h->transform == 1;
	return c[0].id == 1 && c[1].id == 2 && c[2].id == 3;
}

// read_scan accepts a scan of all components, in their order, at full precision.
static int read_scan(plain_header *h, const uint8_t *p, int32_t n) {
	const int32_t count = h->components;
	if (h->width == 0 || n != 4 + 2 * count || p[0] != count || memcmp(p + 1 + 2 * count, "\x00\x3f\x00", 3) != 0)
		return 0;
	for (int i = 0; i < count; i++) {
		plain_component *c = &h->component[i];
		c->dc = p[2 + 2 * i] >> 4, c->ac = p[2 + 2 * i] & 15;
		if (p[1 + 2 * i] != c->id || c->dc >= TABLES || c->ac >= TABLES || !h->quant_there[c->quant])
			return 0;
		for (int k = 0; k < i; k++)
			if (h->component[k].id == c->id)
				return 0;
	}
	return count == 1 || is_ycc(h);
}

static int read_segment(plain_header *h, uint8_t marker, const uint8_t *p, int32_t n) {
	switch (marker) {
	case DQT:
		return read_quant(h, p, n);
	case DHT:
		return read_huffman(h, p, n);
	case SOF0:
	case SOF1:
		return read_frame(h, p, n);
	case SOS:
		return read_scan(h, p, n);
	case DRI:
		if (n == 2)
			h->restart = number(p);
		return n == 2;
	case COM:
		return 1;
	}
	return marker >= APP0 && marker <= APP15 && read_app(h, marker, p, n);
}

int plain_read_header(plain_header *h, const uint8_t *data, size_t size) {
	if (size < 2 || data[0] != 0xff || data[1] != SOI)
		return 0;
	*h = (plain_header){.at = data + 2, .end = data + size};
	while (h->end - h->at >= 4 && h->at[0] == 0xff) {
		if (h->at[1] == 0xff) { // filler before a marker
			h->at++;
			continue;
		}
		const uint8_t *p = h->at + 2;
		const int32_t n = number(p);
		if (n < 2 || n > h->end - p || !read_segment(h, h->at[1], p + 2, n - 2))
			return 0;
		const int done = h->at[1] == SOS;
		h->at = p + n;
		if (done)
			return 1;
	}
	return 0;
}
