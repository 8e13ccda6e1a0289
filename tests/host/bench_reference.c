// SPDX-License-Identifier: MIT
#include <tests/host/bench.h>
static bool is_there(void) { return false; }
struct bench_contender bench_reference = { .name = "reference", .is_there = is_there };
