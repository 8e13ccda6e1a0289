# SPDX-License-Identifier: MIT
#
# numbers.awk - numbers as people write them, for the titles

# 1234567 as 1,234,567. No awk rounds here: a number of digits stays text.
function number(digits,	rest) {
	digits = digits ""
	rest = ""
	if (digits ~ /\./) {
		rest = digits
		sub(/[^.]*/, "", rest)
		sub(/\..*/, "", digits)
	}
	while (length(digits) > 3) {
		rest = "," substr(digits, length(digits) - 2) rest
		digits = substr(digits, 1, length(digits) - 3)
	}
	return digits rest
}

function count(digits, what) {
	return number(digits) " " what (digits + 0 == 1 ? "" : "s")
}

# From the least to the most, or the only one.
function range(least, most) {
	least = sprintf("%.0f", least)
	most = sprintf("%.0f", most)
	return least == most ? number(least) : number(least) " to " number(most)
}
