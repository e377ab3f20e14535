"""What `golive init` writes into somebody's own folder: environments, variables, an example check, a pipeline."""

from golive.scaffold.answers import DEPLOYMENTS as DEPLOYMENTS
from golive.scaffold.answers import PIPELINES as PIPELINES
from golive.scaffold.answers import Answers as Answers
from golive.scaffold.files import Written as Written
from golive.scaffold.files import plan as plan
from golive.scaffold.files import write as write
