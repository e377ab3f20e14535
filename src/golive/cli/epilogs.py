"""What the help of each command says last: its exit codes, as click lays them out."""

from __future__ import annotations

RUN_EPILOG = """\b
golive's own options:
  --generated          send generated requests, too
  --profile nightly    others each time, and more (with --generated)
  --seed N             those of an earlier run once more (with --generated)
  --fail-on-advice     let advice decide the verdict, too
  --keep-going         check even where the walk has found a cause to stop
  --update-deviations  propose entries for the file's known_deviations
  --time-limit SECONDS send nothing more after so long (600)
  --defect NAME        start the embedded twin with this defect; repeatable
  --twin-seed N        start the embedded twin with other data

\b
Exit codes: 0 GO, 1 NO-GO, 3 internal error, 4 configuration, 5 nothing proven,
6 could not tell, 7 stale deviation, 130 interrupted."""

EXPLAIN_EPILOG = """\b
Exit codes: 0 explained, 4 no usable input, 6 not known to golive (its shape is told)."""

INIT_EPILOG = """\b
Exit codes: 0 written, 4 an option is wrong or a file is in the way (nothing is
written then), 130 interrupted."""

DIFF_EPILOG = """\b
Exit codes: 0 compared, 1 a change is as serious as --fail-on says or more,
4 a run is missing or an option is wrong."""

REPORT_EPILOG = """\b
Exit codes: 0 written, 4 there is no such run or the page can't be written."""

PROVE_EPILOG = """\b
Exit codes: 0 every lie was noticed, 1 a lie survived, a check noticed none, or
the honest twin was accused, 3 there was no honest run to start from, 4 an option
is wrong, 130 interrupted."""

OPENAPI_EPILOG = """\b
Exit codes: 0 written, 4 FILE can't be written or has another ending."""
