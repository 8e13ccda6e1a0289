// SPDX-License-Identifier: MIT
/*
 * reference.c - nginx's pool algorithm, to compare mp_pool with
 *
 *	pool                    node                   node
 *	+---------------+      +----------------+     +----------------+
 *	| current ------|-.    |                |     |                |
 *	| large --. head|-|--->| next ----------|---->| next ----------|--> NULL
 *	|#########|#####| '----|->##############|     |#######         |
 *	|####[record]###|      |################|     |                |
 *	+---------------+      +----------------+     +----------------+
 *
 * Corrected: comparing sizes does not wrap. Each node holds the size that was
 * asked for. head->next is set. Large blocks have the pool's alignment; if one
 * cannot be allocated, it takes no record; aligned ones also use freed records.
 * Unchanged: the way that it searches, and what that costs; and what reset does to the
 * list of handlers:
 *
 *	cleanup --> B --> A --> NULL     reset; then A is allocated again, with next = cleanup:
 *	cleanup --> A --> B --> A --> B --> ...
 *
 * REFERENCE_FAULT(number) marks where a fault of the text was mended; README.md, "The text we
 * start from", numbers them. Faults 5, 6 and 8 are in the algorithm. faulty/faulty.c
 * compiles a copy in which each of the others can be switched on. Here they cost nothing.
 */
#include <mm/env.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <tests/replay/reference.h>

#ifndef REFERENCE_ALLOC
/* Every heap block is aligned to HEAP_ALIGN. Asking for less would take a slower path. */
#define REFERENCE_ALLOC(heap, align, size) \
	heap_alloc(heap, HEAP_ALIGN / (align) ? HEAP_ALIGN : (align), size)
#define REFERENCE_FREE(heap, block) heap_free(heap, block)
#endif

#ifndef REFERENCE_FAULT
#define REFERENCE_FAULT(number) ((number) == 8)
#define REFERENCE_MALLOC(heap, size) REFERENCE_ALLOC(heap, MP_ALIGNMENT, size)
#define REFERENCE_NEXT(node) ((node)->next)
#define REFERENCE_CLEAR(p, size) memset(p, 0, size)
#define REFERENCE_PLACED(node, at, size) ((void)0)
#define REFERENCE_CALLS reference_calls
#endif

#define POOL_HEADER mp_align(sizeof(struct ref_pool) + sizeof(struct ref_node), MP_ALIGNMENT)
#define NODE_HEADER mp_align(sizeof(struct ref_node), MP_ALIGNMENT)
#define LONGER_HEADER (sizeof(struct ref_node) + sizeof(void *)) /* for fault 4 */

#define FAILURES_MAX 4 /* after one failure more, the next one gives the node up */
#define RECORDS_TRIED 5

/**
 * ref_create_pool_on() - create a pool
 * @heap: gives the pool's memory
 * @size: bytes that each of its nodes holds
 *
 * Return: the pool, or NULL if memory is out, or @size is 0 or larger than a heap block can be.
 */
struct ref_pool *ref_create_pool_on(struct heap *heap, size_t size)
{
	size_t header = POOL_HEADER;
	struct ref_pool *pool;

	if (!REFERENCE_FAULT(2) && (!size || size > HEAP_MAX_SIZE))
		return NULL;
	if (!REFERENCE_FAULT(1))
		size = mp_align(size, MP_ALIGNMENT);
	if (REFERENCE_FAULT(3))
		header = sizeof(struct ref_pool) + sizeof(struct ref_node);
	pool = REFERENCE_ALLOC(heap, MP_ALIGNMENT, header + size);
	if (!pool)
		return NULL;
	pool->max = size < MP_MAX_ALLOC_FROM_POOL ? size : MP_MAX_ALLOC_FROM_POOL;
	pool->size = size;
	pool->heap = heap;
	pool->current = pool->head;
	pool->large = NULL;
	pool->cleanup = NULL;
	pool->registered = 0;
	pool->head->last = (unsigned char *)pool + header;
	pool->head->end = (unsigned char *)((uintptr_t)pool->head->last + size);
	if (!REFERENCE_FAULT(10))
		pool->head->next = NULL;
	pool->head->failed = 0;
	return pool;
}

static void free_large(struct ref_pool *pool)
{
	for (struct ref_large *large = pool->large; large; large = large->next)
		if (large->alloc)
			REFERENCE_FREE(pool->heap, large->alloc);
}

/* Is @cleanup one of the handlers registered since the last reset? */
static bool is_registered(const struct ref_pool *pool, const struct ref_cleanup *cleanup)
{
	const struct ref_cleanup *known = pool->cleanup;

	for (size_t i = 0; i < pool->registered; i++, known = known->next)
		if (known == cleanup)
			return true;
	return false;
}

