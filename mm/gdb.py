# SPDX-License-Identifier: MIT
"""
gdb.py - commands for gdb that print what mm/ keeps in memory

	make debug		loads this file
	mp-pages [ALLOCATOR]	the ranges of a page allocator (kernel_pages)
	mp-heap [HEAP]		spans, free lists and top of a heap (kernel_heap)
	mp-pool POOL		nodes and large blocks of a pool

Arguments are C expressions: an object, or a pointer to one. A bare address needs a
cast: mp-pool (struct mp_pool_s *)0x1e6020. The commands trust the layout of the
structs, not their contents.
"""
import gdb

# As in heap_block.h.
BLOCK_FREE = 1
SIZE_MASK = (1 << 48) - 32
# As in heap.h.
FL_COUNT = 48
SL_COUNT = 16
MANY = 100000


def read(words, default, name):
    """The struct that a command's argument names."""
    value = gdb.parse_and_eval(words or default)
    if value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR:
        if int(value) == 0:
            raise gdb.GdbError(f"{words} is NULL")
        value = value.dereference()
    if str(value.type.strip_typedefs().unqualified()) != name:
        raise gdb.GdbError(f"{words or default} is no {name}")
    return value


def pointed(kind, address):
    """*(struct KIND *)ADDRESS"""
    return gdb.Value(address).cast(gdb.lookup_type("struct " + kind).pointer()).dereference()


def chain(first, member="next"):
    """The objects of a list that ends with NULL."""
    for _ in range(MANY):
        if int(first) == 0:
            return
        yield first.dereference()
        first = first[member]
    print(f"  ... stopped after {MANY}: a circle?")


def mark(heap, address):
    """heap_mark(): what a heap's owners mark a live object with"""
    return (address ^ int(heap["secret"])) * 0x9E3779B97F4A7C15 % (1 << 64)


def header_size():
    return gdb.lookup_type("struct heap_block")["links"].bitpos // 8


def size_of(kind):
    return gdb.lookup_type("struct " + kind).sizeof


class Command(gdb.Command):
    """What all of them have in common: memory may be anything."""

    def __init__(self, name):
        super().__init__(name, gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, words, from_tty):
        try:
            self.show(words)
        except gdb.MemoryError as error:
            raise gdb.GdbError(f"the rest is damaged: {error}")


class Pages(Command):
    """mp-pages [ALLOCATOR]: the ranges of a page allocator, kernel_pages if none is given"""

    def show(self, words):
        pa = read(words, "kernel_pages", "struct page_allocator")
        ranges = [pa["ranges"][i] for i in range(min(int(pa["nr_ranges"]), 32))]
        print(f"pages: {int(pa['used'])} given out, at most {int(pa['peak'])}, "
              f"{int(pa['failed'])} requests failed")
        for i, r in enumerate(ranges):
            start, frontier, end = (int(r[name]) for name in ("start", "next", "end"))
            wrong = "" if start <= frontier <= end else "  DAMAGED"
            print(f"  {start:#014x}-{end:#014x}  {(frontier - start) >> 12} of {(end - start) >> 12} "
                  f"pages, frontier {frontier:#x}{wrong}")


