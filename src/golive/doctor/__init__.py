"""From a failure of the set-up to its cause and its cure, with the objects that a run uses."""

from golive.doctor.causes import Diagnosis
from golive.doctor.walk import Stage, Walk, walk

__all__ = ["Diagnosis", "Stage", "Walk", "walk"]
