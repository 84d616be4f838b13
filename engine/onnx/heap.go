package onnx

/*
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>

// Blocks of these sizes and more are mapped each for itself, and go back to the system
// the moment they are freed. Without this the limit rises with the first large block
// that is freed, and holes stay between the weights. Runs are not slower for it: what
// they compute lies in the arena of ONNX Runtime. Two heaps are enough for the few
// calls beside it; eight for each processor are the default.
enum { mapped = 128 << 10, heaps = 2 };

static void keep_small(void) {
	mallopt(M_MMAP_THRESHOLD, mapped);
	mallopt(M_ARENA_MAX, heaps);
}

static void give_back(void) { malloc_trim(0); }
#else
static void keep_small(void) {}
static void give_back(void) {}
#endif
*/
import "C"

import "runtime/debug"

// keepSmall has the allocator of the C library, which the models live in, hold on to
// little that is free.
func keepSmall() { C.keep_small() }

// giveBack returns to the system what making a session took in passing: the file, as it
// is and as it was prepared, what it was parsed to, and the weights before they were
// arranged for the processor. That is several times what stays, and neither allocator
// gives it back soon by itself.
func giveBack() {
	debug.FreeOSMemory()
	C.give_back()
}
