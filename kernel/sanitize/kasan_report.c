// SPDX-License-Identifier: MIT
/*
 * kasan_report.c - reports a forbidden access and what the address belongs to
 */
#include <kernel/lib/printk.h>
#include <kernel/report/heap_text.h>
#include <kernel/report/panic.h>
#include <kernel/report/report.h>
#include <kernel/sanitize/kasan.h>

#define ROW (16 * KASAN_GRANULE) /* bytes of memory per printed row of shadow */

bool kasan_reporting;

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
	char text[400];

	kasan_reporting = true;
	kind = mistake_kind(bad, &details);
	snprintf(text, sizeof(text), "KASAN: %s: %s of %zu bytes at %#lx, by %s: %s%s", kind,
		 is_write ? "write" : "read", n, at, place_text(&place).text, details.text,
		 address_text(bad).text);
	kasan_reporting = false;
	if (panic_notifier)
		panic("%s", text);
	printk_taker = NULL;
	kasan_reporting = true;
	printk("\n# %s\n", text);
	print_shadow(bad);
	backtrace_print(place);
	bail_out("%s", text);
}
