"""From a failure of the set-up to its cause and its cure, with the objects that a run uses."""

from golive.diagnosis.causes import Diagnosis
from golive.diagnosis.preflight.context import Stage, Walk
from golive.diagnosis.preflight.file_problems import diagnose_file
from golive.diagnosis.preflight.run import examine, too_large, walk

__all__ = ["Diagnosis", "Stage", "Walk", "diagnose_file", "examine", "too_large", "walk"]
