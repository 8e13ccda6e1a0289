// SPDX-License-Identifier: MIT
/*
 * kasan_report.c - what was touched that must not be, and what it belongs to
 *
 * Objects are not written down anywhere: what lies between two red zones is one.
 */
#include <kernel/kasan.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/report.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>

#define ROW (16 * KASAN_GRANULE) /* of the shadow that is shown */

/* What may be used between @low and @high, as close to @at as there is any. */
static bool find_object(uintptr_t at, uintptr_t low, uintptr_t high, uintptr_t *start,
			uintptr_t *end)
{
	const struct page_range *range = kasan_range(at);
	uintptr_t before = at & -KASAN_GRANULE, after = before;

	while (before >= low && !kasan_usable(range, before))
		before -= KASAN_GRANULE;
	while (after < high && !kasan_usable(range, after))
		after += KASAN_GRANULE;
	if (before < low && after >= high)
		return false;
	if (before < low ||
	    (after < high && after - at < at - before - kasan_usable(range, before)))
		before = after;
	*start = *end = before;
	while (*start > low && kasan_usable(range, *start - KASAN_GRANULE) == KASAN_GRANULE)
		*start -= KASAN_GRANULE;
	while (*end < high && kasan_usable(range, *end) == KASAN_GRANULE)
		*end += KASAN_GRANULE;
	if (*end < high)
		*end += kasan_usable(range, *end);
	return true;
}

/* What kind of mistake it is to touch @at, and which object is the nearest. */
static const char *kind_of(uintptr_t at, struct report_text *object)
{
	struct pool_place owner = { 0 };
	struct heap_place place;
	uintptr_t low, high, start, end;
	bool owned;

	object->text[0] = '\0';
	if (at >= kasan_range(at)->next)
		return "page not given out";
	heap_find(&kernel_heap, (const void *)at, &place);
	if (place.kind == HEAP_OUTSIDE || place.kind == HEAP_BROKEN)
		return "poisoned memory";
	if (place.kind == HEAP_FREE)
		return "use after free";
	low = (uintptr_t)place.block;
	high = low + place.size;
	if (at < low)
		return "header of a heap block";
	owned = pool_find(place.block, &owner);
	low += owner.header;
	if (owner.node && at >= (uintptr_t)owner.node->last && at < (uintptr_t)owner.node->end)
		return "pool memory that is not allocated";
	if (!find_object(at, low, high, &start, &end)) {
		if (owned)
			return "red zone";
		snprintf(object->text, sizeof(object->text), "in quarantine, ");
		return "use after free";
	}
	snprintf(object->text, sizeof(object->text),
		 "%lu bytes %s the object of %lu bytes at %#lx, ",
		 at < start ? start - at : at - end, at < start ? "before" : "after", end - start,
		 start);
	return "red zone";
}

/* The shadow around @at. */
static void print_shadow(uintptr_t at)
{
	const struct page_range *range;

	for (uintptr_t row = (at & -ROW) - ROW; row <= at + ROW; row += ROW) {
		range = kasan_range(row);
		if (!range || row >= range->next)
			continue;
		printk("# shadow of %016lx:", row);
		for (uintptr_t i = row; i < row + ROW; i += KASAN_GRANULE)
			printk(i == (at & -KASAN_GRANULE) ? " <%02x>" : " %02x",
			       *kasan_shadow(range, i));
		printk("\n");
	}
}

/**
 * kasan_report() - report a mistake and end the machine
 * @at: the address of an access
 * @n: its size
 * @is_write: its kind
 * @bad: the first byte that must not be touched
 * @frame: frame[1] is where the access is, frame[0] the frame pointer there
 *
 * A test that expects a panic gets its last line.
 */
void kasan_report(uintptr_t at, size_t n, bool is_write, uintptr_t bad, const uintptr_t *frame)
{
	const struct place place = {
		.pc = frame[1],
		.sp = (uintptr_t)(frame + 2),
		.fp = frame[0],
		.returned = true,
	};
	struct report_text object, address;
	const char *kind;

	kasan_reporting = true;
	kind = kind_of(bad, &object);
	address = address_text(bad);
	if (!panic_notifier) {
		printk("\n# KASAN: %s: %s of %zu bytes at %#lx, by %s\n", kind,
		       is_write ? "write" : "read", n, at, place_text(&place).text);
		printk("# address %016lx: %s%s\n", bad, object.text, address.text);
		print_shadow(bad);
		backtrace_print(place);
	}
	kasan_reporting = false;
	(panic_notifier ? panic : bail_out)("KASAN: %s: %s of %zu bytes at %#lx, by %s: %s%s", kind,
					    is_write ? "write" : "read", n, at,
					    place_text(&place).text, object.text, address.text);
}