/*
 * Runs the handlers, newest first. Those registered since the last reset come first, so
 * as many records are what they seem to be. The text would go on until NULL. Returns what
 * is wrong with the rest of the list, or NULL.
 */
static const char *run_cleanups(const struct ref_pool *pool)
{
	const struct ref_cleanup *cleanup = pool->cleanup;

	for (size_t i = 0; i < pool->registered; i++, cleanup = cleanup->next)
		if (cleanup->handler)
			cleanup->handler(cleanup->data);
	if (!cleanup)
		return NULL;
	if (is_registered(pool, cleanup))
		return "the text's reset: its list of handlers runs in a circle";
	return "the text's reset: its list of handlers goes on in memory that was taken back";
}

/**
 * ref_destroy_pool() - run the handlers of a pool, and give all its memory back to its heap
 * @pool: the pool, or NULL
 *
 * Return: NULL; or what is wrong with the list of handlers, since the pool was reset.
 */
const char *ref_destroy_pool(struct ref_pool *pool)
{
	struct ref_node *node, *next;
	const char *fault;

	if (!pool)
		return NULL;
	fault = run_cleanups(pool);
	free_large(pool);
	for (node = REFERENCE_NEXT(pool->head); node; node = next) {
		next = REFERENCE_NEXT(node);
		REFERENCE_FREE(pool->heap, node);
	}
	REFERENCE_FREE(pool->heap, pool);
	return fault;
}

/**
 * ref_reset_pool() - make a pool empty again
 * @pool: the pool
 *
 * The text has no reset. This is nginx's. It keeps all nodes, and runs no handlers: its fault is
 * that it leaves pool->cleanup as it is.
 */
void ref_reset_pool(struct ref_pool *pool)
{
	free_large(pool);
	for (struct ref_node *node = pool->head; node; node = REFERENCE_NEXT(node)) {
		node->last = node->end - pool->size;
		node->failed = 0;
	}
	pool->current = pool->head;
	pool->large = NULL;
	if (!REFERENCE_FAULT(8))
		pool->cleanup = NULL;
	pool->registered = 0;
}

/* Appends a new node to the list, and allocates its first @size bytes. */
static void *alloc_block(struct ref_pool *pool, size_t size)
{
	size_t bytes = (REFERENCE_FAULT(4) ? LONGER_HEADER : NODE_HEADER) + pool->size;
	size_t header = REFERENCE_FAULT(4) ? mp_align(LONGER_HEADER, MP_ALIGNMENT) : NODE_HEADER;
	struct ref_node *node = REFERENCE_ALLOC(pool->heap, MP_ALIGNMENT, bytes);
	struct ref_node *p;
	unsigned char *m;

	if (!node)
		return NULL;
	m = (unsigned char *)node + header;
	node->last = m + size;
	node->end = REFERENCE_FAULT(4) ? (unsigned char *)node + bytes : m + pool->size;
	REFERENCE_PLACED(node, m, size);
	node->next = NULL;
	node->failed = 0;

	/* Fault 5: a node stays in the search until it has failed 6 times. */
	for (p = pool->current; REFERENCE_NEXT(p); p = REFERENCE_NEXT(p))
		if (p->failed++ > FAILURES_MAX)
			pool->current = p->next;
	p->next = node;
	return m;
}

/* Tries the nodes from pool->current to the last, then a new node. */
static void *alloc_small(struct ref_pool *pool, size_t size, size_t alignment)
{
	struct ref_node *p = pool->current;

	do {
		unsigned char *m = mp_align_ptr(p->last, alignment);

		/* Aligning may move m past the end; the comparison in the text wraps then. */
		if ((REFERENCE_FAULT(1) || m <= p->end) && (size_t)(p->end - m) >= size) {
			p->last = m + size;
			REFERENCE_PLACED(p, m, size);
			return m;
		}
		p = REFERENCE_NEXT(p);
	} while (p);
	return alloc_block(pool, size);
}

/* Makes a record for a large block, which it frees if it cannot. Returns the block, or NULL. */
static void *add_record(struct ref_pool *pool, void *p)
{
	struct ref_large *large;

	large = sizeof(*large) <= pool->max ? alloc_small(pool, sizeof(*large), MP_ALIGNMENT) :
					      NULL;
	if (!large) {
		REFERENCE_FREE(pool->heap, p);
		return NULL;
	}
	large->alloc = p;
	large->next = pool->large;
	pool->large = large;
	return p;
}

