#include "turbo.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

// The names and numbers of the TurboJPEG 2 ABI.
enum {
	PIXELS_RGB = 0,
	PIXELS_CMYK = 11,
	SAMPLING_420 = 2,
	FLAG_NO_REALLOC = 1024,
	FLAG_LIMIT_SCANS = 32768,
	ERROR_WARNING = 0,
};

struct turbo {
	void *(*init_decompress)(void);
	void *(*init_compress)(void);
	int (*destroy)(void *);
	int (*header)(void *, const unsigned char *, unsigned long, int *, int *, int *, int *);
	int (*decompress)(void *, const unsigned char *, unsigned long, unsigned char *, int, int, int, int, int);
	int (*compress)(void *, const unsigned char *, int, int, int, int, unsigned char **, unsigned long *, int, int, int);
	unsigned long (*buf_size)(int, int, int);
	char *(*error_str)(void *);
	int (*error_code)(void *);
};

static int bind(void *lib, const char *name, void *slot) {
	void *f = dlsym(lib, name);
	*(void **)slot = f;
	return f != NULL;
}

turbo *turbo_open(const char *path, char *reason, int size) {
	void *lib = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (lib == NULL) {
		snprintf(reason, size, "%s", dlerror());
		return NULL;
	}
	turbo *t = calloc(1, sizeof *t);
	if (t != NULL && bind(lib, "tjInitDecompress", &t->init_decompress) &&
	    bind(lib, "tjInitCompress", &t->init_compress) && bind(lib, "tjDestroy", &t->destroy) &&
	    bind(lib, "tjDecompressHeader3", &t->header) &&
	    bind(lib, "tjDecompress2", &t->decompress) && bind(lib, "tjCompress2", &t->compress) &&
	    bind(lib, "tjBufSize", &t->buf_size) && bind(lib, "tjGetErrorStr2", &t->error_str) &&
	    bind(lib, "tjGetErrorCode", &t->error_code))
		return t; // stays loaded as long as the process lives
	snprintf(reason, size, "%s lacks a function of TurboJPEG 2", path);
	free(t);
	dlclose(lib);
	return NULL;
}

void *turbo_new_decoder(turbo *t) { return t->init_decompress(); }
void *turbo_new_encoder(turbo *t) { return t->init_compress(); }
void turbo_free(turbo *t, void *handle) { t->destroy(handle); }

int turbo_decode(turbo *t, void *handle, const unsigned char *jpeg, unsigned long size,
                 int full_width, int full_height, unsigned char *dst, int width, int height,
                 int cmyk, char *reason, int reason_size) {
	int w = 0, h = 0, sampling, colours;
	if (t->header(handle, jpeg, size, &w, &h, &sampling, &colours) != 0 &&
	    t->error_code(handle) != ERROR_WARNING) {
		snprintf(reason, reason_size, "%s", t->error_str(handle));
		return -1;
	}
	// A smaller picture would leave part of dst as it was.
	if (w != full_width || h != full_height) {
		snprintf(reason, reason_size, "the picture is %d x %d, its header was read as %d x %d", w, h, full_width, full_height);
		return -1;
	}
	if (t->decompress(handle, jpeg, size, dst, width, 0, height,
	                  cmyk ? PIXELS_CMYK : PIXELS_RGB, FLAG_LIMIT_SCANS) == 0)
		return 0;
	snprintf(reason, reason_size, "%s", t->error_str(handle));
	return t->error_code(handle) == ERROR_WARNING ? 1 : -1;
}

unsigned long turbo_bound(turbo *t, int width, int height) {
	return t->buf_size(width, height, SAMPLING_420);
}

int turbo_encode(turbo *t, void *handle, const unsigned char *src, int width, int height,
                 unsigned char *dst, unsigned long *size, int quality, char *reason, int reason_size) {
	if (t->compress(handle, src, width, 0, height, PIXELS_RGB, &dst, size, SAMPLING_420, quality,
	                FLAG_NO_REALLOC) == 0)
		return 0;
	snprintf(reason, reason_size, "%s", t->error_str(handle));
	return -1;
}
