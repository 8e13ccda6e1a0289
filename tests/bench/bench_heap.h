/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_HEAP_H
#define TESTS_BENCH_HEAP_H

#include <tests/bench/bench.h>

/**
 * struct bench_mix - a mix of requests to a heap
 * @name: its name in the tables
 * @slots: number of slots for blocks; about half of them hold one
 * @low: sizes are at least 2^low bytes
 * @high: sizes are below 2^high bytes
 * @has_aligned: one block in eight is aligned to 64 to 4096 bytes
 * @has_nodes: every other block is a node of a pool
 * @has_holes: the heap has holes from the start, so lists serve all requests
 */
struct bench_mix {
	const char *name;
	unsigned int slots, low, high;
	bool has_aligned, has_nodes, has_holes;
};

#define BENCH_MIXES 5
extern const struct bench_mix bench_mixes[BENCH_MIXES];

void bench_heap_start(const struct bench_mix *mix);
void bench_heap_random(const struct bench_mix *mix, unsigned int operations,
		       struct bench_sum *alloc, struct bench_sum *free, struct bench_sum *pair);
void bench_heap_empty(void);

#endif /* TESTS_BENCH_HEAP_H */
