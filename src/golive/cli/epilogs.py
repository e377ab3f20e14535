"""What the help of each command says last: its exit codes, as click lays them out."""

from __future__ import annotations

RUN_EPILOG = """\b
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
