# Sourced by the scripts that run checks: runs each phase, tells how long it took, and repeats what failed at the end.

phase_times=()
phase_failures=()
phase_logs=$(mktemp -d)
trap 'rm -rf "$phase_logs"' EXIT

# phase NAME COMMAND...: runs a command, and keeps its output where it fails. Later phases run all the same, so that one
# run shows all failures.
phase() {
    local name=$1 log begun=$SECONDS status=0
    shift
    log="$phase_logs/${#phase_times[@]}"
    printf '==> %s\n' "$name"
    "$@" 2>&1 | tee "$log" || status=${PIPESTATUS[0]}
    phase_times+=("$(printf '%5d s  %s%s' $((SECONDS - begun)) "$name" "$([ $status = 0 ] || echo '  FAILED')")")
    if [ $status != 0 ]; then phase_failures+=("$name" "$log"); fi
    return $status
}

# conclude: prints the times, then what failed; fails where a phase did.
conclude() {
    printf '\n==> times\n'
    printf '%s\n' "${phase_times[@]}"
    [ ${#phase_failures[@]} -gt 0 ] || return 0
    set -- "${phase_failures[@]}"
    while [ $# -gt 0 ]; do
        printf '\n==> failed: %s\n' "$1"
        failing_output "$2"
        shift 2
    done
    return 1
}

# failing_output LOG: of Swift Testing and pytest what they say of failed tests, else the last lines.
failing_output() {
    if grep -q '^✘' "$1"; then
        awk '/^✘/ { shown = 1 } /^(✔|◇|➜)/ { shown = 0 } shown' "$1" | tail -n 300
    elif grep -q '^=* FAILURES\|^=* ERRORS' "$1"; then
        awk '/^=* (FAILURES|ERRORS)/ { shown = 1 } shown' "$1" | tail -n 600
    else
        tail -n 100 "$1"
    fi
}
