"""What `golive init` writes into somebody's own folder: environments, variables, an example check, a pipeline."""

from golive.scaffold.files import Written as Written
from golive.scaffold.files import plan as plan
from golive.scaffold.files import write as write
from golive.scaffold.texts import DEPLOYMENTS as DEPLOYMENTS
from golive.scaffold.texts import PIPELINES as PIPELINES
from golive.scaffold.texts import Answers as Answers
