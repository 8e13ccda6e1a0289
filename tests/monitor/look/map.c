// SPDX-License-Identifier: MIT
/*
 * map.c - "map": all of RAM, and what it is used for; for the kernel only
 *
 *	address	|     RAM      |hole|           RAM                 |
 *	claims	|    |== kernel ==| |== session: |arena|...| ==|
 *
 * Everything that has memory claims it. We walk from one address where a claim begins or ends to
 * the next. The last claim on an address counts: it is the most special. No page is looked at, so
 * 900 GiB take no longer than 64 MiB.
 */
#include <kernel/arch.h>
#include <kernel/boot_info.h>
#include <kernel/linker.h>
#include <kernel/report/report.h>
#include <mm/heap_block.h>
#include <tests/monitor/look/draw.h>
#include <tests/monitor/text/text.h>

#define FIRST_MIB (1UL << 20)

/**
 * struct claims - who claims an address
 * @at: the address
 * @until: the next address where a claim begins or ends
 * @name: of the last claim; NULL: nobody claims it
 * @is_ram: the firmware says so
 */
struct claims {
	uint64_t at;
	uint64_t until;
	const char *name;
	bool is_ram;
};

static bool claim(struct claims *claims, uint64_t start, uint64_t end, const char *name)
{
	if (start > claims->at && start < claims->until)
		claims->until = start;
	if (end > claims->at && end < claims->until)
		claims->until = end;
	if (claims->at < start || claims->at >= end)
		return false;
	claims->name = name;
	return true;
}

/* What the firmware's map says: @is_ram: only where RAM is, or only where something else is. */
static bool claim_entries(struct claims *claims, const struct boot_info *boot, bool is_ram)
{
	bool claimed = false;

	for (unsigned int i = 0; i < boot->nr_memory; i++) {
		const struct boot_memory *entry = &boot->memory[i];

		bool is_wanted = (entry->type == BOOT_MEMORY_RAM) == is_ram;

		if (is_wanted)
			claimed |= claim(claims, entry->start, entry->start + entry->size,
					 is_ram ? "RAM, not used" : "the firmware's");
	}
	return claimed;
}

/* RAM is what at least one entry calls RAM, and no other something else. */
static void claim_firmware(struct claims *claims, const struct boot_info *boot)
{
	bool is_ram = claim_entries(claims, boot, true);

	claims->is_ram = !claim_entries(claims, boot, false) && is_ram;
}

/*
 * Where the page tables end that begin a range: they were the first pages that the kernel took.
 * Each question walks all tables, so few are asked.
 */
static uintptr_t tables_end(const struct page_range *range)
{
	uintptr_t low = range->start, high = range->next;

	while (low < high) {
		uintptr_t middle = low + ((high - low) / 2 & -MM_PAGE_SIZE);

		if (arch_is_page_table(middle))
			low = middle + MM_PAGE_SIZE;
		else
			high = middle;
	}
	return low;
}

static mm_trusted void claim_pages(struct claims *claims)
{
	for (size_t i = 0; i < kernel_pages.nr_ranges; i++) {
		const struct page_range *range = &kernel_pages.ranges[i];

		claim(claims, range->next, range->end, "free pages");
		if (claim(claims, range->start, range->next, "pages of the kernel"))
			claim(claims, range->start, tables_end(range), "page tables");
	}
	for (const struct heap_span *span = kernel_heap.spans; span; span = span->next)
		claim(claims, (uintptr_t)span, span->end, "the kernel's heap");
}

static void claim_arena(struct claims *claims, const struct world *world, const char *used,
			const char *free)
{
	uintptr_t start = (uintptr_t)world->arena;
	uintptr_t next = world->pages.nr_ranges ? world->pages.ranges[0].next : start;

	claim(claims, start, next, used);
	claim(claims, next, start + world->arena_bytes, free);
}

static void claim_session(struct claims *claims, const struct session *session)
{
	uintptr_t end = (uintptr_t)(session->log + session->max);

	claim(claims, (uintptr_t)session->world.arena, mp_align(end, MM_PAGE_SIZE),
	      "the session's names and log");
	claim_arena(claims, &session->world, "the arena, used", "the arena, free");
	claim_arena(claims, &session->plain, "the arena of cost, used", "the arena of cost, free");
}

