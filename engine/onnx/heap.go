package onnx

/*
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
static void give_back(void) { malloc_trim(0); }
#else
static void give_back(void) {}
#endif
*/
import "C"

import "runtime/debug"

// giveBack returns to the system what making a session took in passing: the file, what
// it was parsed to, and the weights before they were arranged for the processor. That is
// several times what stays, and neither allocator gives it back soon by itself.
func giveBack() {
	debug.FreeOSMemory()
	C.give_back()
}
