#!/usr/bin/env bash
# The demo: the same work coded in four eras, in process and over gRPC, shown to be the same bytes, and read out.
set -euo pipefail
cd "$(dirname "$0")/../.."

spinecode=${1:?usage: run.sh SPINECODE PRINTER}
printer=${2:?usage: run.sh SPINECODE PRINTER}
scenarios=tests/demo/scenarios.jsonl
eras="2006-05-15 2012-05-15 2016-05-16 2026-05-15"

work=$(mktemp -d)
server=
stop() {
    if [[ -n $server ]]; then
        kill -TERM "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap stop EXIT

"$spinecode" serve --listen 127.0.0.1:0 >"$work/listening" 2>"$work/log" &
server=$!
for _ in $(seq 100); do
    grep -q '^listening on ' "$work/listening" && break
    kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
    sleep 0.1
done
address=$(sed -n 's/^listening on //p' "$work/listening")
[[ -n $address ]] || { echo "the server did not say where it listens" >&2; exit 1; }

for era in $eras; do
    "$spinecode" code --on "$era" "$scenarios" >"$work/$era.in_process.jsonl"
    "$spinecode" code --on "$era" --remote "http://$address" "$scenarios" >"$work/$era.over_grpc.jsonl"
    cmp "$work/$era.in_process.jsonl" "$work/$era.over_grpc.jsonl"
done

files=()
for era in $eras; do files+=("$work/$era.in_process.jsonl"); done
"$printer" "${files[@]}"

for where in "" "--remote http://$address"; do
    # shellcheck disable=SC2086 # two words, or none
    "$spinecode" edit --repair $where tests/demo/claim.json >"$work/edit${where:+.remote}.jsonl"
done
cmp "$work/edit.jsonl" "$work/edit.remote.jsonl"
echo
echo "One claim edited, in process and over gRPC: the same bytes."
"$spinecode" edit --repair --format text tests/demo/claim.json

echo
echo "$(cat "${files[@]}" | wc -l) answers, in process and over gRPC from $address: the same bytes."
