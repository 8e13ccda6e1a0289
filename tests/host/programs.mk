# SPDX-License-Identifier: MIT
#
# programs.mk - the programs for this system: suites, model, misuse table, benchmark
#
# The Makefile includes this file. All are built from the same mm/ as the kernel.

# Suites are also built for Linux, with the code that they test. Left out are those that need the
# machine, and those that test functions of which libc has its own.
kernel-only := tests/bench/% $(addprefix tests/monitor/,monitor.c machine.c look/map.c) $(wildcard tests/plot/*.c) tests/crash/% tests/demo/% tests/suites/boot/% tests/kunit/programs.c \
	$(addprefix tests/suites/kernel/,string_test.c printk_test.c report_test.c kasan_test.c \
	ram_test.c)
# After a report of ASan, this says which object of which pool it was.
asan-sources := kernel/report/heap_text.c kernel/report/pool_place.c tests/host/asan_report.c
suites-sources := $(sort $(wildcard mm/*.c)) kernel/cmdline.c kernel/memory_map.c kernel/lib/format.c \
	$(filter-out $(kernel-only),$(test-sources)) $(asan-sources) tests/host/main.c

# Rules for objects of such programs: $(1) is the folder in $(O), $(2) the compiler, $(3) its flags.
define host-objects
$(if $(cc-version),$(call stamp,$(O)/$(1)/.cc-stamp,$(shell $(2) --version | head -n 1) $(2) $(c-flags) $(3) $(CFLAGS)))
$(O)/$(1)/%.c.o: %.c $(O)/$(1)/.cc-stamp Makefile tests/host/programs.mk
	@mkdir -p $$(@D)
	$$(call quiet,HOSTCC,'$$(<:.c=.o) ($(1))')$(2) $(c-flags) $(3) $(CFLAGS) -MMD -MP -c -o $$@ $$<
endef
# $(call link-host,COMPILER,FLAGS): links all prerequisites into one program.
link-host = $(call quiet,HOSTLD,$@)$(1) $(2) $(CFLAGS) $(LDFLAGS) -o $@ $^

# The monitor's copy of mm/, which tells what it decides; see watched.o in the Makefile. $(1) is the
# folder in $(O), $(2) the compiler.
host-objcopy := $(firstword $(call present,objcopy llvm-objcopy) objcopy)
define host-watched
$(O)/$(1)/watched/%.c.o: %.c $(O)/$(1)/.cc-stamp Makefile tests/host/programs.mk
	@mkdir -p $$(@D)
	$$(call quiet,HOSTCC,'$$(<:.c=.o) ($(1), watched)')$(2) $(c-flags) $(3) $(watched-flags) $(CFLAGS) -MMD -MP -c -o $$@ $$<
$(O)/$(1)/watched.o: $(patsubst $(O)/watched/%,$(O)/$(1)/watched/%,$(watched))
	$$(call quiet,HOSTLD,$$@)$(2) -r -nostdlib -o $$@ $$^ && $(host-objcopy) --keep-global-symbol=world_watched $$@
endef

# The suites under sanitizers: once for each installed compiler, and once with red zones. $(1) is
# the folder in $(O), $(2) the compiler, $(3) more flags.
SANITIZE := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
define suites
$(call host-objects,$(1),$(2),$(SANITIZE) $(3))
$(call host-watched,$(1),$(2),$(SANITIZE) $(3))
$(O)/$(1)/suites: $(patsubst %,$(O)/$(1)/%.o,$(suites-sources)) $(O)/$(1)/watched.o
	$$(call link-host,$(2),$$(SANITIZE))
test-programs: $(O)/$(1)/suites
endef
compilers := $(call present,gcc clang)
$(foreach compiler,$(compilers),$(eval $(call suites,suites-$(compiler),$(compiler))))
$(eval $(call suites,suites-redzone,$(HOSTCC),-DMP_REDZONE=32))

# The same suites and traces, while growth fails.
$(O)/sweep: $(O)/suites-gcc/tests/host/model/sweep.c.o $(filter-out %/tests/host/main.c.o,$(suites-sources:%=$(O)/suites-gcc/%.o)) $(O)/suites-gcc/watched.o
	$(call link-host,gcc,$(SANITIZE) -Wl$(comma)--wrap=page_alloc$(comma)--wrap=page_extend)
test-programs: $(if $(filter gcc,$(compilers)),$(O)/sweep)

# The model: with each compiler and each alignment, with and without red zones. (Red zones must be a
# multiple of the alignment.)
model-builds := $(foreach compiler,$(compilers),$(foreach build,8-0 8-32 16-0 16-32 32-0 32-32 64-0 \
	64-64,$(compiler)-$(build)))
model-programs := $(model-builds:%=$(O)/model/%)
model-sources := $(wildcard mm/*.c) $(filter-out %_test.c,$(wildcard tests/model/*.c tests/model/pools/*.c)) tests/host/model/model.c
$(model-programs): part = $(word $(1),$(subst -, ,$(@F)))
$(model-programs): $(model-sources) $(wildcard mm/*.h tests/*/*.h tests/model/pools/*.h kernel/*/*.h) Makefile tests/host/programs.mk
	@mkdir -p $(@D)
	$(call quiet,HOSTCC,$@)$(call part,1) $(c-flags) $(SANITIZE) -UMP_ALIGNMENT -DMP_ALIGNMENT=$(call part,2) \
		-DMP_REDZONE=$(call part,3) $(CFLAGS) $(LDFLAGS) -o $@ $(model-sources)
