#!/bin/sh
# Applies the plan that plan.sh saved, and nothing else. If the plan is stale, or was made with choices such as --prune,
# nothing is written and the exit code is 4. If plan.sh makes such choices on purpose, accept them here: --accept prune
set -eu

rollcall apply plan.json --accept none --lock-timeout 5m
