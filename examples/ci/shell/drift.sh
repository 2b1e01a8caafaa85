#!/bin/sh
# What was changed outside Git, in drift.md and drift.json. Ends with 2 when something was, with 1 when nobody knows.
set -eu

rollcall drift --report markdown=drift.md --report json=drift.json
