#!/bin/sh
# Applies the plan that plan.sh saved, and nothing else. It ends with 4, and nothing written, when the plan is stale, or
# was made with choices such as --prune. Where plan.sh makes them on purpose, accept them here: --accept prune
set -eu

rollcall apply plan.json --accept none --lock-timeout 5m
