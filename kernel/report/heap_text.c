// SPDX-License-Identifier: MIT
/*
 * heap_text.c - says what an address in the pages of kernel_heap belongs to
 *
 * Needs nothing of the machine: the Linux programs of the tests use it, too.
 */
#include <kernel/lib/printk.h>
#include <kernel/report/heap_text.h>
#include <kernel/report/pool_place.h>
#include <mm/heap.h>
#include <mm/page.h>

/* Writes to @text, of @size bytes, what the block of which @at is a byte is to its pool. */
static mm_trusted void say_owner(char *text, size_t size, const struct pool_place *owner,
				 uintptr_t at)
{
	const struct mp_pool_s *parent = owner->pool->parent;
	const char *part = "";
	char kind[32], name[40] = "", above[48] = "";

	snprintf(kind, sizeof(kind), "%s", owner->kind);
	if (owner->cleanup) {
		bool is_data = at >= (uintptr_t)owner->cleanup + owner->header;

		part = is_data ? "the data of " : "the record of ";
		if (owner->number)
			snprintf(kind, sizeof(kind), "cleanup %u", owner->number);
	}
	if (owner->pool->name)
		snprintf(name, sizeof(name), " \"%.32s\"", owner->pool->name);
	if (parent)
		snprintf(above, sizeof(above), ", a child of the pool at 0x%lx", (uintptr_t)parent);
	snprintf(text, size, ", %s%s of the pool at 0x%lx%s%s", part, kind, (uintptr_t)owner->pool,
		 name, above);
}

/**
 * heap_text() - name the block of kernel_heap that an address lies in, and its pool
 * @at: the address; it is not read
 *
 * Return: the description, in words; "" if it lies in no block.
 */
mm_trusted struct report_text heap_text(uintptr_t at)
{
	static const char *const kinds[] = {
		[HEAP_USED] = "used",
		[HEAP_FREE] = "free",
		[HEAP_BROKEN] = "damaged",
	};
	struct report_text result = { "" };
	struct heap_place place;
	struct pool_place owner;
	char byte[32] = "the header";
	int length;

	heap_find(&kernel_heap, (const void *)at, &place);
	if (place.kind == HEAP_OUTSIDE)
		return result;
	if (at >= (uintptr_t)place.block)
		snprintf(byte, sizeof(byte), "byte %lu", at - (uintptr_t)place.block);
	length = snprintf(result.text, sizeof(result.text),
			  "%s of a %s heap block of %zu bytes at 0x%lx", byte, kinds[place.kind],
			  place.size, (uintptr_t)place.block);
	if (place.kind != HEAP_USED)
		return result;
	pool_find(&kernel_heap, place.block, &owner);
	if (owner.pool)
		say_owner(result.text + length, sizeof(result.text) - length, &owner, at);
	return result;
}

#if MP_REDZONE
/**
 * mistake_kind() - name the mistake that a forbidden access is
 * @at: the address of the first byte that must not be touched
 * @details: gets what else is known: which object the access misses, and by how much
 *
 * Return: the kind of mistake.
 */
mm_trusted const char *mistake_kind(uintptr_t at, struct report_text *details)
{
	struct pool_place owner;
	struct heap_place place;
	struct pool_object object;
	uintptr_t low;

	details->text[0] = '\0';
	if (!page_is_used(&kernel_pages, (const void *)at, 1))
		return "page not given out";
	heap_find(&kernel_heap, (const void *)at, &place);
	low = (uintptr_t)place.block;
	if (place.kind == HEAP_FREE)
		return "use after free";
	if (place.kind != HEAP_USED)
		return "poisoned memory";
	if (at < low)
		return "header of a heap block";
	pool_find(&kernel_heap, place.block, &owner);
	if (owner.node && at >= (uintptr_t)owner.node->last && at < (uintptr_t)owner.node->end)
		return "pool memory that is not allocated";
	object = pool_find_object(at, low + owner.header, low + place.size);
	if (!object.end && owner.pool)
		return "red zone";
	if (!object.end) {
		/* A block in quarantine is poisoned whole, and its pool or record is dead. */
		snprintf(details->text, sizeof(details->text), "in quarantine, ");
		return "use after free";
	}
	snprintf(details->text, sizeof(details->text),
		 "%lu bytes %s the object of %lu bytes at %#lx, ",
		 at < object.start ? object.start - at : at - object.end,
		 at < object.start ? "before" : "after", object.end - object.start, object.start);
	return "red zone";
}
#endif
