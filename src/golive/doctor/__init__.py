"""From a failure of the set-up to its cause and its cure, with the objects that a run uses."""

from golive.doctor.causes import Diagnosis
from golive.doctor.course import Stage, Walk
from golive.doctor.file import diagnose_file
from golive.doctor.walk import examine, too_large, walk

__all__ = ["Diagnosis", "Stage", "Walk", "diagnose_file", "examine", "too_large", "walk"]