.PHONY: model-programs
model-programs: $(model-programs)
test-programs: model-programs

# The misuse table as a program of this system: plain, but a misaligned access is a fault; and with
# red zones under ASan.
define misuse
$(call host-objects,misuse-$(1),$(HOSTCC),-O1 $(2))
$(O)/misuse-$(1)/misuse: $(patsubst %,$(O)/misuse-$(1)/%.o,$(sort $(wildcard mm/*.c)) \
	$(sort $(wildcard tests/misuse/*.c tests/misuse/undo/*.c tests/misuse/grow/*.c)) $(asan-sources) tests/host/misuse.c)
	$$(call link-host,$(HOSTCC),$(2))
test-programs: $(O)/misuse-$(1)/misuse
endef
$(eval $(call misuse,plain,-fsanitize=alignment -fsanitize-undefined-trap-on-error))
$(eval $(call misuse,asan,-DMP_REDZONE=32 -fsanitize=address -fno-omit-frame-pointer))

# The worked example of mm/README.md.
$(O)/docs/walk: $(patsubst %,$(O)/mp_pool/%.o,$(sort $(wildcard tests/docs/*.c))) $(O)/libmp_pool.a
	@mkdir -p $(@D)
	$(call link-host,$(HOSTCC))

# mp_pool and the allocators to compare it with, as far as pkg-config finds them. jemalloc and
# mimalloc are loaded at run time: if they were linked, they would replace malloc() for the others.
ifneq ($(findstring bench-host,$(goal)),)
peer = $(shell pkg-config --exists $(2) 2>/dev/null && echo $(1) && pkg-config --cflags $(2))
bench-flags := -D_GNU_SOURCE $(call peer,-DBENCH_APR,apr-1) $(call peer,-DBENCH_TALLOC,talloc)
$(eval $(call host-objects,bench-host,$(HOSTCC),$(bench-flags)))
bench-objects := $(patsubst %,$(O)/bench-host/%.o,$(sort $(wildcard mm/*.c tests/host/bench/bench*.c tests/host/bench/peers/*.c)) \
	tests/replay/trace.c)
.PHONY: bench-host-program
bench-host-program: $(O)/bench-host/bench
	@:
$(O)/bench-host/bench: $(bench-objects)
	$(call link-host,$(HOSTCC)) $(if $(findstring BENCH_APR,$(bench-flags)),-lapr-1) \
		$(if $(findstring BENCH_TALLOC,$(bench-flags)),-ltalloc) -ldl -lm
endif