static void claim_text(struct claims *claims, const struct text *text)
{
	if (text)
		claim(claims, (uintptr_t)text->memory, (uintptr_t)text->memory + text->bytes,
		      "the text's pool");
}

static void claim_image(struct claims *claims, const struct boot_info *boot)
{
	claim(claims, IMAGE_START, (uintptr_t)__rodata_start, "kernel text");
	claim(claims, (uintptr_t)__rodata_start, (uintptr_t)__data_start, "kernel rodata");
	claim(claims, (uintptr_t)__data_start, (uintptr_t)__bss_start, "kernel data");
	claim(claims, (uintptr_t)__bss_start, (uintptr_t)__bss_end, "kernel bss");
	claim(claims, (uintptr_t)__bss_end, (uintptr_t)__symbols_start, "stacks");
	claim(claims, (uintptr_t)__symbols_start, IMAGE_END, "kernel symbols");
	for (unsigned int i = 0; i < boot->nr_modules; i++)
		claim(claims, boot->modules[i].start,
		      boot->modules[i].start + boot->modules[i].size, "module (the trace)");
}

/* Who has the address @at? */
static struct claims look_at(const struct monitor *monitor, uint64_t at)
{
	const struct boot_info *boot = monitor->machine->boot;
	struct claims claims = { at, UINT64_MAX, NULL, false };

	claim_firmware(&claims, boot);
	if (!claims.is_ram)
		return claims;
	claim(&claims, 0, FIRST_MIB, "below 1 MiB, left alone");
	claim_pages(&claims);
	claim_session(&claims, &monitor->session);
	claim_text(&claims, monitor->text);
	claim_image(&claims, boot);
	return claims;
}

static uint64_t ram_bytes(const struct boot_info *boot)
{
	uint64_t ram = 0;

	for (struct claims claims = { 0 }; claims.at != UINT64_MAX; claims.at = claims.until) {
		claims.until = UINT64_MAX;
		claim_firmware(&claims, boot);
		ram += claims.is_ram ? claims.until - claims.at : 0;
	}
	return ram;
}

/* Prints a run of addresses that the same claim has; there is RAM. Returns its bytes of RAM. */
static uint64_t say_run(struct monitor *monitor, const struct claims *run, uint64_t ram)
{
	uint64_t bytes = run->until - run->at, tenths = bytes * 1000 / ram;
	const char *name = arch_place_name(run->at, run->until - 1, run->name);

	if (run->is_ram) {
		say_line(monitor, "%012lx-%012lx %13lu %3lu.%lu%%  %s", run->at, run->until - 1,
			 bytes, tenths / 10, tenths % 10, run->name);
		return bytes;
	}
	if (!*name)
		name = run->name ? run->name : "hole";
	if (run->until != UINT64_MAX) /* else nothing begins behind it */
		say_line(monitor, "%012lx-%012lx %20s  (%s)", run->at, run->until - 1, "no RAM",
			 name);
	return 0;
}

/* Prints all of RAM. */
void map_print(struct monitor *monitor)
{
	uint64_t ram = ram_bytes(monitor->machine->boot), sum = 0;
	struct claims run = look_at(monitor, 0), next;

	for (; run.until != UINT64_MAX; run = next) {
		next = look_at(monitor, run.until);
		if (next.name == run.name && next.is_ram == run.is_ram)
			next.at = run.at;
		else
			sum += say_run(monitor, &run, ram);
	}
	sum += say_run(monitor, &run, ram);
	say_line(monitor, "%lu bytes, which %s all of the firmware's RAM, %lu bytes", sum,
		 sum == ram ? "are" : "ARE NOT", ram);
}

/* Says what lies at an address outside of the session's arena. */
void map_find(struct monitor *monitor, uintptr_t at)
{
	struct claims claims = { .at = at, .until = UINT64_MAX };

	claim_session(&claims, &monitor->session);
	claim_text(&claims, monitor->text);
	say_line(monitor, "%#lx: %s", at, claims.name ? claims.name : address_text(at).text);
}
