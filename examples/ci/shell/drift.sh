#!/bin/sh
# Reports what was changed outside Git, in drift.md and drift.json. Ends with 2 if there is drift, with 1 after an error.
set -eu

rollcall drift --report markdown=drift.md --report json=drift.json