def list_sizes(fl, sl):
    """The smallest and the largest blocks in a free list: list_level() backwards."""
    low = ((SL_COUNT + sl) << fl) // SL_COUNT
    return low, max(low, low + (1 << fl) // SL_COUNT - 32)


class Heap(Command):
    """mp-heap [HEAP]: spans, free lists and top of a heap, kernel_heap if none is given"""

    def show(self, words):
        heap = read(words, "kernel_heap", "struct heap")
        print(f"heap at {int(heap.address):#x}, newest span first")
        for span in chain(heap["spans"]):
            self.show_span(heap, span)
        self.show_lists(heap)

    def show_span(self, heap, span):
        """Walks from header to header, and says where they cease to make sense."""
        header = header_size()
        start, end = int(span.address), int(span["end"])
        at = start + size_of("heap_span")
        newest = end - header == int(heap["sentinel"])
        stop = int(heap["top"]) if newest else end - header
        count, sums, before, wrong = [0, 0], [0, 0], 0, ""
        while at < stop:
            block = pointed("heap_block", at)
            state = int(block["tag"]) ^ int(heap["stamp"])
            size, free = state & SIZE_MASK, state & BLOCK_FREE
            if state & ~(SIZE_MASK | BLOCK_FREE) or not size or int(block["prev"]) != before:
                wrong = f"; the header at {at:#x} is DAMAGED"
                break
            count[free] += 1
            sums[free] += size
            before = size
            at += size
        if not wrong and (at != stop or int(pointed("heap_block", at)["prev"]) != before):
            wrong = f"; the header at {stop:#x} is DAMAGED"
        print(f"  span {start:#x}-{end:#x}: {count[0]} used blocks of {sums[0]} bytes, "
              f"{count[1]} free of {sums[1]}{wrong}")
        if newest and not wrong:
            print(f"  top  {stop:#x}, {end - header - stop} bytes free")

    def show_lists(self, heap):
        total = 0
        for fl in range(FL_COUNT):
            bits = int(heap["sl_bitmap"][fl])
            for sl in (sl for sl in range(SL_COUNT) if bits >> sl & 1):
                blocks = list(self.members(heap, fl, sl))
                total += len(blocks)
                low, high = list_sizes(fl, sl)
                print(f"  free list fl {fl} sl {sl}, of {low} to {high} bytes: " +
                      " ".join(f"{at:#x}" for at in blocks[:8]) +
                      (f" and {len(blocks) - 8} more" if len(blocks) > 8 else ""))
        print(f"  {total} blocks in free lists")

    def members(self, heap, fl, sl):
        """The payloads of the blocks in a list, a ring through its head."""
        head = heap["lists"][fl][sl].address
        links = head.dereference()["next"]
        for _ in range(MANY):
            if links == head:
                return
            if links["prev"].dereference()["next"] != links:
                print(f"  free list fl {fl} sl {sl} is DAMAGED at {int(links):#x}")
                return
            yield int(links)
            links = links["next"]


class Pool(Command):
    """mp-pool POOL: the nodes and the large blocks of a pool"""

    def show(self, words):
        if not words:
            raise gdb.GdbError("which pool? mp-pool POOL")
        pool = read(words, None, "struct mp_pool_s")
        size = int(pool["size"])
        print(f"pool at {int(pool.address):#x}: nodes of {size} bytes, small is up to "
              f"{int(pool['max'])}")
        heap = pool["heap"].dereference()
        words = sum(int(pool[name]) for name in ("heap", "current", "older", "large", "size", "max"))
        if int(pool["cookie"]) != (~int(pool.address) + words) % 2**64:
            print("  DAMAGED, or not alive: its cookie is wrong")
        # The first node lies in the pool; its next is the newest, and so on back in time.
        self.show_node(pool, pool["head"][0], "first")
        for i, node in enumerate(chain(pool["head"][0]["next"])):
            self.show_node(pool, node, "" if i else "newest")
        prev, count = 0, 0
        for record in chain(pool["large"]):
            self.show_large(pool, heap, record, prev)
            prev, count = record.address, count + 1
        if count != int(pool["nr_large"]):
            print(f"  DAMAGED: {count} large blocks are in the list, of {int(pool['nr_large'])}")

    def show_node(self, pool, node, age):
        free = int(node["end"]) - int(node["last"])
        role = "current" if node.address == pool["current"] else \
            "older" if node.address == pool["older"] else ""
        wrong = "" if 0 <= free <= int(pool["size"]) else "  DAMAGED"
        print(f"  node {int(node.address):#x} {age:7}{role:8} {int(pool['size']) - free} used, "
              f"{free} free at {int(node['last']):#x}, failed {int(node['failed'])}{wrong}")

    def show_large(self, pool, heap, record, prev):
        """A record is alive if its cookie is right: mp_large_cookie() in mp_internal.h."""
        at = int(record.address)
        block = pointed("heap_block", at - header_size())
        size = (int(block["tag"]) ^ int(heap["stamp"])) & SIZE_MASK
        words = sum(int(record[name]) for name in ("next", "prev", "nodes"))
        cookie = ((mark(heap, at) ^ int(pool.address)) + words) % 2**64
        good = int(record["cookie"]) == cookie and int(record["prev"]) == int(prev)
        record_size = size_of("mp_large_s")
        print(f"  large {at + record_size:#x}, {size - header_size() - record_size} "
              f"bytes{'' if good else '  DAMAGED'}")


Pages("mp-pages")
Heap("mp-heap")
Pool("mp-pool")
