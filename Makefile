# SPDX-License-Identifier: MIT
#
#	make setup run		install what is missing, build, boot
#	make help		list all targets and knobs
#
# "make help" prints the lines that begin with "##".

MAKEFLAGS += -rR --no-print-directory
.DELETE_ON_ERROR:
.SUFFIXES:

##Knobs, on the command line of make (default values in parentheses):
##  V=1            show whole commands
##  TESTS=0        build a kernel without tests
##  CC= LD=        compiler and linker: CC=clang LD=ld.lld works, too
##  CROSS_COMPILE= prefix of the tools, such as x86_64-elf- (on x86_64 none; elsewhere what is found)
##  O=             folder for all outputs (build)
##  QEMU=          the emulator (qemu-system-x86_64)
##  MACHINE=       pc, q35 or microvm (QEMU's default: pc)
##  MEM=           RAM: 8M to 900G (QEMU's default: 128M)
##  CPU=           QEMU's CPU model, such as max (QEMU's default: qemu64)
##  ACCEL=         tcg emulates the CPU; kvm and hvf use the host's, where they work (tcg)
##  APPEND=        more words for the kernel's command line: test=SUITE[.CASE] runs a part
##  MP_ALIGNMENT=  alignment of a pool's objects: 8, 16, 32 or 64 bytes (32)
##  UBSAN=1        panic on undefined behaviour, and say what and where
##  KASAN=1        panic on access to memory that is not allocated
##  TRACE=         a recorded trace to replay (run: tests/traces/nginx-static.mpt; bench-host: all)
##  ROUNDS=        how many programs "model" runs on each build (1000)
##  PREFIX=        where "install" installs (/usr/local)
##  DESTDIR=       a folder in front of PREFIX, for packages
##  QEMU_DEBUG=1   QEMU logs interrupts and resets to build/log/qemu-run.log
V :=
TESTS := 1
O := build
QEMU ?= qemu-system-x86_64
MACHINE :=
MEM :=
CPU :=
ACCEL :=
APPEND :=
MP_ALIGNMENT :=
UBSAN :=
KASAN :=
TRACE :=
ROUNDS :=
QEMU_DEBUG :=
PREFIX := /usr/local
DESTDIR :=

silent := $(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS))))
ifneq ($(V),1)
Q := @
quiet = @$(if $(silent),,printf '  %-7s %s\n' $(1) $(2);)
endif

ifneq ($(word 2,$(MAKECMDGOALS)),)
# Several goals run one after the other, each in a make of its own. So "make setup run" looks for
# the tools again after setup has installed them.
.PHONY: $(MAKECMDGOALS) in-turn
$(MAKECMDGOALS): in-turn ; @:
in-turn:
	+$(Q)for goal in $(MAKECMDGOALS); do $(MAKE) $$goal || exit; done
else

# --- Tools

# On x86_64 Linux and FreeBSD the system's tools are right; other systems need tools with a prefix.
ifeq ($(origin CROSS_COMPILE),undefined)
ifeq ($(filter Linux-x86_64 FreeBSD-amd64,$(shell uname -sm | tr ' ' -)),)
CROSS_COMPILE := $(shell for prefix in x86_64-elf- x86_64-linux-gnu- x86_64-unknown-linux-gnu- \
	x86_64-linux-musl-; do command -v $${prefix}ld >/dev/null && echo $$prefix && break; done)
endif
endif
ifneq ($(filter default undefined,$(origin CC)),)
CC := $(CROSS_COMPILE)gcc
endif
ifneq ($(filter default undefined,$(origin LD)),)
LD := $(CROSS_COMPILE)ld
endif
# $(call present,TOOL...): those of the tools that are installed.
present = $(foreach tool,$(1),$(if $(shell command -v $(tool) 2>/dev/null),$(tool)))
SIZE := $(firstword $(call present,$(CROSS_COMPILE)size llvm-size) size)
NM := $(firstword $(call present,$(CROSS_COMPILE)nm llvm-nm) nm)
READELF := $(firstword $(call present,$(CROSS_COMPILE)readelf llvm-readelf) readelf)
OBJCOPY := $(firstword $(call present,$(CROSS_COMPILE)objcopy llvm-objcopy) objcopy)
GDB := $(firstword $(call present,$(CROSS_COMPILE)gdb gdb gdb-multiarch) gdb)
AR := $(firstword $(call present,ar llvm-ar) ar)
# The compiler for programs that run on this system.
HOSTCC := $(if $(CROSS_COMPILE),cc,$(CC))
JOBS := $(shell nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)

