// Package slack lets the timers of a program that imports it be late by up to two
// milliseconds, on Linux.
//
// Go's scheduler has a thread that looks after those that are inside C. While models run,
// they nearly always are, and then this thread sleeps for 20 µs at a time: some 7,000
// switches a second, which with two busy processors took 6 % of them, a millisecond of each
// search. The kernel may put such a sleep off by the timer slack of its thread; with two
// milliseconds of that the same thread takes less than one of them. What else waits in a
// server waits for longer. Who pays are those that need a processor while models have all
// of them: the thread takes it away from a model's goroutine for them. A refusal under
// full load takes 2.5 ms in place of 1.7.
//
// A thread has the slack of the one that made it, and the thread in question is made before
// anything of a program runs, so it is a constructor that sets it.
package slack

/*
#ifdef __linux__
#include <sys/prctl.h>

static void __attribute__((constructor)) slacken(void) { prctl(PR_SET_TIMERSLACK, 2000000, 0, 0, 0); }
#endif
*/
import "C"
