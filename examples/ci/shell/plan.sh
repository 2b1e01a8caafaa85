#!/bin/sh
# One plan in every form: saved for apply.sh, as a page, as Markdown, and counted. Ends as `rollcall plan` ends.
# The key is in TELNYX_API_KEY, or where rollcall.yaml says; the environment may be in ROLLCALL_ENV.
set -eu

rollcall validate --all-environments
rollcall plan \
  --out plan.json \
  --report html=plan.html \
  --report markdown=plan.md \
  --report gitlab=plan-counts.json
