// SPDX-License-Identifier: MIT
/* bench_glibc.c - contender: malloc() of the C library */
#include <tests/host/bench/peers/bench_malloc.h>

static bool is_there(void)
{
	api = (struct malloc_api){ malloc, calloc, memalign, free };
	return true;
}

struct bench_contender bench_glibc = {
	.name = "libc malloc",
	.is_peer = true,
	.is_there = is_there,
	.replay = replay,
	.fill = fill,
};
