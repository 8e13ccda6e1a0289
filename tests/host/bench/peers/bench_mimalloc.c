// SPDX-License-Identifier: MIT
/*
 * bench_mimalloc.c - contender: mimalloc's malloc(), by its own names
 *
 * The library is loaded at run time. If it were linked, it would replace malloc()
 * for all contenders.
 */
#include <dlfcn.h>

#include <tests/host/bench/peers/bench_malloc.h>

static void *(*aligned)(size_t size, size_t alignment);

static void *aligned_the_other_way(size_t alignment, size_t size)
{
	return aligned(size, alignment);
}

static bool is_there(void)
{
	void *library;

	/* It keeps freed memory, because giving it back takes time. */
	setenv("MIMALLOC_PAGE_RESET", "0", 1);
	setenv("MIMALLOC_PURGE_DELAY", "-1", 1);
	library = dlopen("libmimalloc.so.2", RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return false;
	*(void **)&api.malloc = dlsym(library, "mi_malloc");
	*(void **)&api.calloc = dlsym(library, "mi_calloc");
	*(void **)&aligned = dlsym(library, "mi_malloc_aligned");
	*(void **)&api.free = dlsym(library, "mi_free");
	api.memalign = aligned_the_other_way;
	return api.malloc && api.calloc && aligned && api.free;
}

struct bench_contender bench_mimalloc = {
	.name = "mimalloc",
	.is_peer = true,
	.is_there = is_there,
	.replay = replay,
	.fill = fill,
};
