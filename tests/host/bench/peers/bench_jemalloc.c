// SPDX-License-Identifier: MIT
/*
 * bench_jemalloc.c - contender: jemalloc's malloc()
 *
 * The library is loaded at run time. If it were linked, it would replace malloc()
 * for all contenders.
 */
#include <dlfcn.h>

#include <tests/host/bench/peers/bench_malloc.h>

static bool is_there(void)
{
	void *library;

	/* It keeps freed memory, because giving it back takes time. */
	setenv("MALLOC_CONF", "dirty_decay_ms:-1,muzzy_decay_ms:-1", 1);
	library = dlopen("libjemalloc.so.2", RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return false;
	*(void **)&api.malloc = dlsym(library, "malloc");
	*(void **)&api.calloc = dlsym(library, "calloc");
	*(void **)&api.memalign = dlsym(library, "memalign");
	*(void **)&api.free = dlsym(library, "free");
	return api.malloc && api.calloc && api.memalign && api.free;
}

struct bench_contender bench_jemalloc = {
	.name = "jemalloc",
	.is_peer = true,
	.is_there = is_there,
	.replay = replay,
	.fill = fill,
};
