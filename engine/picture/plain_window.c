#include "plain_parts.h"

#include <string.h>

// unstuff copies bytes of the file, up to a marker or as much as there is room for, and
// returns how many it wrote.
static size_t unstuff(plain_window *w, uint8_t *dst, size_t room) {
	size_t done = 0;
	while (done < room && !w->closed) {
		const size_t left = (size_t)(w->src_end - w->src), most = left < room - done ? left : room - done;
		const uint8_t *ff = most > 0 ? memchr(w->src, 0xff, most) : NULL;
		const size_t n = ff != NULL ? (size_t)(ff - w->src) : most;
		memcpy(dst + done, w->src, n);
		done += n, w->src += n;
		if (ff != NULL && w->src_end - ff >= 2 && ff[1] == 0)
			dst[done++] = 0xff, w->src += 2;
		else
			w->closed = ff != NULL || n == left;
	}
	return done;
}

void plain_fill(plain_window *w) {
	if (w->closed || w->stop - w->at >= MCU_BYTES)
		return;
	size_t left = (size_t)(w->stop - w->at);
	memmove(w->bytes, w->at, left);
	left += unstuff(w, w->bytes + left, WINDOW - left);
	w->at = w->bytes, w->stop = w->bytes + left;
	memset(w->bytes + left, 0, MCU_BYTES);
}

int plain_marker(plain_window *w, uint8_t marker) {
	while (w->src_end - w->src >= 2 && w->src[0] == 0xff && w->src[1] == 0xff) // filler
		w->src++;
	if (w->src_end - w->src < 2 || w->src[0] != 0xff || w->src[1] != marker)
		return 0;
	w->src += 2;
	w->at = w->stop = w->bytes;
	w->closed = 0;
	return 1;
}