goal := $(or $(MAKECMDGOALS),all)
ifeq ($(filter setup clean help,$(goal)),)
wanted := $(firstword $(CC)) $(if $(filter lib,$(goal)),,$(LD)) $(if $(filter run debug test replay bench,$(goal)),$(QEMU))
missing := $(filter-out $(call present,$(wanted)),$(wanted))
ifneq ($(missing),)
$(error missing: $(missing). 'make setup' installs what is missing \
	(by hand, on Debian: apt-get install gcc libc6-dev binutils qemu-system-x86))
endif
cc-version := $(shell $(CC) --version | head -n 1)
ld-version := $(shell $(LD) --version 2>/dev/null | head -n 1)
endif

# --- Flags

# The library's name says a setting that is not the default, so that several can be installed.
lib-name := mp_pool$(if $(filter-out 32,$(MP_ALIGNMENT)),-align$(MP_ALIGNMENT))
lib-settings := $(if $(filter-out 32,$(MP_ALIGNMENT)),-DMP_ALIGNMENT=$(MP_ALIGNMENT))

WARNINGS := -Wall -Wextra -Wundef -Wstrict-prototypes -Wmissing-prototypes
CFLAGS := -std=gnu11 -O2 -g -I. $(WARNINGS) $(if $(MP_ALIGNMENT),-DMP_ALIGNMENT=$(MP_ALIGNMENT))

# -mgeneral-regs-only: no SSE, because no code saves its registers.
# -mtune=skylake: gcc clears small objects of every size with stores, as clang does, not "rep stos".
# -mno-red-zone: traps would overwrite a red zone below the stack pointer.
# -mcmodel=small: the image is linked to 1 MiB, so every symbol fits 31 bits.
# -g (in CFLAGS) also serves backtraces: see kernel/report/tables.
KERNEL_CFLAGS := $(CFLAGS) -ffreestanding -m64 -mcmodel=small -fno-pic -mno-red-zone \
	-mgeneral-regs-only -fstack-protector-strong -mstack-protector-guard=global \
	-fcf-protection=none -mtune=skylake \
	-fno-optimize-sibling-calls -fno-asynchronous-unwind-tables -ffile-prefix-map=$(CURDIR)=.
# Without sibling calls, every function that is not inlined has its line in a backtrace. This file
# has them: its fast paths are measured as functions of their own.
$(O)/tests/bench/bench_calls.c.o: KERNEL_CFLAGS += -foptimize-sibling-calls
ifneq ($(findstring clang,$(cc-version)),)
KERNEL_CFLAGS += --target=x86_64-linux-gnu
endif
ifeq ($(UBSAN),1)
KERNEL_CFLAGS += -fsanitize=undefined
$(O)/kernel/sanitize/ubsan.c.o: KERNEL_CFLAGS += -fno-sanitize=undefined -Wno-missing-prototypes
endif
KERNEL_LDFLAGS := -m elf_x86_64 -nostdlib -static -z max-page-size=4096 -z noexecstack \
	--build-id=none
ifeq ($(KASAN),1)
kasan-options := asan-instrumentation-with-call-threshold=0 asan-stack=0 asan-globals=0
KERNEL_CFLAGS += -DMP_REDZONE=$(if $(filter 64,$(MP_ALIGNMENT)),64,32) -fsanitize=kernel-address \
	$(addprefix $(if $(findstring clang,$(cc-version)),-mllvm -,--param ),$(kasan-options))
KERNEL_LDFLAGS += --wrap=memset --wrap=memcpy --wrap=memmove
# Not instrumented: mm/ writes headers that other code must not touch, and the others report errors.
trusted := $(wildcard mm/*.c kernel/sanitize/kasan*.c) $(addprefix kernel/report/,pool_place.c heap_text.c fast_path.c) tests/model/before.c
$(trusted:%=$(O)/%.o): KERNEL_CFLAGS += -fno-sanitize=kernel-address -Wno-missing-prototypes
endif

# --- Sources of each program

# Files that serve a sanitizer are built only with it.
unwanted := $(if $(filter 1,$(UBSAN)),,kernel/sanitize/ubsan.c tests/crash/crash_ubsan.c) \
	$(if $(filter 1,$(KASAN)),,$(wildcard kernel/sanitize/kasan*.c tests/*/*kasan*.c tests/*/*/*kasan*.c))
