#!/bin/sh
# Applies the plan that plan.sh saved, and nothing else. It ends with 4, and nothing written, when the plan is stale.
set -eu

rollcall apply plan.json --lock-timeout 5m