static void *alloc_large(struct ref_pool *pool, size_t size, size_t alignment)
{
	struct ref_large *large = pool->large;
	void *p;

	if (REFERENCE_FAULT(2))
		size = mp_align(size, MP_ALIGNMENT);
	if (size > HEAP_MAX_SIZE)
		return NULL;
	if (REFERENCE_FAULT(11) && alignment == MP_ALIGNMENT)
		p = REFERENCE_MALLOC(pool->heap, size);
	else
		p = REFERENCE_ALLOC(pool->heap, alignment, size);
	if (!p && !REFERENCE_FAULT(11))
		return NULL;
	for (int n = 0; large && n < RECORDS_TRIED; n++, large = large->next) {
		if (!large->alloc) {
			large->alloc = p;
			return p;
		}
	}
	return add_record(pool, p);
}

/**
 * ref_alloc() - allocate memory aligned to MP_ALIGNMENT
 * @pool: the pool
 * @size: in bytes
 *
 * Return: the memory, not cleared, or NULL.
 */
void *ref_alloc(struct ref_pool *pool, size_t size)
{
	if (size <= pool->max)
		return alloc_small(pool, size, MP_ALIGNMENT);
	return alloc_large(pool, size, MP_ALIGNMENT);
}

/**
 * ref_nalloc() - allocate memory without alignment, packed
 * @pool: the pool
 * @size: in bytes
 *
 * Return: the memory, not cleared, or NULL.
 */
void *ref_nalloc(struct ref_pool *pool, size_t size)
{
	if (REFERENCE_FAULT(7))
		return NULL;
	if (size <= pool->max)
		return alloc_small(pool, size, 1);
	return alloc_large(pool, size, MP_ALIGNMENT);
}

/**
 * ref_calloc() - allocate memory aligned to MP_ALIGNMENT and clear it
 * @pool: the pool
 * @size: in bytes
 *
 * Return: the memory, or NULL.
 */
void *ref_calloc(struct ref_pool *pool, size_t size)
{
	void *p = ref_alloc(pool, size);

	if (REFERENCE_FAULT(7))
		return p;
	return p ? REFERENCE_CLEAR(p, size) : NULL;
}

/**
 * ref_memalign() - allocate a large block of any alignment
 * @pool: the pool
 * @size: in bytes
 * @alignment: a power of two
 *
 * Return: the memory, not cleared, or NULL.
 */
void *ref_memalign(struct ref_pool *pool, size_t size, size_t alignment)
{
	if (alignment < MP_ALIGNMENT)
		alignment = MP_ALIGNMENT;
	if (REFERENCE_FAULT(9)) {
		void *p = size <= HEAP_MAX_SIZE ? REFERENCE_ALLOC(pool->heap, alignment, size) :
						  NULL;

		return p ? add_record(pool, p) : NULL;
	}
	return alloc_large(pool, size, alignment);
}

/**
 * ref_free() - free a large block
 * @pool: the pool
 * @p: any pointer
 *
 * Searches the list of the pool's large blocks, as the text does.
 *
 * Return: 0, or -ENOENT if @p is not a large block of @pool.
 */
int ref_free(struct ref_pool *pool, void *p)
{
	if (REFERENCE_FAULT(7))
		return -ENOENT;
	/* Fault 6: it looks at one record after the other. */
	for (struct ref_large *large = pool->large; p && large; large = large->next) {
		if (large->alloc == p) {
			REFERENCE_FREE(pool->heap, p);
			large->alloc = NULL;
			return 0;
		}
	}
	return -ENOENT;
}

/**
 * ref_cleanup_add() - register a cleanup handler
 * @pool: the pool
 * @size: bytes of its data; 0: none
 *
 * Return: the record, whose handler the caller sets; or NULL.
 */
struct ref_cleanup *ref_cleanup_add(struct ref_pool *pool, size_t size)
{
	struct ref_cleanup *cleanup = ref_alloc(pool, sizeof(*cleanup));

	if (!cleanup)
		return NULL;
	cleanup->data = size ? ref_alloc(pool, size) : NULL;
	if (size && !cleanup->data)
		return NULL;
	cleanup->handler = NULL;
	cleanup->next = pool->cleanup;
	pool->cleanup = cleanup;
	pool->registered++;
	return cleanup;
}

const struct ref_calls REFERENCE_CALLS = {
	.create_pool_on = ref_create_pool_on,
	.destroy_pool = ref_destroy_pool,
	.reset_pool = ref_reset_pool,
	.alloc = ref_alloc,
	.nalloc = ref_nalloc,
	.calloc = ref_calloc,
	.memalign = ref_memalign,
	.free = ref_free,
	.cleanup_add = ref_cleanup_add,
};
