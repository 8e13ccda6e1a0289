// SPDX-License-Identifier: MIT
/*
 * model.c - live ranges, and the bytes that they claim
 *
 *	claims   0 0 0 1 1 1 1 1 1 3 3 1 1 1 0 0 1 1 1 1      a byte for each byte
 *	               \__ a node __/ \__ /  \_ a block _/
 *	                       an object in it
 *
 * Two ranges of the same level may not claim the same byte. Level 1: pages and blocks.
 * Level 2: what lies inside the block of a pool: the pool's headers and objects.
 */
#include <kernel/lib/printk.h>
#include <tests/model/model.h>

#define BLOCK_HEADER 16 /* bytes; the heap's, in front of each block */
#define POOL_BYTES (sizeof(struct mp_pool_s) + 2 * sizeof(size_t)) /* with its history */
#define CLAIM_BLOCK 1
#define CLAIM_OBJECT 2

/**
 * model_fail() - note what is wrong
 * @m: the model
 * @fmt: as in printf()
 *
 * The first fault counts: those after it may follow from it.
 *
 * Return: false.
 */
bool model_fail(struct model *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (!m->error[0])
		vsnprintf(m->error, sizeof(m->error), fmt, args);
	va_end(args);
	return false;
}

/**
 * model_in_arena() - does a range of memory lie in the arena?
 * @m: the model
 * @p: its first byte
 * @bytes: its size
 *
 * Return: whether all of it does.
 */
bool model_in_arena(const struct model *m, const void *p, size_t bytes)
{
	uintptr_t offset = (uintptr_t)p - (uintptr_t)m->arena;

	return offset <= MODEL_BYTES && bytes <= MODEL_BYTES - offset;
}

/**
 * model_name() - what an entry is called in messages
 * @live: the entry
 *
 * Return: words for a sentence.
 */
const char *model_name(const struct live *live)
{
	static const char *const names[] = {
		"nothing",	     "pages",  "a block",	"a pool", "a node", "a large block",
		"a cleanup handler", "a mark", "a small object"
	};

	return names[live->kind];
}

/* Its level in the claims. */
static unsigned int level_of(const struct live *live)
{
	return live->kind == LIVE_SMALL ? CLAIM_OBJECT : CLAIM_BLOCK;
}

/* An entry that holds the byte @p on the level of @bit, for messages; or NULL. */
static const struct live *holder(const struct model *m, const unsigned char *p, unsigned int bit)
{
	for (const struct live *live = m->live; live < m->live + m->nr_live; live++)
		if (live->kind && level_of(live) == bit &&
		    (uintptr_t)p - (uintptr_t)live->at < live->bytes)
			return live;
	return NULL;
}

static bool claim(struct model *m, const struct live *live, const unsigned char *at, size_t bytes,
		  unsigned int bit)
{
	unsigned char *claims = m->claims + (at - m->arena);

	for (size_t i = 0; i < bytes; i++) {
		const struct live *other;

		if (!(claims[i] & bit)) {
			claims[i] |= bit;
			continue;
		}
		other = holder(m, at + i, bit);
		return model_fail(m, "%s of %zu bytes at arena + 0x%zx overlaps %s at its byte %zu",
				  model_name(live), bytes, (size_t)(at - m->arena),
				  other && other != live ? model_name(other) : "a header", i);
	}
	return true;
}

/**
 * model_claim() - claim bytes inside the block of a pool
 * @m: the model
 * @live: who claims them
 * @at: the first of them
 * @bytes: how many
 *
 * Return: false, with an error noted, if one of them is claimed already.
 */
bool model_claim(struct model *m, const struct live *live, const unsigned char *at, size_t bytes)
{
	return claim(m, live, at, bytes, CLAIM_OBJECT);
}

/**
 * model_heap_of() - the heap that a live block came from
 * @live: the entry
 *
 * Return: its number; MODEL_HEAPS + 1 if it is no block of a heap.
 */
unsigned int model_heap_of(const struct live *live)
{
	return live->heap;
}

/* Are all these bytes in pages that @owner holds? */
static bool is_in_pages(const struct model *m, const unsigned char *at, size_t bytes,
			unsigned int owner)
{
	if (!model_in_arena(m, at, bytes))
		return false;
	for (size_t i = (size_t)(at - m->arena) / MM_PAGE_SIZE;
	     i * MM_PAGE_SIZE < (size_t)(at - m->arena) + bytes; i++)
		if (m->owner[i] != owner)
			return false;
	return true;
}

static struct live *unused_entry(struct model *m)
{
	for (size_t i = 0; i < MODEL_LIVE; i++) {
		if (m->live[i].kind != LIVE_NONE)
			continue;
		if (i >= m->nr_live)
			m->nr_live = i + 1;
		return &m->live[i];
	}
	return NULL;
}

