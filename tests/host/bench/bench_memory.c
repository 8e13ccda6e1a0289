// SPDX-License-Identifier: MIT
/*
 * bench_memory.c - peak memory: how many pages a contender writes to for a trace
 *
 * A child process replays the trace and writes every byte of every object. No
 * contender returns memory to the system (glibc, jemalloc and mimalloc are told not
 * to). So the private memory of the child at the end is the peak. It is exact to the
 * page, because /proc/self/smaps_rollup counts page table entries.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <tests/host/bench/bench.h>

/* Returns zeroed memory. The system provides a page when it is first touched. */
void *bench_memory(size_t bytes)
{
	void *memory = mmap(NULL, bytes + !bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		bench_fail("no %zu bytes of memory", bytes);
	return memory;
}

void **bench_pools;
void **bench_objects;

/* Makes tables of the size that the trace needs, and touches all of them. */
void bench_use_tables(const struct bench_trace *trace)
{
	static size_t pool_bytes, object_bytes;

	if (bench_pools) {
		munmap(bench_pools, pool_bytes);
		munmap(bench_objects, object_bytes);
	}
	pool_bytes = (trace->nr_pools + 1) * sizeof(void *);
	object_bytes = (trace->nr_objects + 1) * sizeof(void *);
	bench_pools = memset(bench_memory(pool_bytes), 0, pool_bytes);
	bench_objects = memset(bench_memory(object_bytes), 0, object_bytes);
}

/* Bytes of private memory that this process has written to. */
static size_t own_memory(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "r");
	char line[128];
	size_t kib = 0;

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file) && sscanf(line, "Private_Dirty: %zu", &kib) != 1)
		;
	fclose(file);
	return kib << 10;
}

struct filling {
	const struct bench_contender *contender;
	const struct bench_trace *trace;
};

static void fill_all(void *arg, void *result)
{
	const struct filling *filling = arg;
	size_t before, *peak = result;

	bench_use_tables(filling->trace);
	own_memory();
	before = own_memory();
	if (filling->contender->prepare)
		filling->contender->prepare(filling->trace);
	filling->contender->fill(filling->trace);
	*peak = own_memory() - before;
}

/* The peak in bytes, or 0 if the system has no /proc/self/smaps_rollup. */
size_t bench_peak_memory(const struct bench_contender *contender, const struct bench_trace *trace)
{
	struct filling filling = { contender, trace };
	char name[128];
	size_t peak = 0;

	snprintf(name, sizeof(name), "%s: peak memory of %s", trace->name, contender->name);
	bench_apart(name, fill_all, &filling, &peak, sizeof(peak));
	return peak;
}
