// A decoder for plain JPEG pictures. It writes the very bytes that libjpeg-turbo writes, or
// leaves the file to it.
#ifndef FACEKEEP_PLAIN_H
#define FACEKEEP_PLAIN_H

#include <stddef.h>
#include <stdint.h>

enum { PLAIN_PORTABLE, PLAIN_AVX2 };

// plain_wide returns the widest form that this processor runs.
int plain_wide(void);

// plain_decode decodes a file of size bytes, which says of itself that it is of
// width × height pixels, at eighths/8 of its size, eighths being 1, 2, 4 or 8. It writes
// packed RGB to dst, of the size rounded up. It returns 1 if it did, and 0 if the file is
// not plain, or not flawless, or there is no memory: then dst may hold anything, and
// whether the file is good is for others to say.
int plain_decode(const uint8_t *data, size_t size, int32_t width, int32_t height, int32_t eighths, uint8_t *dst, int wide);

#endif
