#!/usr/bin/env bash
# Keep one GitHub issue an environment up to date with golive's verdict, and speak only when the verdict changes:
#
#   tell-verdict.sh ENVIRONMENT VERDICT [SUMMARY]
#
# No issue and not GO: one is opened. Another verdict than in its title: a comment, and the new title. GO: a last
# comment, and it is closed. The same verdict as the night before: nothing. SUMMARY is the run's summary.md.
# It needs gh (on GitHub's runners it is there) and GH_TOKEN with `issues: write`.
set -euo pipefail

if [ $# -lt 2 ] || [ -z "$1" ] || [ -z "$2" ]; then
    echo "usage: tell-verdict.sh ENVIRONMENT VERDICT [SUMMARY]" >&2
    exit 4
fi
case $1 in
    *[!A-Za-z0-9._-]*)
        echo "tell-verdict.sh: an environment's name has only letters, digits, hyphens, dots and underscores" >&2
        exit 4
        ;;
esac
environment=$1 verdict=$2 summary=${3:-}
prefix="golive $environment: "

if [ "$verdict" = INTERRUPTED ]; then
    echo "The run was interrupted, which says nothing new."
    exit 0
fi

page=$(mktemp)
trap 'rm -f "$page"' EXIT
if [ -f "$summary" ]; then
    head -c 60000 "$summary" >"$page" # GitHub takes no more than 65,536 characters
else
    echo "The run left no summary; its log says why." >"$page"
fi
if [ -n "${GITHUB_RUN_ID:-}" ]; then
    printf '\n%s/%s/actions/runs/%s\n' \
        "$GITHUB_SERVER_URL" "$GITHUB_REPOSITORY" "$GITHUB_RUN_ID" >>"$page"
fi

# Only what a workflow opened counts: in a public repository anybody could open an issue of that title.
listed=$(gh issue list --app github-actions --state open --limit 200 \
    --json number,title --jq '.[] | "\(.number) \(.title)"')
open="" title=""
while read -r number words; do
    case $words in "$prefix"*) open=$number title=$words ;; esac
done <<<"$listed"

if [ -z "$open" ]; then
    if [ "$verdict" = GO ]; then
        echo "GO, as before."
    else
        gh issue create --title "$prefix$verdict" --body-file "$page"
    fi
elif [ "$verdict" = GO ]; then
    gh issue comment "$open" --body-file "$page"
    gh issue close "$open" --reason completed
elif [ "$title" = "$prefix$verdict" ]; then
    echo "$verdict, as before: issue $open says so."
else
    gh issue comment "$open" --body-file "$page"
    gh issue edit "$open" --title "$prefix$verdict"
fi