/* The number of the heap that a block comes from. */
static unsigned int heap_for(const struct model *m, enum live_kind kind, unsigned int owner)
{
	switch (kind) {
	case LIVE_BLOCK:
		return owner;
	case LIVE_POOL:
	case LIVE_NODE:
	case LIVE_LARGE:
	case LIVE_CLEANUP:
	case LIVE_MARK:
		return m->pools[owner].heap;
	default:
		return MODEL_HEAPS + 1;
	}
}

/**
 * model_held() - the bytes of the heap that a pool holds
 * @m: the model
 * @pool: its number
 *
 * Return: the sum over its blocks, with their headers.
 */
size_t model_held(const struct model *m, unsigned int pool)
{
	size_t held = 0;

	for (const struct live *live = m->live; live < m->live + m->nr_live; live++)
		if (live->kind >= LIVE_POOL && live->kind <= LIVE_MARK && live->owner == pool &&
		    !live->let_go)
			held += live->bytes + BLOCK_HEADER;
	return held;
}

/* A pool has a new block. */
static void note_peak(struct model *m, unsigned int pool)
{
	size_t held = model_held(m, pool);

	if (held > m->pools[pool].peak)
		m->pools[pool].peak = held;
}

/**
 * model_add() - note a range of memory that has been handed out
 * @m: the model
 * @kind: what it is
 * @owner: the number of the allocator, heap or pool that it came from
 * @at: its first byte
 * @bytes: its size
 *
 * It must lie in pages that its owner holds, and may overlap no other range.
 *
 * Return: the entry; NULL after an error.
 */
struct live *model_add(struct model *m, enum live_kind kind, unsigned int owner, void *at,
		       size_t bytes)
{
	struct live *live = unused_entry(m);
	unsigned int heap;

	if (!live) {
		model_fail(m, "the model has no room for more than %d ranges", MODEL_LIVE);
		return NULL;
	}
	heap = heap_for(m, kind, owner);
	*live = (struct live){ .kind = kind,
			       .owner = owner,
			       .at = at,
			       .bytes = bytes,
			       .heap = heap,
			       .order = ++m->next_order };
	if (kind == LIVE_SMALL) {
		if (!model_in_arena(m, at, bytes)) {
			model_fail(m, "a small object is outside the arena: %p", at);
			return NULL;
		}
		claim(m, live, at, bytes, CLAIM_OBJECT);
		return live;
	}
	if (!is_in_pages(m, at, bytes, kind == LIVE_PAGES ? OWNER_DIRECT : OWNER_HEAP + heap)) {
		model_fail(m, "%s of %zu bytes at %p is outside the pages of its owner",
			   model_name(live), bytes, at);
		return NULL;
	}
	claim(m, live, at, bytes, CLAIM_BLOCK);
	if (kind == LIVE_POOL)
		claim(m, live, at, POOL_BYTES, CLAIM_OBJECT);
	if (kind == LIVE_NODE)
		claim(m, live, at, sizeof(struct mp_node_s), CLAIM_OBJECT);
	if (kind != LIVE_PAGES)
		m->starts[(live->at - m->arena) / HEAP_ALIGN] =
			(unsigned short)(live - m->live + 1);
	if (kind >= LIVE_POOL)
		note_peak(m, owner);
	return live;
}

/**
 * model_remove() - forget a range: it is free again
 * @m: the model
 * @live: its entry
 */
void model_remove(struct model *m, struct live *live)
{
	unsigned char *claims = m->claims + (live->at - m->arena);

	for (size_t i = 0; i < live->bytes; i++)
		claims[i] = live->kind == LIVE_SMALL ? claims[i] & CLAIM_BLOCK : 0;
	if (live->kind != LIVE_SMALL && live->kind != LIVE_PAGES)
		m->starts[(live->at - m->arena) / HEAP_ALIGN] = 0;
	for (size_t i = 0; i < MODEL_SLOTS; i++)
		if (m->slots[i] == live)
			m->slots[i] = NULL;
	live->kind = LIVE_NONE;
}

/**
 * model_at() - the block of a heap that begins at an address
 * @m: the model
 * @p: any address
 *
 * Return: its entry, or NULL.
 */
struct live *model_at(struct model *m, const void *p)
{
	size_t offset = (uintptr_t)p - (uintptr_t)m->arena;
	unsigned int start;

	if (offset >= MODEL_BYTES || offset % HEAP_ALIGN)
		return NULL;
	start = m->starts[offset / HEAP_ALIGN];
	return start ? &m->live[start - 1] : NULL;
}
