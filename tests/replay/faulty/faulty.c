// SPDX-License-Identifier: MIT
/*
 * faulty.c - a copy of the reference pool in which a fault of the text can be on
 *
 *	reference.c ---> reference_calls		the benchmarks' pool: it has no branch
 *	     |				for a fault
 *	     `----> reference_faulty_calls	this copy: it asks reference_fault
 *
 * A fault may place an object behind its node. The copy writes there only as far as the
 * request goes: after each call, look at reference_misplaced, and if it is set, make the heap
 * anew before the next. Behind the heap's pages there must be room for MP_MAX_ALLOC_FROM_POOL
 * bytes. Where the text would follow garbage, the copy panics.
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/poison.h>

#define REFERENCE_LINKAGE static
#include <tests/replay/faulty/faulty.h>

#define MALLOC_ALIGNMENT 16

unsigned int reference_fault;
struct ref_misplaced reference_misplaced;

const struct ref_fault ref_faults[] = {
	{ "off", "no fault", "" },
	{ "wrap", "the room left wraps: an object is placed behind its node",
	  "create 100, alloc P 100, alloc P 20" },
	{ "overflow", "sums of sizes wrap: almost 2^64 bytes get a few; 0 bytes hold nothing",
	  "create 100, alloc P SIZE_MAX" },
	{ "first", "the first node of a pool holds less than its size", "create 1024" },
	{ "header", "later nodes lose bytes, as soon as their header has one more field",
	  "create 1024, alloc P 1024 2" },
	{ "search", "the search walks over full nodes; always so, but now told",
	  "create 128, alloc P 128 4" },
	{ "scan", "freeing a large block scans a list; always so, but now told",
	  "create, alloc P 5000 3, free A" },
	{ "missing", "calloc does not clear; nalloc and free are only declared",
	  "create, calloc P 10" },
	{ "handlers", "reset keeps handlers, whose records lie in memory that is used again",
	  "create, cleanup P, reset P, cleanup P, destroy P" },
	{ "records", "records of aligned large blocks are never used again",
	  "create, memalign P 64 64, free A, memalign P 64 64" },
	{ "next", "head->next is never set: destroy and the search follow garbage",
	  "create 128, destroy P" },
	{ "large", "large blocks have malloc's alignment; a failure takes a record",
	  "create, alloc P 1000000000" },
};

/**
 * ref_fault_find() - find a fault
 * @word: its name, or its number
 *
 * Return: its number, or REF_FAULTS + 1: there is none.
 */
unsigned int ref_fault_find(const char *word)
{
	unsigned int fault = 0;
	char number[4];

	for (; fault <= REF_FAULTS; fault++) {
		snprintf(number, sizeof(number), "%u", fault);
		if (!strcmp(word, number) || !strcmp(word, ref_faults[fault].word))
			break;
	}
	return fault;
}

/* A block as malloc() gives it: it holds garbage. Tools must let all of a pool's header pass. */
static void *garbage(struct heap *heap, size_t alignment, size_t size)
{
	size_t header = sizeof(struct ref_pool) + sizeof(struct ref_node);
	void *block = heap_alloc(heap, alignment < HEAP_ALIGN ? HEAP_ALIGN : alignment, size);

	if (!block)
		return NULL;
	mm_unpoison(block, header);
	return memset(block, REF_GARBAGE, size);
}

static void *malloc_like(struct heap *heap, size_t size)
{
	unsigned char *block = garbage(heap, HEAP_ALIGN, size + MALLOC_ALIGNMENT);

	return block ? block + MALLOC_ALIGNMENT : NULL;
}

static void free_any(struct heap *heap, void *p)
{
	heap_free(heap, (void *)((uintptr_t)p & -HEAP_ALIGN));
}

static struct ref_node *vouched_next(const struct ref_node *node)
{
	if (node->next && !ref_next(node))
		panic("it follows head->next, which was never set, to %p", (void *)node->next);
	return node->next;
}

static void *clear(void *p, size_t size)
{
	if (size > HEAP_MAX_SIZE)
		panic("asked for %zu bytes, it gave %zu, and would clear all memory behind them",
		      size, heap_usable_size(p));
	return memset(p, 0, size);
}

static void note_place(const struct ref_node *node, const unsigned char *at, size_t size)
{
	if (at <= node->end && size <= (size_t)(node->end - at))
		return;
	mm_unpoison(at, size);
	reference_misplaced = (struct ref_misplaced){ node, at, size };
}

#define REFERENCE_FAULT(number) (reference_fault == (number))
#define REFERENCE_ALLOC(heap, alignment, size) garbage(heap, alignment, size)
#define REFERENCE_MALLOC(heap, size) malloc_like(heap, size)
#define REFERENCE_FREE(heap, block) free_any(heap, block)
#define REFERENCE_NEXT(node) vouched_next(node)
#define REFERENCE_CLEAR(p, size) clear(p, size)
#define REFERENCE_PLACED(node, at, size) note_place(node, at, size)
#define REFERENCE_CALLS reference_faulty_calls
#include <tests/replay/reference.c>
