#!/bin/sh
# shell-agent: an agent without a model, to try Axon with and to copy from. POSIX sh and git, nothing else.
#
# The prompt comes on stdin. Lines that begin with a verb are carried out in their order:
#   write FILE: TEXT    creates or replaces FILE          append FILE: TEXT    adds a line to it
#   run: COMMAND        runs it with sh -c                wait: SECONDS        sleeps
#   commit: MESSAGE     commits what has changed          fail: MESSAGE        ends the run as a failure
# A prompt without such a line is a wish in plain words: shell-agent looks the repository over, writes what it found to
# NOTES-<first words>.md and commits that. It commits on the branch that is checked out, or makes one where HEAD is
# detached, and pushes it where there is a remote that takes it (SHELL_AGENT_PUSH=never: leaves it be).
#
# It says what it does as JSON lines on stdout; agent.yaml tells Axon how to read them.
set -u

session="shell-$(date +%s)-$$"
model=none
[ "${1-}" = --model ] && model=${2-none}
steps=0
calls=0
child=
failed=

json() { # the text of $1 as a JSON string, control characters other than newline and tab left out
  printf '%s' "$1" | tr -d '\000-\010\013-\037' | LC_ALL=C sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/	/\\t/g' |
    awk 'BEGIN { printf "\"" } { printf "%s%s", (NR > 1 ? "\\n" : ""), $0 } END { printf "\"" }'
}

emit() { printf '%s\n' "$1"; }
say() { emit "{\"type\":\"say\",\"text\":$(json "$1")}"; }
warn() { emit "{\"type\":\"warning\",\"text\":$(json "$1")}"; }

finish() { # SUMMARY [ERROR]
  if [ -n "${2-}" ]; then
    emit "{\"type\":\"done\",\"failed\":true,\"error\":$(json "$2"),\"summary\":$(json "$1"),\"steps\":$steps}"
    exit 1
  fi
  emit "{\"type\":\"done\",\"failed\":false,\"summary\":$(json "$1"),\"steps\":$steps}"
  exit 0
}

stop() { # asked to end: the command that runs goes first, what is done so far is kept
  trap '' TERM INT HUP
  [ -n "$child" ] && kill "$child" 2>/dev/null && wait "$child" 2>/dev/null
  commit "shell-agent: work so far" >/dev/null 2>&1
  finish "Stopped after $steps steps; what was done is committed." "stopped by a signal"
}
trap stop TERM INT HUP

call() { # TOOL ARGUMENTS COMMAND…: runs the command and says so; its output goes to stderr
  tool=$1 arguments=$2
  shift 2
  calls=$((calls + 1))
  emit "{\"type\":\"call\",\"id\":\"call-$calls\",\"tool\":$(json "$tool"),\"arguments\":$(json "$arguments")}"
  # In the background, because a trap runs only when no command is in the foreground.
  "$@" >&2 </dev/null &
  child=$!
  wait "$child"
  code=$?
  child=
  emit "{\"type\":\"called\",\"id\":\"call-$calls\",\"failed\":$([ "$code" = 0 ] && echo false || echo true)}"
  return "$code"
}

