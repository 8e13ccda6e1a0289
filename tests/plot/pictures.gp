# SPDX-License-Identifier: MIT
#
# pictures.gp - draws one picture, for tests/plot/draw
#
#	WHAT=memory DATA=FILE.dat OUT=FILE TERMINAL=svg TITLE=TEXT gnuplot pictures.gp
#
# WHAT is the name of the picture; the data are in FILE.dat, and the title comes from there, too. The colours are those of
# Okabe and Ito, which people tell apart who see fewer colours than most. Lines also differ by their
# dashes or points, and areas by their patterns.

what = system("printf %s \"$WHAT\"")
data = system("printf %s \"$DATA\"")
terminal = system("printf %s \"$TERMINAL\"")
title = system("printf %s \"$TITLE\"")
trace = system("sed -n 's/^# trace: //p' \"$DATA\"")

# A picture is 700 x 420 dots. The PNG has twice as many each way.
if (terminal eq "svg") {
	set terminal svg size 700,420 font "sans-serif,13" noenhanced background "#ffffff" dashlength 1
} else {
	if (terminal eq "pngcairo") {
		set terminal pngcairo size 1400,840 font "sans,12" fontscale 1.5 linewidth 2 pointscale 2 noenhanced background "#ffffff"
	} else {
		set terminal png size 1400,840 font "sans,20" linewidth 2 noenhanced
	}
}
set output system("printf %s \"$OUT\"")

black = "#000000"
blue = "#0072b2"
red = "#d55e00"
orange = "#e69f00"
sky = "#56b4e9"
green = "#009e73"
pink = "#cc79a7"
set style line 1 linecolor rgb blue linewidth 2 dashtype 1 pointtype 7 pointsize 0.7
set style line 2 linecolor rgb red linewidth 2 dashtype (8, 3) pointtype 4 pointsize 0.8
set style line 3 linecolor rgb black linewidth 1.5 dashtype (2, 2) pointtype 9 pointsize 0.8
set style line 4 linecolor rgb green linewidth 2 dashtype (10, 3, 2, 3) pointtype 11 pointsize 0.8
set style line 5 linecolor rgb pink linewidth 2 dashtype (4, 2, 4, 6) pointtype 5 pointsize 0.7

set title title font ",13"
set border 3 linecolor rgb "#606060"
set tics nomirror textcolor rgb black
set grid linecolor rgb "#d8d8d8" linewidth 0.5 dashtype 1
set key outside bottom center horizontal Left reverse samplen 3.5 height 0.5
set xlabel offset 0,0.4
set format xy "%.9g"
set datafile missing "?"
set yrange [0:*]

KIB = 1024.0
if (what eq "memory" || what eq "waste" || what eq "cost") {
	set xrange [0:*] noextend
	set xlabel sprintf("events of %s", trace)
}
if (what eq "memory") {
	set ylabel "memory, KiB"
	plot data using 1:($2 / KIB) with steps linestyle 3 title "asked for", \
		'' using 1:($3 * 4) with steps linestyle 1 title "pages that mp_pool holds", \
		'' using 1:($4 * 4) with steps linestyle 2 title "pages that the text's algorithm holds"
}
if (what eq "waste") {
	set ylabel "KiB that nobody asked for"
	set style fill solid 0.9 noborder
	plot data using 1:(($2 + $3 + $4 + $5) / KIB) with filledcurves y1=0 fillcolor rgb sky title "heap: free bytes", \
		'' using 1:(($2 + $3 + $4) / KIB) with filledcurves y1=0 fillcolor rgb pink title "headers", \
		'' using 1:(($2 + $3) / KIB) with filledcurves y1=0 fillcolor rgb green title "padding", \
		'' using 1:($2 / KIB) with filledcurves y1=0 fillcolor rgb orange title "tails of nodes", \
		'' using 1:(($2 + $3 + $4 + $5) / KIB) with lines linestyle 3 linewidth 1 dashtype 1 title "mp_pool, all", \
		'' using 1:($6 / KIB) with lines linestyle 2 title "the text's algorithm, all"
}
if (what eq "cost") {
	set ylabel "instructions per event"
	plot data using 1:2 with fsteps linestyle 1 title "mp_pool", \
		'' using 1:3 with fsteps linestyle 2 title "the text's algorithm"
}
if (what eq "objects" || what eq "large") {
	set logscale x 10
	set xtics ("1" 1, "10" 10, "100" 100, "1,000" 1000, "10,000" 10000, "100,000" 100000)
	set xrange [0.8:125000]
	set xlabel (what eq "large" ? "large blocks alive in one pool" : "objects alive in one pool")
	set ylabel (what eq "large" ? "instructions to free one" : "instructions to allocate one")
	if (what eq "large") {
		set logscale y 10
		set yrange [10:*]
		set ytics ("10" 10, "100" 100, "1,000" 1000, "10,000" 10000, "100,000" 100000, "1,000,000" 1e6)
	}
	plot data using 1:2 with linespoints linestyle 1 title "mp_pool", \
		'' using 1:3 with linespoints linestyle 2 title "the text's algorithm"
}
if (what eq "ram") {
	set logscale xy 10
	set xlabel "RAM"
	set ylabel "instructions"
	set ytics ("10" 10, "100" 100, "1,000" 1000, "10,000" 10000, "100,000" 100000, "1,000,000" 1e6)
	set yrange [10:*]
	set xrange [9:1300000]
	set xtics ("12 MiB" 12, "64 MiB" 64, "256 MiB" 256, "1 GiB" 1024, "4 GiB" 4096, "16 GiB" 16384, "64 GiB" 65536, \
		"256 GiB" 262144, "900 GiB" 921600) rotate by -30
	plot data using 1:2 with linespoints linestyle 1 title "boot, without page tables", \
		'' using 1:3 with linespoints linestyle 2 title "page tables", \
		'' using 1:4 with linespoints linestyle 3 title "create + destroy a pool", \
		'' using 1:5 with linespoints linestyle 4 title "heap: alloc + free", \
		'' using 1:6 with linespoints linestyle 5 title "page: alloc + put back"
}
if (what eq "nodes") {
	set logscale x 2
	set xlabel sprintf("bytes of a node, or of the first; %s", trace)
	set ylabel "instructions per event (solid)"
	set y2label "pages held at most (dashed)"
	set xrange [220:76000]
	set y2range [0:*]
	set y2tics
	set border 11
	plot data using 1:2 with linespoints linestyle 1 title "constant size: instructions", \
		'' using 1:3 axes x1y2 with linespoints linestyle 1 dashtype (8, 3) pointtype 6 title "constant size: pages", \
		'' using 1:4 with linespoints linestyle 2 dashtype 1 title "doubling: instructions", \
		'' using 1:5 axes x1y2 with linespoints linestyle 2 pointtype 5 title "doubling: pages"
}
set output
