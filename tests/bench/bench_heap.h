/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_HEAP_H
#define TESTS_BENCH_HEAP_H

#include <tests/bench/bench.h>

/**
 * struct bench_mix - which blocks a heap is asked for
 * @name: for the tables
 * @slots: how many there are for blocks; half of them are taken
 * @low: sizes are at least 2^low
 * @high: and below 2^high
 * @has_aligned: one in eight has an alignment from 64 to 4096
 * @has_nodes: every other one is a node of a pool
 */
struct bench_mix {
	const char *name;
	unsigned int slots, low, high;
	bool has_aligned, has_nodes;
};

#define BENCH_MIXES 4
extern const struct bench_mix bench_mixes[BENCH_MIXES];

void bench_heap_random(const struct bench_mix *mix, unsigned int operations,
		       struct bench_sum *alloc, struct bench_sum *free, struct bench_sum *pair);
void bench_heap_empty(void);

#endif /* TESTS_BENCH_HEAP_H */
