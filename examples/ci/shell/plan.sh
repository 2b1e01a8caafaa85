#!/bin/sh
# One plan in several formats: saved for apply.sh, as HTML, as Markdown, and as counts. The exit code is that of `rollcall plan`.
# The key is in TELNYX_API_KEY, or where rollcall.yaml says; the environment may be in ROLLCALL_ENV.
set -eu

rollcall validate --all-environments
rollcall plan \
  --out plan.json \
  --report html=plan.html \
  --report markdown=plan.md \
  --report gitlab=plan-counts.json
