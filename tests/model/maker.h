/* SPDX-License-Identifier: MIT */
/*
 * maker.h - what the generator of random programs knows
 */
#ifndef TESTS_MODEL_MAKER_H
#define TESTS_MODEL_MAKER_H

#include <tests/kunit/arena.h>
#include <tests/model/model.h>
#include <tests/model/program.h>

/* State of the generator: what it believes the slots hold. */
struct maker {
	uint64_t random;
	size_t pool_size[MODEL_POOLS];	  /* 0: there is none */
	unsigned char holds[MODEL_SLOTS]; /* the code that filled it; 0: nothing */
	unsigned char owner[MODEL_SLOTS];
	unsigned int last_slot; /* filled last */
	unsigned int parent[MODEL_POOLS];
	unsigned char handler_owner[MODEL_HANDLES];
	unsigned char mark_owner[MODEL_HANDLES];
	unsigned int owner_of_body; /* the pool whose handler or scope the next operations are */
	unsigned int handle_of_body;
	size_t body;	       /* how many operations those are */
	bool is_about_pools;   /* little else */
	bool small_pools;      /* with nodes that are soon full */
	unsigned int nr_pools; /* how many numbers of pools it uses */
	unsigned int biggest;  /* log2 of usual sizes */
};

/* A random number that is below @limit. */
static inline size_t below(struct maker *maker, size_t limit)
{
	return (arena_random(&maker->random) >> 8) % limit;
}

size_t number_near(struct maker *maker, size_t border);
size_t number_huge(struct maker *maker);
size_t number_heap_size(struct maker *maker);
size_t number_object_size(struct maker *maker, size_t pool_size);
size_t number_pool_size(struct maker *maker);
size_t number_alignment(struct maker *maker);
size_t number_cleanup_size(struct maker *maker, size_t pool_size);

#endif /* TESTS_MODEL_MAKER_H */
