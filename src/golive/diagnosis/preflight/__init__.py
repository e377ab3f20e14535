"""From a failure of the set-up to its cause and its cure, with the objects that a run uses."""

from golive.diagnosis.causes import Diagnosis
from golive.diagnosis.preflight.context import Preflight, Stage
from golive.diagnosis.preflight.file_problems import diagnose_file
from golive.diagnosis.preflight.run import examine, run_preflight, too_large

__all__ = [
    "Diagnosis",
    "Preflight",
    "Stage",
    "diagnose_file",
    "examine",
    "run_preflight",
    "too_large",
]
