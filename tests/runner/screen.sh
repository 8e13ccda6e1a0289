# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034 # the scripts that read this file use the variables
#
# screen.sh - what kind of screen is stdout? tests/run and tests/demo/show read this file
#
#	terminal	yes, or nothing: a file or a pipe
#	width		its columns: COLUMNS if that is exported, else the terminal's, else 80
#	green, red, plain	what switches colours on and off; nothing where there shall be none

terminal='' green='' red='' plain=''
[ ! -t 1 ] || terminal=yes

# Some shells set COLUMNS themselves, so look only at what the environment has.
width=$(env | sed -n 's/^COLUMNS=//p' | head -n 1)
case $width in
'' | *[!0-9]* | 0* | ?????*)
	width=
	[ ! "$terminal" ] || { width=$(stty size 2>/dev/null <&3 | sed -n 's/^[0-9]* //p'); } 3>&1
	;;
esac
case $width in
'' | *[!0-9]* | 0*) width=80 ;;
? | 1?) width=20 ;;
esac

# https://no-color.org: NO_COLOR counts if it is not empty.
if [ "$terminal" ] && [ -z "$NO_COLOR" ]; then
	case $TERM,$COLOR in
	dumb,* | ,* | *,0 | *,[Nn]* | *,[Oo][Ff][Ff] | *,[Ff]*) ;; # make's ways to say no
	*)
		escape=$(printf '\033')
		green="$escape[32m" red="$escape[31m" plain="$escape[0m"
		;;
	esac
fi