under = $(sort $(shell find $(1) -name '*.[cS]'))
core-sources := $(filter-out $(unwanted),$(call under,arch kernel) $(sort $(wildcard mm/*.c)))
test-sources := $(filter-out $(unwanted) tests/host/% tests/example/% tests/docs/%,$(call under,tests))
core := $(core-sources:%=$(O)/%.o)
tests := $(if $(filter-out 0,$(TESTS)),$(test-sources:%=$(O)/%.o))

# Suites are also built for Linux, with the code that they test. Not those that need the machine,
# nor those that test functions of which libc has its own.
kernel-only := tests/bench/% tests/crash/% tests/demo/% tests/suites/boot/% tests/kunit/programs.c \
	$(addprefix tests/suites/kernel/,string_test.c printk_test.c report_test.c kasan_test.c \
	ram_test.c)
# What ASan's reports are followed by.
asan-sources := kernel/report/heap_text.c kernel/report/pool_place.c tests/host/asan_report.c
suites-sources := $(sort $(wildcard mm/*.c)) kernel/cmdline.c kernel/memory_map.c kernel/lib/format.c \
	$(filter-out $(kernel-only),$(test-sources)) $(asan-sources) tests/host/main.c

##
##Targets:
##  all            build the kernel, build/kernel.elf (the default)
.PHONY: all
all: $(O)/kernel.elf

##  run            boot it: memory map, demonstration, tests, replay, verdict
##  replay         boot it and replay TRACE=FILE
RUN = QEMU='$(QEMU)' O='$(O)' tests/run $(if $(ACCEL),-A '$(ACCEL)') \
	$(if $(MACHINE),-M '$(MACHINE)') $(if $(MEM),-m '$(MEM)') $(if $(CPU),-c '$(CPU)') \
	$(if $(filter 1,$(QEMU_DEBUG)),-d) -x
trace := $(or $(TRACE),$(if $(filter run debug iso test-programs,$(goal)),tests/traces/nginx-static.mpt))
# The recipes read it from the environment, because a file name may hold any character.
export TRACE_FILE = $(trace)
.PHONY: run replay
run: trace-is-there $(O)/kernel.elf
	$(Q)$(RUN) -n run -a 'demo$(if $(APPEND), $(APPEND))' \
		$(if $(filter 0,$(TESTS)),-e nothing,-i "$$TRACE_FILE")
replay: trace-is-there $(O)/kernel.elf
	$(Q)$(RUN) -n replay -a 'test=replay$(if $(APPEND), $(APPEND))' -i "$$TRACE_FILE"

##  debug          boot it under gdb, stopped; gdb knows the commands mp-pool, mp-heap, mp-pages
.PHONY: debug
debug: trace-is-there $(O)/kernel.elf
	$(Q)GDB='$(GDB)' $(RUN) -n debug -g tests/gdb/debug.gdb -a 'demo$(if $(APPEND), $(APPEND))' \
		$(if $(filter 0,$(TESTS)),,-i "$$TRACE_FILE")

##  iso            make a CD, build/mp_pool.iso, that boots on a BIOS and on UEFI; output is on COM1
.PHONY: iso
iso: trace-is-there $(O)/mp_pool.iso

.PHONY: trace-is-there
trace-is-there:
	@[ "$$TRACE_FILE" ] || { echo 'say which trace: make replay TRACE=FILE' >&2; exit 1; }
	@[ -f "$$TRACE_FILE" ] || { echo "$$TRACE_FILE: no such trace" >&2; exit 1; }

##  test           run all tests: boots on many machines, suites under sanitizers, bad logs and traces
.PHONY: test
test:
	+$(Q)$(MAKE) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS)) test-programs
	$(Q)QEMU='$(QEMU)' O='$(O)' JOBS='$(JOBS)' ACCEL='$(ACCEL)' HOSTCC='$(HOSTCC)' \
		SUITES='$(compilers)' NM='$(NM)' OBJCOPY='$(OBJCOPY)' GDB='$(GDB)' tests/run_all

# All that "test" runs. Kernels without tests and with sanitizers are builds in folders of their own.
.PHONY: test-programs bare-kernel ubsan-kernel kasan-kernel
test-programs: $(if $(call present,grub-mkrescue grub2-mkrescue),$(O)/mp_pool.iso)
test-programs: $(O)/kernel.elf bare-kernel align8-kernel ubsan-kernel kasan-kernel $(O)/libmp_pool.a $(O)/libmp_pool.so
bare-kernel:
	+$(Q)$(MAKE) TESTS=0 O=$(O)/bare all
ubsan-kernel:
	+$(Q)$(MAKE) UBSAN=1 O=$(O)/ubsan all
kasan-kernel:
	+$(Q)$(MAKE) KASAN=1 O=$(O)/kasan all

##  model          random programs on the allocators and on a naive model, as Linux programs
.PHONY: model
model: model-programs
	$(Q)for program in $(model-programs); do $$program -r $(or $(ROUNDS),1000) || exit; done

##  prove          damage mm/ on purpose, in 25 ways: the model must find each; takes minutes
.PHONY: prove
prove:
	$(Q)O='$(O)' CC='$(HOSTCC)' tests/model/prove

##  bench          count instructions and compare them with budgets; fails if one is exceeded
.PHONY: bench bench-programs align8-kernel
bench:
	+$(Q)$(MAKE) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS)) bench-programs
	$(Q)QEMU='$(QEMU)' O='$(O)' JOBS='$(JOBS)' tests/bench/bench
bench-programs: $(O)/kernel.elf align8-kernel
align8-kernel:
	+$(Q)$(MAKE) MP_ALIGNMENT=8 O=$(O)/align8 all

##  bench-host     time mp_pool, malloc() and other pools on this system; not part of "test"
.PHONY: bench-host
bench-host: $(O)/bench-host/bench
	$(Q)GLIBC_TUNABLES=glibc.rtld.optional_static_tls=65536 $< \
		$(or $(TRACE),$(sort $(wildcard tests/traces/*.mpt)))

##  check          check style, layers, line counts, warnings, undefined symbols
.PHONY: check
check:
	$(Q)O='$(O)' tests/check

##  size           print the size of the kernel, and of the part that arch/, kernel/ and mm/ make up
.PHONY: size
size: $(O)/kernel.elf
	$(sizes)

##  lib            build mm/ as a library for Linux programs: libmp_pool.a and libmp_pool.so
##  install        install the library, its headers, mp_pool.pc, the licence and gdb's commands below
##                 $(DESTDIR)$(PREFIX) (PREFIX=/usr/local); with MP_ALIGNMENT= beside others
##  uninstall      remove what "install" installed
.PHONY: lib install uninstall
lib: $(lib-name:%=$(O)/lib%.a) $(lib-name:%=$(O)/lib%.so)
install: lib
	$(Q)O='$(O)' NAME='$(lib-name)' DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' \
		SETTINGS='$(lib-settings)' tests/make/install
uninstall:
	$(Q)O='$(O)' NAME='$(lib-name)' DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' tests/make/install -u

##  setup          install what is missing; with CHECK=1 also what "make check" needs, with BENCH=1
##                 also the allocators that bench-host measures
.PHONY: setup
setup:
	$(Q)CHECK='$(CHECK)' BENCH='$(BENCH)' tests/setup

##  clean          remove all outputs
.PHONY: clean
clean:
	$(Q)rm -rf $(O)

##  help           print this text
.PHONY: help
help:
	@sed -n 's/^##//p' Makefile

# --- Rules

# A stamp file holds a command line and the version of its tool. It is written only when one of
# them has changed, and then everything that depends on it is built again.
stamp = $(shell mkdir -p '$(dir $(1))'; echo '$(subst ','\'',$(2))' | cmp -s - '$(1)' || \
	echo '$(subst ','\'',$(2))' >'$(1)')
ifdef cc-version
$(call stamp,$(O)/.cc-stamp,$(cc-version) $(CC) $(KERNEL_CFLAGS))
$(call stamp,$(O)/.ld-stamp,$(ld-version) $(LD) $(KERNEL_LDFLAGS) $(core) $(tests))
endif

$(O)/%.c.o: %.c $(O)/.cc-stamp Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$(<:.c=.o))$(CC) $(KERNEL_CFLAGS) -MMD -MP -c -o $@ $<
$(O)/%.S.o: %.S $(O)/.cc-stamp Makefile
	@mkdir -p $(@D)
	$(call quiet,AS,$(<:.S=.o))$(CC) $(KERNEL_CFLAGS) -MMD -MP -c -o $@ $<

# The kernel holds tables of its own symbols and frames. Their addresses are known only after the
# link, so the kernel is linked twice. The tables lie behind everything else: adding them moves
# nothing.
link = $(LD) $(KERNEL_LDFLAGS) -T linker.ld -o $@ $(core) $(tests)
$(O)/nameless.elf: linker.ld $(core) $(tests) $(O)/.ld-stamp Makefile
	$(Q)$(link)
$(O)/tables.S: $(O)/nameless.elf kernel/report/tables
	$(Q)NM='$(NM)' READELF='$(READELF)' kernel/report/tables $< >$@
$(O)/tables.S.o: $(O)/tables.S
	$(Q)$(CC) $(KERNEL_CFLAGS) -c -o $@ $<
$(O)/kernel.elf: $(O)/tables.S.o
	$(call quiet,LD,$@)$(link) $<
	$(if $(silent),,$(sizes))

# The CD holds the kernel, its command line, and a trace.
iso-words := demo$(if $(filter 0,$(TESTS)),, trace=$(basename $(notdir $(trace))))$(if $(APPEND), $(APPEND))
ifneq ($(filter iso test-programs,$(goal)),)
$(call stamp,$(O)/.iso-stamp,$(trace) $(iso-words))
endif
$(O)/mp_pool.iso: $(O)/kernel.elf $(trace) tests/boot/iso $(O)/.iso-stamp
	$(call quiet,ISO,$@)OBJCOPY='$(OBJCOPY)' tests/boot/iso $(if $(filter 0,$(TESTS)),,-i "$$TRACE_FILE") \
		$< $@ '$(iso-words)'

# The README promises that text and data of arch/, kernel/ and mm/ stay under 64 KiB.
define sizes
@$(SIZE) -A $(O)/kernel.elf | awk '$$1 ~ /^\./ && $$3 > 0 { printf "  SIZE    %-18s %7d\n", $$1, $$2 }'
@$(SIZE) $(core) | awk 'NR > 1 { n += $$1 + $$2 } END { \
	printf "  SIZE    %-18s %7d bytes of text and data, at most 65535\n", "arch kernel mm", n; \
	if (n >= 65536 && !"$(UBSAN)$(KASAN)") { print "arch/, kernel/ and mm/ are too large"; exit 1 } }'
endef

# Rules for objects of Linux programs: $(1) is the folder in $(O), $(2) the compiler, $(3) its flags.
define host-objects
$(if $(cc-version),$(call stamp,$(O)/$(1)/.cc-stamp,$(shell $(2) --version | head -n 1) $(2) $(3)))
$(O)/$(1)/%.c.o: %.c $(O)/$(1)/.cc-stamp Makefile
	@mkdir -p $$(@D)
	$$(call quiet,HOSTCC,'$$(<:.c=.o) ($(1))')$(2) $(3) -MMD -MP -c -o $$@ $$<
endef

# The suites under sanitizers: once for each installed compiler, and once with red zones. $(1) is
# the folder in $(O), $(2) the compiler, $(3) more flags.
SANITIZE := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
define suites
$(call host-objects,$(1),$(2),$(CFLAGS) $(SANITIZE) $(3))
$(O)/$(1)/suites: $(patsubst %,$(O)/$(1)/%.o,$(suites-sources))
	$$(call quiet,HOSTLD,$$@)$(2) $(SANITIZE) -o $$@ $$^
test-programs: $(O)/$(1)/suites
endef
compilers := $(call present,gcc clang)
$(foreach compiler,$(compilers),$(eval $(call suites,suites-$(compiler),$(compiler))))
$(eval $(call suites,suites-redzone,$(HOSTCC),-DMP_REDZONE=32))

# The same suites and traces, while growth fails.
$(O)/sweep: $(O)/suites-gcc/tests/host/model/sweep.c.o $(filter-out %/tests/host/main.c.o,$(suites-sources:%=$(O)/suites-gcc/%.o))
	$(call quiet,HOSTLD,$@)gcc $(SANITIZE) -Wl,--wrap=page_alloc,--wrap=page_extend -o $@ $^
test-programs: $(if $(filter gcc,$(compilers)),$(O)/sweep)

# The model: with each compiler and each alignment, with and without red zones. (Red zones must be a
# multiple of the alignment.)
model-builds := $(foreach compiler,$(compilers),$(foreach build,8-0 8-32 16-0 16-32 32-0 32-32 64-0 \
	64-64,$(compiler)-$(build)))
model-programs := $(model-builds:%=$(O)/model/%)
model-sources := $(wildcard mm/*.c) $(filter-out %_test.c,$(wildcard tests/model/*.c)) tests/host/model/model.c
$(model-programs): part = $(word $(1),$(subst -, ,$(@F)))
$(model-programs): $(model-sources) $(wildcard mm/*.h tests/*/*.h kernel/*/*.h) Makefile
	@mkdir -p $(@D)
	$(call quiet,HOSTCC,$@)$(call part,1) $(CFLAGS) $(SANITIZE) -UMP_ALIGNMENT \
		-DMP_ALIGNMENT=$(call part,2) -DMP_REDZONE=$(call part,3) -o $@ $(model-sources)
.PHONY: model-programs
model-programs: $(model-programs)
test-programs: model-programs

# The misuse table as a Linux program: plain, but a misaligned access is a fault; and with red
# zones under ASan.
define misuse
$(call host-objects,misuse-$(1),$(HOSTCC),$(CFLAGS) -O1 $(2))
$(O)/misuse-$(1)/misuse: $(patsubst %,$(O)/misuse-$(1)/%.o,$(sort $(wildcard mm/*.c)) \
	$(sort $(wildcard tests/misuse/*.c)) $(asan-sources) tests/host/misuse.c)
	$$(call quiet,HOSTLD,$$@)$(HOSTCC) $(2) -o $$@ $$^
test-programs: $(O)/misuse-$(1)/misuse
endef
$(eval $(call misuse,plain,-fsanitize=alignment -fsanitize-undefined-trap-on-error))
$(eval $(call misuse,asan,-DMP_REDZONE=32 -fsanitize=address -fno-omit-frame-pointer))

# The library: mm/linux/init.c in place of mm/init.c. A library with another alignment has another
# name. As in the kernel, a backtrace taken under heap_free() shows it: no sibling calls.
$(eval $(call host-objects,$(lib-name),$(HOSTCC),$(CFLAGS) -fPIC -fno-optimize-sibling-calls))
lib := $(patsubst %,$(O)/$(lib-name)/%.o,$(sort $(filter-out mm/init.c,$(wildcard mm/*.c)) $(wildcard mm/linux/*.c)))
$(lib-name:%=$(O)/lib%.a): $(lib)
	$(call quiet,AR,$@)rm -f $@ && $(AR) rcs $@ $(lib)
# The file that programs are linked with is a link to the one that they load.
$(lib-name:%=$(O)/lib%.so): $(lib)
	$(call quiet,HOSTLD,$@)$(HOSTCC) -shared -Wl,-soname,$(@F).1 -Wl,-z,defs -o $@.1 $(lib) && \
		ln -sf $(@F).1 $@

# The worked example of mm/README.md.
$(O)/docs/walk: $(patsubst %,$(O)/mp_pool/%.o,$(sort $(wildcard tests/docs/*.c))) $(O)/libmp_pool.a
	@mkdir -p $(@D)
	$(call quiet,HOSTLD,$@)$(HOSTCC) -o $@ $^

# mp_pool and the allocators to compare it with, as far as pkg-config finds them. jemalloc and
# mimalloc are loaded at run time: if they were linked, they would replace malloc() for the others.
# The goal bench-host sets GLIBC_TUNABLES because glibc must reserve thread-local memory for jemalloc.
ifneq ($(findstring bench-host,$(goal)),)
peer = $(shell pkg-config --exists $(2) 2>/dev/null && echo $(1) && pkg-config --cflags $(2))
BENCH_CFLAGS := $(CFLAGS) -D_GNU_SOURCE $(call peer,-DBENCH_APR,apr-1) \
	$(call peer,-DBENCH_TALLOC,talloc)
$(eval $(call host-objects,bench-host,$(HOSTCC),$(BENCH_CFLAGS)))
bench-objects := $(patsubst %,$(O)/bench-host/%.o,$(sort $(wildcard mm/*.c tests/host/bench*.c)) \
	tests/replay/trace.c)
$(O)/bench-host/bench: $(bench-objects)
	$(call quiet,HOSTLD,$@)$(HOSTCC) -o $@ $^ $(if $(findstring BENCH_APR,$(BENCH_CFLAGS)),-lapr-1) \
		$(if $(findstring BENCH_TALLOC,$(BENCH_CFLAGS)),-ltalloc) -ldl -lm
endif

-include $(shell find $(O) -name '*.d' -type f 2>/dev/null)
endif
