"""From a failure of the set-up to its cause and its cure, with the objects that a run uses."""

from golive.diagnosis.causes import Diagnosis as Diagnosis
from golive.diagnosis.preflight.context import Preflight as Preflight
from golive.diagnosis.preflight.context import Stage as Stage
from golive.diagnosis.preflight.facts import diagnose_file as diagnose_file
from golive.diagnosis.preflight.run import examine as examine
from golive.diagnosis.preflight.run import run_preflight as run_preflight
from golive.diagnosis.preflight.run import too_large as too_large
