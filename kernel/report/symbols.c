// SPDX-License-Identifier: MIT
/*
 * symbols.c - names for addresses
 *
 * The Makefile links the kernel, makes a table of its symbols (kernel/report/tables), and
 * links it again with the table. While the table is empty, addresses are printed as numbers.
 */
#include <stddef.h>

#include <kernel/lib/printk.h>
#include <kernel/linker.h>
#include <kernel/report/report.h>

/* The last symbol at or below @address; NULL outside the kernel or if there is none. */
static const struct symbol *find(uintptr_t address)
{
	const struct symbol *low = __symbols_start, *high = __symbols_end;

	if (address < IMAGE_START || address >= (uintptr_t)__symbols_start)
		return NULL;
	/* Symbols before low are at or below the address, those from high on above it. */
	while (low < high) {
		const struct symbol *middle = low + (high - low) / 2;

		if (middle->address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low > __symbols_start ? low - 1 : NULL;
}

/**
 * symbol_start() - find the start of the function or object at an address
 * @address: any
 *
 * Return: the address of its symbol, or 0 if it has none.
 */
uintptr_t symbol_start(uintptr_t address)
{
	const struct symbol *symbol = find(address);

	return symbol ? symbol->address : 0;
}

/**
 * place_text() - name a place in the code
 * @place: the place
 *
 * Return: "name+0x12/0x80", with offset and size in bytes; the address if there is no name.
 */
struct report_text place_text(const struct place *place)
{
	const struct symbol *symbol = find(place->pc - place->returned);
	struct report_text result;
	uintptr_t end;

	if (!symbol) {
		snprintf(result.text, sizeof(result.text), "0x%lx", place->pc);
		return result;
	}
	end = symbol + 1 < __symbols_end ? symbol[1].address : (uintptr_t)__symbols_start;
	snprintf(result.text, sizeof(result.text), "%s+0x%lx/0x%lx",
		 (const char *)(uintptr_t)symbol->name, place->pc - symbol->address,
		 end - symbol->address);
	return result;
}

/**
 * symbol_text() - name an address
 * @address: any
 *
 * Return: as place_text().
 */
struct report_text symbol_text(uintptr_t address)
{
	return place_text(&(struct place){ .pc = address });
}
