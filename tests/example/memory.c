// SPDX-License-Identifier: MIT
/*
 * memory.c - memory comes from Linux when it is needed, and goes back
 *
 * Prints "ok" if 200 MiB that were used have gone back, and if nothing was taken at the start.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>

#define MIB ((size_t)1 << 20)
#define LARGE (200 * MIB)

/* Bytes of memory that this program has. */
static size_t resident(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long total = 0, now = 0;

	if (!file || fscanf(file, "%lu %lu", &total, &now) != 2)
		return 0;
	fclose(file);
	return now * (size_t)sysconf(_SC_PAGESIZE);
}

int main(void)
{
	size_t start = resident(), full;
	struct mp_pool_s *pool = mp_create_pool(4096);
	struct page_stats stats;
	void *huge;
	int is_right = 0;

	memset(mp_alloc(pool, LARGE), 1, LARGE);
	full = resident();
	mp_destroy_pool(pool);
	heap_trim(&kernel_heap);
	page_get_stats(&kernel_pages, &stats);
	/* More than the first range has: another range, of which nothing is written to. */
	huge = heap_alloc(&kernel_heap, HEAP_ALIGN, 5000 * MIB);
	heap_free(&kernel_heap, huge);
	if (start < 64 * MIB && full > LARGE && resident() < start + 16 * MIB)
		is_right++;
	if (!stats.used && huge && !heap_check(&kernel_heap))
		is_right++;
	puts(is_right == 2 ? "ok" : "not ok");
	return 0;
}
