// SPDX-License-Identifier: MIT
/*
 * address.c - says what an address belongs to
 */
#include <kernel/arch.h>
#include <kernel/lib/printk.h>
#include <kernel/linker.h>
#include <kernel/report/heap_text.h>
#include <kernel/report/report.h>
#include <mm/page.h>

/* The parts of the kernel's image, highest addresses first. */
static const struct {
	const void *start;
	const char *name;
} parts[] = {
	{ __symbols_start, "kernel symbols" },
	{ __data_start, "kernel data" },
	{ __rodata_start, "kernel rodata" },
	{ __image_start, "kernel text" },
};

static void describe_image(uintptr_t at, struct report_text *result)
{
	unsigned int i = 0;

	while (at < (uintptr_t)parts[i].start)
		i++;
	snprintf(result->text, sizeof(result->text), "%s%s%s", parts[i].name, i ? ", " : "",
		 i ? symbol_text(at).text : ""); /* the table of symbols has no symbol itself */
}

/* An address in a page that was given out. */
static struct report_text describe_page(uintptr_t at)
{
	struct report_text result = heap_text(at);

	if (!result.text[0])
		snprintf(result.text, sizeof(result.text), "%s",
			 arch_is_page_table(at) ? "a page table" : "a page given out");
	return result;
}

static bool is_ram(uintptr_t at)
{
	for (unsigned int i = 0; i < kernel_pages.nr_ranges; i++)
		if (at >= kernel_pages.ranges[i].start && at < kernel_pages.ranges[i].end)
			return true;
	return false;
}

/**
 * address_text() - say what an address belongs to
 * @at: any address; it is not read
 *
 * Return: the description, in words.
 */
struct report_text address_text(uintptr_t at)
{
	struct report_text result;
	bool guard;
	const char *name = arch_stack_name(at, &guard);

	if (name) {
		snprintf(result.text, sizeof(result.text), "%s%s",
			 guard ? "stack guard of the " : "", name);
	} else if (at >= IMAGE_START && at < IMAGE_END) {
		describe_image(at, &result);
	} else if (at < MM_PAGE_SIZE) {
		snprintf(result.text, sizeof(result.text), "the null page");
	} else if (page_is_used(&kernel_pages, (const void *)at, 1)) {
		result = describe_page(at);
	} else if (is_ram(at)) {
		snprintf(result.text, sizeof(result.text), "RAM not given out");
	} else {
		name = arch_place_name(at, at, false);
		snprintf(result.text, sizeof(result.text), "outside RAM%s%s%s", *name ? " (" : "",
			 name, *name ? ")" : "");
	}
	return result;
}
