"""Where golive's data files are, in a checkout and in an installed wheel alike.

`suites/`, `schemas/`, `environments/` and the root `conftest.py` are top-level folders of the
repository, because people edit them. A wheel carries copies of them in `golive/bundle`.
"""

from __future__ import annotations

from pathlib import Path


def resources() -> Path:
    """Give the folder that holds conftest.py, suites/, schemas/ and environments/.

    The checkout wins when this file lies in one. Raises FileNotFoundError when golive was installed
    without its data files.
    """
    return _resources_of(Path(__file__).resolve())


def _resources_of(module: Path) -> Path:
    """Find the folder for a module that lies at `…/golive/resources.py`."""
    checkout = module.parents[2]
    bundle = module.parent / "bundle"
    for folder in (checkout, bundle):
        if (folder / "conftest.py").is_file() and (folder / "schemas").is_dir():
            return folder
    message = f"golive's data files are neither in {checkout} nor in {bundle}; install golive again"
    raise FileNotFoundError(message)
