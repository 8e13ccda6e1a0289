/* SPDX-License-Identifier: MIT */
/*
 * boot.S - from the loader to 64-bit C
 *
 * Both protocols enter in 32-bit protected mode with flat segments, paging and
 * interrupts off, no stack, and the address of their information in %ebx:
 *
 *	PVH		QEMU -kernel, through the Xen note below
 *	multiboot2	GRUB, through the ELF entry; %eax holds a magic number
 *
 * Before 64-bit mode there is no stack, and only .bss is changed. The page tables
 * and descriptors here are temporary: descriptors.c and paging.c replace them.
 */
#include <arch/x86_64/boot/boot.h>

#define CR0_PG		(1 << 31)
#define CR4_PAE		(1 << 5)
#define MSR_EFER	0xc0000080
#define EFER_LME	(1 << 8)
#define CPUID_LM	(1 << 29)	/* leaf 0x80000001, %edx */

#define PTE_TABLE	0x3		/* present, writable */
#define PTE_2M		0x83		/* present, writable, a page of 2 MiB */

#define COM1		0x3f8
#define DEBUG_EXIT	0xf4

	.section .multiboot2, "a"
	.balign 8
header:
	.long 0xe85250d6, 0, header_end - header
	.long -(0xe85250d6 + (header_end - header))
	.short 0, 0			/* the end tag: no requests to the loader */
	.long 8
header_end:

	.section .note.Xen, "a", @note
	.balign 4
	.long 4, 4, 18			/* sizes; XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz "Xen"
	.long pvh_entry

	.text
	.code32
	.globl pvh_entry, multiboot2_entry
pvh_entry:
	xorl	%eax, %eax		/* any value but multiboot2's magic */
multiboot2_entry:
	cld
	movl	%eax, %ebp		/* %ebp keeps the magic, %ebx the address */
	rdtsc
	movl	%eax, %esp		/* %esp keeps the time: there is no stack yet */

	/* Is there RAM under the end of the image? Loaders do not check it. */
	movl	__image_end - 4, %eax
	notl	__image_end - 4
	notl	%eax
	movl	$no_memory, %esi
	cmpl	%eax, __image_end - 4
	jne	die
	notl	__image_end - 4

	movl	$0x80000000, %eax
	movl	%ebx, %edi		/* cpuid writes %ebx */
	cpuid
	movl	$no_long_mode, %esi
	cmpl	$0x80000001, %eax
	jb	die
	movl	$0x80000001, %eax
	cpuid
	testl	$CPUID_LM, %edx
	jz	die
	movl	%edi, %ebx

	/* Loaders clear .bss, but one may have put a module there afterwards. */
	movl	$__bss_start, %edi
	movl	$__bss_end, %ecx
	subl	%edi, %ecx
	shrl	$2, %ecx
	xorl	%eax, %eax
	rep stosl
	movl	%esp, boot_cost		/* boot_cost.entry */

	/* The low 4 GiB, every address mapped to itself, by pages of 2 MiB. */
	movl	$boot_pdpt + PTE_TABLE, boot_pml4
	.irp	i, 0, 1, 2, 3
	movl	$boot_pd + 4096 * \i + PTE_TABLE, boot_pdpt + 8 * \i
	.endr
	movl	$boot_pd, %edi
	movl	$PTE_2M, %eax
1:	movl	%eax, (%edi)
	addl	$8, %edi
	addl	$0x200000, %eax
	jnc	1b			/* a carry: 4 GiB are mapped */

	/* The processor demands this order: PAE, root table, long mode, paging. */
	movl	%cr4, %eax
	orl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$boot_pml4, %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME, %eax
	wrmsr
	movl	%cr0, %eax
	orl	$CR0_PG, %eax
	movl	%eax, %cr0
	lgdt	gdt_pointer
	ljmp	$KERNEL_CS, $long_mode

/*
 * Prints the string at %esi on COM1, with a bounded wait for each character, and exits
 * with status 37.
 */
die:
	movl	$100000, %ecx
	movw	$COM1 + 5, %dx
1:	inb	%dx, %al
	testb	$0x20, %al		/* is there room for a character? */
	loopz	1b
	lodsb
	testb	%al, %al
	jz	2f
	movw	$COM1, %dx
	outb	%al, %dx
	jmp	die
2:	movb	$(37 - 1) / 2, %al
	outb	%al, $DEBUG_EXIT
3:	cli
	hlt
	jmp	3b

	/* Beside the code, at the begin of the image: what lies later may not be in RAM. */
no_memory:
	.ascii KTAP_HEADER
	.asciz "Bail out! not enough memory: the kernel ends beyond the end of RAM\n"
no_long_mode:
	.ascii KTAP_HEADER
	.asciz "Bail out! this CPU has no long mode: the kernel needs an x86_64\n"

	.code64
long_mode:
	movl	$KERNEL_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	movl	$stacks + STACK_STRIDE, %esp	/* the main stack */
	xorl	%edi, %edi
	xchgl	%ebp, %edi		/* %rbp becomes 0: there is no caller */
	movl	%ebx, %esi
	call	boot_start		/* (magic, address); does not return */

	.section .rodata
	.balign 8
gdt:	/* Marked as accessed, so that the processor does not write to it. */
	.quad 0
	.quad 0x00af9b000000ffff	/* KERNEL_CS: 64-bit code */
	.quad 0x00cf93000000ffff	/* KERNEL_DS */
gdt_pointer:
	.short . - gdt - 1
	.long gdt

	.bss
	.balign 4096
boot_pml4:
	.skip 4096
boot_pdpt:
	.skip 4096
boot_pd:
	.skip 4 * 4096

	.section .note.GNU-stack, "", @progbits
