# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034 # tests/run sets some variables and reads others
#
# watch.sh - runs a machine or a program with its log and a time limit; tests/run reads this file
#
#	machine ---> tee ---> show ---> stdout (with -S, a story: runner/story)
#	                |
#	              $log
#
# The log is judged, so it must be whole: show() goes on reading when nobody reads stdout any more,
# and a log that could not be written gets no verdict. Beside the log lie $log.err (what came on
# stderr), $log.status (the exit status), $log.late (the time-out ended it) and $log.pid.

: "${SLOW:=15}" # after so many seconds an accelerator is called slow

# claim_log: chooses the name of the log, and keeps it while this shell runs. Two runs of one name
# at a time get two logs. Without flock nothing keeps them apart.
claim_log()
{
	log=$dir/$name.log number=1
	mkdir -p "$dir" && ( : >>"$log" ) || exit 2
	while command -v flock >/dev/null && [ $number -lt 100 ]; do
		exec 8>>"$log" # ksh closes 8 in a command, unless the command names it again
		! flock -n 8 8>&8 2>/dev/null || break
		number=$((number + 1))
		log=$dir/$name-$number.log
	done
	[ $number = 1 ] || echo "$name: another run writes $dir/$name.log; the log of this one is $log" >&2
	rm -f "$log.late" "$log.facts" "$log.in" "$log.out" "$log.whole" "$log.gone" "$log.pid"
	: >"$log"
	{ echo none >"$log.status"; } 2>/dev/null
	[ -s "$log.status" ] || refuse "$dir/ cannot be written: is the disk full?"
}

# Sends the monitor its command through the pipe that QEMU reads, once the machine waits for it.
inject()
{
	until grep -q '^# waiting' "$log"; do
		sleep 0.05
	done
	printf '%s\n' "$inject" >"$log.in"
	: >"$log.sent"
}

# Ends the machine at the time-out. A host's CPU that is emulated itself is thousands of times
# slower than QEMU's emulation, so with an accelerator a sentence comes early. This shell is killed
# when the machine has ended. It also looks for itself, because mksh loses a signal that comes as
# this shell begins.
watchdog()
{
	passed=0
	while [ $passed -lt "$1" ]; do
		if [ ! "$host" ] && [ "$accel" != tcg ] && [ $passed = "$SLOW" ]; then
			echo "$name: no verdict after $SLOW seconds with ACCEL=$accel; here ACCEL=tcg may be faster" >&3
		fi
		sleep 1 3>&-
		passed=$((passed + 1))
		[ "$(cat "$log.status")" = none ] || exit
	done
	echo "$1" >"$log.late"
	kill -9 "$2"
}

# start COMMAND...: runs it until it ends or the time is over. Its stdout is the caller's.
start()
{
	if [ "$prompt" ]; then
		open_input
	else
		exec 7</dev/null
	fi
	"$@" <&7 2>"$log.err" 3>&- 7<&- 8>&- &
	pid=$!
	exec 7<&-
	echo "$pid" >"$log.pid"
	dog='' injector=
	if [ "$seconds" != never ]; then
		watchdog "$seconds" "$pid" </dev/null >/dev/null 8>&- &
		dog=$!
	fi
	if [ "$inject" ]; then
		inject 2>/dev/null >/dev/null 8>&- &
		injector=$!
	fi
	wait "$pid"
	status=$?
	[ $status -le 256 ] || status=$((status - 128)) # ksh adds 256 to a signal, others 128
	echo $status >"$log.status"
	# shellcheck disable=SC2086 # none, one or two numbers
	[ -z "$dog$injector" ] || kill $dog $injector
	[ ! "$prompt" ] || close_input
}

# Copies the log to stdout as it comes, or tells its story.
show()
{
	if [ "$quiet" ]; then
		cat >/dev/null
	elif [ "$story" ]; then
		{
			"$here/runner/story" "$width" "$green" "$red" "$plain"
			cat >/dev/null # not every awk reads on when nobody reads what it writes
		} | {
			cat || : >"$log.gone"
			cat >/dev/null # ksh waits for this side only, and the log must be whole
		}
	else
		cat || : >"$log.gone"
		cat >/dev/null
	fi
}

# stop STATUS: this shell was told to stop, so the machine is, too.
stop()
{
	kill "$(cat "$log.pid")"
	[ ! "$prompt" ] || close_input
	[ ! "$prompt" ] || restore_terminal
	rm -f "$log.pid" "$log.tee" "$log.whole"
	[ ! "$story" ] || [ ! "$terminal" ] || echo >&4 # a row of suites may not be full
	echo "$name: stopped; $log ends there and has no verdict" >&4
	exit "$1"
}

# watch COMMAND...: sets status, late and reader_gone.
watch()
{
	if [ "$inject" ]; then
		rm -f "$log.sent"
		mkfifo "$log.in" "$log.out" || exit 2
	fi
	trap 'stop 130 4>&2 2>/dev/null' INT
	trap 'stop 143 4>&2 2>/dev/null' TERM
	trap 'stop 129 4>&2 2>/dev/null' HUP
	{
		start "$@" 3>&2 2>/dev/null | {
			tee "$log" 2>"$log.tee" && : >"$log.whole"
		} | show 2>/dev/null
	} &
	wait $!
	trap - INT TERM HUP
	[ ! "$prompt" ] || restore_terminal
	[ -e "$log.whole" ] || {
		why=$(sed 's/.*: //' "$log.tee" 2>/dev/null)
		rm -f "$log.tee" "$log.pid" "$log.gone"
		refuse "$log is not whole, so there is no verdict: ${why:-is the disk full?}"
	}
	status=$(cat "$log.status")
	late=$(cat "$log.late" 2>/dev/null)
	reader_gone=
	[ ! -e "$log.gone" ] || reader_gone=yes
	if [ "$inject" ] && [ ! -e "$log.sent" ]; then
		echo "$name: the log never said \"# waiting\", so \"$inject\" was not sent to QEMU's monitor" >&2
	fi
	rm -f "$log.whole" "$log.gone" "$log.tee" "$log.pid" "$log.in" "$log.out" "$log.sent"
}
