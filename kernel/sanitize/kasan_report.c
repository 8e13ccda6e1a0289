// SPDX-License-Identifier: MIT
/*
 * kasan_report.c - reports a forbidden access and what the address belongs to
 *
 * There is no list of the objects of a pool. An object is what lies between two red zones.
 */
#include <kernel/lib/printk.h>
#include <kernel/report/panic.h>
#include <kernel/report/report.h>
#include <kernel/sanitize/kasan.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>

#define ROW (16 * KASAN_GRANULE) /* bytes of memory per printed row of shadow */

bool kasan_reporting;

struct object {
	uintptr_t start, end;
};

/* The object between @low and @high that is closest to @at; all zeros if there is none. */
static struct object find_object(uintptr_t at, uintptr_t low, uintptr_t high)
{
	const struct page_range *range = kasan_range(at);
	struct object object = { 0, 0 };
	uintptr_t away = 0;

	at &= -KASAN_GRANULE;
	while (away < high - low && !(at - away >= low && kasan_usable(range, at - away)) &&
	       !(at + away < high && kasan_usable(range, at + away)))
		away += KASAN_GRANULE;
	if (away >= high - low)
		return object;
	at = at - away >= low && kasan_usable(range, at - away) ? at - away : at + away;
	for (object.start = at; object.start > low; object.start -= KASAN_GRANULE)
		if (kasan_usable(range, object.start - KASAN_GRANULE) < KASAN_GRANULE)
			break;
	while (at < high && kasan_usable(range, at) == KASAN_GRANULE)
		at += KASAN_GRANULE;
	object.end = at < high ? at + kasan_usable(range, at) : at;
	return object;
}

/* Names the kind of mistake that an access to @at is. @details gets what else is known. */
static const char *kind_of(uintptr_t at, struct report_text *details)
{
	struct pool_place owner = { 0 };
	struct heap_place place;
	struct object object;
	uintptr_t low;

	details->text[0] = '\0';
	if (at >= kasan_range(at)->next)
		return "page not given out";
	heap_find(&kernel_heap, (const void *)at, &place);
	low = (uintptr_t)place.block;
	if (place.kind == HEAP_FREE)
		return "use after free";
	if (place.kind != HEAP_USED)
		return "poisoned memory";
	if (at < low)
		return "header of a heap block";
	if (pool_find(place.block, &owner) && owner.node && at >= (uintptr_t)owner.node->last &&
	    at < (uintptr_t)owner.node->end)
		return "pool memory that is not allocated";
	object = find_object(at, low + owner.header, low + place.size);
	if (object.end)
		snprintf(details->text, sizeof(details->text),
			 "%lu bytes %s the object of %lu bytes at %#lx, ",
			 at < object.start ? object.start - at : at - object.end,
			 at < object.start ? "before" : "after", object.end - object.start,
			 object.start);
	else if (!owner.pool)
		snprintf(details->text, sizeof(details->text), "in quarantine, ");
	return object.end || owner.pool ? "red zone" : "use after free";
}

/* The shadow around @at. */
static void print_shadow(uintptr_t at)
{
	for (uintptr_t row = (at & -ROW) - ROW; row <= at + ROW; row += ROW) {
		const struct page_range *range = kasan_range(row);

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
 * kasan_report() - report a forbidden access and end the machine
 * @at: the address of the access
 * @n: its size in bytes
 * @is_write: whether it is a store
 * @bad: the first byte of it that must not be touched
 * @frame: frame[1] is the code address of the access, frame[0] its frame pointer
 *
 * A test that expects a panic gets the report's first line as the reason.
 */
void kasan_report(uintptr_t at, size_t n, bool is_write, uintptr_t bad, const uintptr_t *frame)
{
	const struct place place = { frame[1], (uintptr_t)(frame + 2), frame[0], true };
	struct report_text details;
	const char *kind;
	char text[320];

	kasan_reporting = true;
	kind = kind_of(bad, &details);
	snprintf(text, sizeof(text), "KASAN: %s: %s of %zu bytes at %#lx, by %s: %s%s", kind,
		 is_write ? "write" : "read", n, at, place_text(&place).text, details.text,
		 address_text(bad).text);
	kasan_reporting = false;
	if (panic_notifier)
		panic("%s", text);
	kasan_reporting = true;
	printk("\n# %s\n", text);
	print_shadow(bad);
	backtrace_print(place);
	bail_out("%s", text);
}