put() { # MODE FILE TEXT
  case $2 in /* | ../* | */../* | */.. | .. | "") return 1 ;; esac
  case $2 in */*) mkdir -p "${2%/*}" || return 1 ;; esac
  if [ "$1" = append ]; then printf '%s\n' "$3" >>"$2"; else printf '%s\n' "$3" >"$2"; fi
}

in_repository() { git rev-parse --is-inside-work-tree >/dev/null 2>&1; }

slug() { # the first words of $1, fit for names
  words=$(printf '%s' "$1" | tr '\n' ' ' | LC_ALL=C tr '[:upper:]' '[:lower:]' | LC_ALL=C tr -cs 'a-z0-9' '-' | cut -c1-40)
  words=${words#-}
  words=${words%-}
  printf '%s' "${words:-task}"
}

commit() { # MESSAGE
  in_repository || return 0
  git symbolic-ref -q HEAD >/dev/null || git checkout -q -b "shell-agent/$(slug "$prompt")" || return 1
  git add -A || return 1
  git diff --cached --quiet && return 0
  git -c user.name="${GIT_AUTHOR_NAME:-shell-agent}" -c user.email="${GIT_AUTHOR_EMAIL:-shell-agent@localhost}" \
    commit -q -m "$1"
}

push() {
  [ "${SHELL_AGENT_PUSH:-auto}" = never ] && return 0
  in_repository && [ -n "$(git remote)" ] || return 0
  branch=$(git symbolic-ref -q --short HEAD) || return 0
  GIT_TERMINAL_PROMPT=0 call push "$branch" git push -q origin "$branch" ||
    warn "The remote did not take the branch $branch; its commits are local only."
}

listing() { # the files of the repository, or of the directory
  if in_repository; then git ls-files; else find . -type f | sed 's|^\./||'; fi
}

notes() { # the page that a wish in plain words is answered with
  printf '# %s\n\n' "$(printf '%s\n' "$prompt" | head -n 1)"
  printf 'Asked for:\n\n'
  printf '%s\n' "$prompt" | sed 's/^/> /'
  if [ -n "${SHELL_AGENT_RULES-}" ] && [ -r "$SHELL_AGENT_RULES" ]; then
    printf '\nRules in force:\n\n'
    sed -e '/^<!-- axon:/d' -e 's/^/> /' "$SHELL_AGENT_RULES"
  fi
  printf '\n## Files\n\n| kind | files |\n|---|---|\n'
  listing | sed -e 's|.*/||' -e 's/^.*\.\([A-Za-z0-9_]*\)$/.\1/' -e '/^\./!s/.*/(other)/' | sort | uniq -c | sort -rn |
    awk '{ printf "| %s | %s |\n", $2, $1 }'
  printf '\n## To do\n\n'
  found=$(listing | grep -v '^NOTES-' | while IFS= read -r file; do
    grep -HnIE '(TODO|FIXME)' "$file" 2>/dev/null
  done | head -n 200)
  if [ -n "$found" ]; then
    printf '%s\n' "$found" | sed -e 's/^\([^:]*:[0-9]*\):[[:space:]]*/- `\1` /' | cut -c1-200
  else
    printf 'Nothing is marked TODO or FIXME.\n'
  fi
}

write_notes() { notes >"$1"; }

verb() { # one line of the prompt; 2: no such verb
  line=$1
  rest=${line#*:}
  rest=${rest# }
  case $line in
    "write "*:*) file=${line#write } && call write "${file%%:*}" put write "${file%%:*}" "${file#*: }" ;;
    "append "*:*) file=${line#append } && call append "${file%%:*}" put append "${file%%:*}" "${file#*: }" ;;
    run:*) call shell "$rest" sh -c "$rest" ;;
    wait:*) call wait "$rest" sleep "$rest" ;;
    commit:*) call commit "$rest" commit "$rest" ;;
    fail:*) finish "" "$rest" ;;
    *) return 2 ;;
  esac
}

has_verbs() {
  printf '%s\n' "$prompt" | grep -qE '^(write [^:]+:|append [^:]+:|run:|wait:|commit:|fail:)'
}

carry_out() {
  while IFS= read -r line <&3 || [ -n "$line" ]; do
    verb "$line"
    code=$?
    [ "$code" = 2 ] && continue
    steps=$((steps + 1))
    emit '{"type":"step"}'
    [ "$code" = 0 ] || failed="step $steps failed: $line"
    [ -z "$failed" ] || break
  done 3<<LINES
$prompt
LINES
}

look_over() {
  file="NOTES-$(slug "$prompt").md"
  say "I will look the repository over and write $file."
  steps=1
  emit '{"type":"step"}'
  call notes "$file" write_notes "$file" || failed="could not write $file"
}

prompt=$(cat)
emit "{\"type\":\"start\",\"session\":\"$session\",\"model\":$(json "$model")}"
[ -n "$prompt" ] || finish "" "the prompt is empty"

if has_verbs; then carry_out; else look_over; fi
[ -z "$failed" ] || finish "" "$failed"
call commit "rest" commit "shell-agent: $(printf '%s\n' "$prompt" | head -n 1 | cut -c1-60)" || finish "" "git commit failed"
push
summary="Done in $steps steps."
[ -n "${file-}" ] && ! has_verbs && summary="Wrote $file."
say "$summary"
finish "$summary"
