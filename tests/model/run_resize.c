// SPDX-License-Identifier: MIT
/*
 * run_resize.c - heap_realloc(), heap_resize()
 *
 * A block must stay where it is if it shrinks, or if the free block behind it is large enough. If
 * it is not, only heap_resize() says exactly what must come, unless there are new pages.
 */
#include <tests/kunit/pattern.h>
#include <tests/model/run.h>

/**
 * model_room_behind() - the free bytes behind a block of a heap
 * @m: the model
 * @live: the block
 *
 * Return: the bytes of a free block behind it, its header counted; 0: there is none.
 */
size_t model_room_behind(const struct model *m, const struct live *live)
{
	struct heap_place place;

	heap_find(&m->heaps[live->heap], live->at + live->bytes, &place);
	if (place.kind != HEAP_FREE ||
	    (uintptr_t)place.block != (uintptr_t)live->at + live->bytes + 16)
		return 0;
	return place.size + 16;
}

/* Does the block, or free memory behind it, end where its span does? Then pages can be added. */
static bool is_at_end(const struct model *m, const struct live *live)
{
	struct heap_place place = { 0 }, next;
	bool more;

	heap_find(&m->heaps[live->heap], live->at, &place);
	next = place;
	more = heap_next(&m->heaps[live->heap], &next);
	if (more && next.kind == HEAP_FREE)
		more = heap_next(&m->heaps[live->heap], &next);
	return !more || next.span != place.span;
}

/* What must come of a call that resizes a block. */
struct resize {
	unsigned int heap;
	size_t size;
	struct live old; /* no kind: there was none */
	bool possible;
	bool stays;    /* there is memory behind it */
	bool may_stay; /* pages can be added there */
};

static void begin(struct model *m, const struct model_op *op, struct resize *resize)
{
	const struct live *live = m->slots[op->slot];
	size_t block = mp_align(op->size + 16, 32);

	*resize = (struct resize){ .heap = op->owner, .size = op->size };
	resize->possible = op->size <= HEAP_MAX_SIZE;
	if (!live)
		return;
	resize->old = *live;
	resize->heap = live->heap;
	resize->may_stay = resize->possible && !MP_REDZONE;
	resize->stays = resize->may_stay && block <= live->bytes + 16 + model_room_behind(m, live);
	resize->may_stay = resize->stays || (resize->may_stay && is_at_end(m, live));
}

/*
 * The block is at @p now; pages behind it may have gone back. What is new is added only when pages
 * agree.
 */
static void end(struct model *m, const struct model_op *op, const struct resize *resize,
		unsigned char *p)
{
	size_t usable = heap_usable_size(p), copied = 0, good;
	struct live *live;

	if (resize->old.kind) {
		if (p != resize->old.at)
			m->stale = resize->old.at;
		model_remove(m, m->slots[op->slot]);
	}
	if (!model_after(m, resize->heap, false, false))
		return;
	if (resize->old.kind)
		copied = resize->old.size < resize->size ? resize->old.size : resize->size;
	if (!resize->possible)
		model_fail(m, "heap_realloc: served what is impossible");
	else if (resize->stays ? p != resize->old.at : p == resize->old.at && !resize->may_stay)
		model_fail(m, "heap_realloc: from %p to %p", (void *)resize->old.at, (void *)p);
	else if ((uintptr_t)p % 32 || usable < resize->size || usable >= resize->size + 32)
		model_fail(m, "heap_realloc: %zu bytes at %p are not a block of %zu", usable,
			   (void *)p, resize->size);
	else if (!model_in_arena(m, p - 16, usable + 16))
		model_fail(m, "heap_realloc: %p is outside the arena", (void *)p);
	if (m->error[0])
		return;
	good = pattern_check(p, copied, resize->old.number);
	if (good < copied)
		model_fail(m, "heap_realloc: of %zu bytes, byte %zu is not what it was", copied,
			   good);
	live = model_add(m, LIVE_BLOCK, resize->heap, p, usable);
	if (!live || m->error[0])
		return;
	m->slots[op->slot] = live;
	model_fill(m, live, p, usable);
	if (model_neighbours_intact(m, p))
		model_check_heap(m, resize->heap);
}

/* heap_resize() never moves a block. It asks for pages, but does not count a failure. */
static void resize_only(struct model *m, const struct model_op *op, const struct resize *resize)
{
	unsigned char *p = resize->old.at;

	if (!resize->stays)
		model_remember(m);
	if (heap_resize(&m->heaps[resize->heap], p, resize->size)) {
		end(m, op, resize, p);
		return;
	}
	if (resize->stays)
		model_fail(m, "heap_resize: false, but there is memory");
	if (model_after(m, resize->heap, false, false))
		model_unchanged(m, "heap_resize, which returned false,");
}

void run_heap_realloc(struct model *m, const struct model_op *op)
{
	struct live *live = m->slots[op->slot];
	struct resize resize;
	bool can_fail;
	unsigned char *p;

	if (live && (live->kind != LIVE_BLOCK || !model_intact(m, live)))
		return;
	begin(m, op, &resize);
	if (live && op->offset % 4 == 0) {
		resize_only(m, op, &resize);
		return;
	}
	can_fail = !resize.possible ||
		   (!resize.stays && model_can_fail(m, resize.heap, 32, op->size));
	if (can_fail)
		model_remember(m);
	p = heap_realloc(&m->heaps[resize.heap], resize.old.at, op->size);
	if (p) {
		end(m, op, &resize, p);
		return;
	}
	if (!model_after(m, resize.heap, resize.possible, op->size > MODEL_ABSURD))
		return;
	if (!can_fail)
		model_fail(m, "heap_realloc: NULL, but there is memory");
	model_unchanged(m, "heap_realloc, which returned NULL,");
}
