# Sourced by the checks of interfaces: finds the program, serves the demo with a store of its own, ends it at the end.
# RATTACHE=FILE names another program than target/release/rattache or target/debug/rattache; PORT another port.
rattache=${RATTACHE:-}
for known in target/release/rattache target/debug/rattache; do
    [ -n "$rattache" ] || [ ! -x "$known" ] || rattache=$PWD/$known
done
[ -x "$rattache" ] || { echo "no program to serve: cargo build first, or RATTACHE=FILE" >&2; exit 2; }
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT

# needs TOOL...: says what is missing.
needs() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null || { echo "$tool is missing: see the head of $0" >&2; exit 2; }
    done
}

# serve_demo PORT [ARGUMENT...]: starts the service and sets $url.
serve_demo() {
    local port=${PORT:-$1}
    shift
    "$rattache" serve --bind "127.0.0.1:$port" --store "$work/revisions.db" "$@" 2>"$work/server.log" &
    server=$!
    url=http://127.0.0.1:$port
    for _ in $(seq 1 600); do
        curl -sf -o /dev/null "$url/health" && return
        sleep 0.1
    done
    echo "the service did not start:" >&2
    cat "$work/server.log" >&2
    exit 2
}
