// SPDX-License-Identifier: MIT
/*
 * asan_report.c - after ASan's report: which object of which pool it was
 *
 * ASan knows what is poisoned, but not why. In a program with red zones, mm/ knows the rest:
 *
 *	mp_pool: red zone: 0 bytes after the object of 13 bytes at 0x..., byte 109 of a used
 *	heap block of 4240 bytes at 0x..., the first node of the pool at 0x...
 *
 * Linking this file is enough.
 */
#include <stdio.h>

#include <kernel/report/heap_text.h>
#include <mm/page.h>
#include <mm/poison.h>

#if MP_REDZONE
#include <sanitizer/asan_interface.h>

/* ASan calls this when it has printed its report. */
static void report(void)
{
	uintptr_t at = (uintptr_t)__asan_get_report_address();
	struct report_text details, block;
	const char *kind;

	if (!__asan_report_present())
		return;
	/* The access may begin before the byte that must not be touched, at most 15 bytes. */
	for (int i = 0; i < 16 && !mm_is_poisoned((void *)at); i++)
		at++;
	if (!page_is_used(&kernel_pages, (void *)at, 1))
		return;
	kind = mistake_kind(at, &details);
	block = heap_text(at);
	fprintf(stderr, "mp_pool: %s: %s%s\n", kind, details.text,
		block.text[0] ? block.text : "in no block of the heap");
}

__attribute__((constructor)) static void install(void)
{
	__sanitizer_set_death_callback(report);
}
#endif
