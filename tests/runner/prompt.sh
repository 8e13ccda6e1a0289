# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034 # tests/run sets some variables and reads others
#
# prompt.sh - a machine that somebody types to (tests/run -p); tests/run reads this file
#
#	stdin and stdout are a terminal:  terminal ------------------> machine ---> tee ---> terminal
#	else:                             stdin ---> cat ---> $log.keys ---> machine ---> tee ---> stdout
#
# On a terminal each key goes to the machine, which draws the line. Else whole lines go there, and the
# end of the input becomes Ctrl-D, because QEMU does not tell the machine that there is no more. It
# is sent twice: the first ends a line without a newline.

# switch VALUE: prints 1 or 0 for a switch that is on or off, nothing for one that is not set.
switch()
{
	case $1 in
	'') ;;
	0 | [nN] | [nN][oO] | [oO][fF][fF] | [fF][aA][lL][sS][eE]) echo 0 ;;
	*) echo 1 ;;
	esac
}

# find_terminal: sets keys if each key goes to the machine. Only a file that hangs is ended: a person
# may think for as long as he likes.
find_terminal()
{
	keys='' saved=
	[ ! -t 7 ] || seconds=${typed_seconds:-never}
	if [ -t 7 ] && [ -t 1 ]; then
		keys=yes
		saved=$(stty -g <&7 2>/dev/null)
	fi
}

# terminal_words: sets $words, which tell the kernel about the terminal.
terminal_words()
{
	words=monitor=lines
	if [ "$keys" ]; then
		words=monitor=tty
		case $TERM in '' | dumb | unknown) words=monitor=dumb ;; esac
	fi
	if [ -t 1 ]; then
		{ size=$(stty size <&3 2>/dev/null); } 3>&1 # in $(), stdout is a pipe
		size=${size##* }
		case $size in
		'' | 0 | *[!0-9]*) size=$COLUMNS ;;
		esac
		case $size in
		'' | 0 | *[!0-9]*) ;;
		*) words="$words columns=$size" ;;
		esac
		colour=$(switch "$COLOR")
		case $TERM,$NO_COLOR in
		,* | dumb,* | unknown,*) colour=0 ;;
		*,?*) colour=${colour:-0} ;;
		esac
		[ "$colour" = 0 ] || words="$words colour"
	fi
}

# Copies lines to the machine until there are no more, or close_input() ends it.
feed()
{
	{
		cat <&7 &
		echo $! >"$log.feeder"
		wait $!
		printf '\004\004'
	} >"$log.keys" 2>/dev/null
}

# open_input: makes descriptor 7 what the machine reads.
open_input()
{
	[ ! "$keys" ] || return 0
	mkfifo "$log.keys" || exit 2
	feed 3>&- 8>&- &
	exec 7<"$log.keys"
}

close_input()
{
	[ ! -s "$log.feeder" ] || kill "$(cat "$log.feeder")"
	rm -f "$log.feeder" "$log.keys"
}

restore_terminal()
{
	[ ! "$saved" ] || stty "$saved" <&7
}

# prompt_verdict: ends with 0, 35 if a command failed, 37 after a panic, or 1.
prompt_verdict()
{
	why=
	if [ "$late" ]; then
		why="no end after $late seconds; a slow machine needs more time: make monitor TIMEOUT=$((4 * late))" status=1
	else
		case $status in
		33) status=0 ;;
		35) awk -f "$here/monitor/failed.awk" "$log" >&2 ;;
		37) why="the kernel panicked: $(sed -n 's/^Bail out! //p' "$log" | tail -n 1)" ;;
		0) why='the machine ended without a verdict' status=1 ;;
		*) why="QEMU ended with status $status" status=1 ;;
		esac
	fi
	if [ "$why" ]; then
		printf '%s\n' "$name: $why"
		sed 's/^/    /' "$log.err"
		[ -s "$log" ] || "$here/runner/machine" -q "$QEMU" | sed 's/^/    /'
		echo "    log: $log"
		echo "    repeat with: $again"
	fi >&2
	[ ! "$reader_gone" ] || echo "$name: nobody reads the output any more; $log is whole" >&2
	exit "$status"
}
