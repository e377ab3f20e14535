"""What `golive init` writes into somebody's own folder: environments, variables, an example check, a pipeline."""

from golive.scaffold.answers import DEPLOYMENTS, Answers
from golive.scaffold.files import Written, plan, write

__all__ = ["DEPLOYMENTS", "Answers", "Written", "plan", "write"]
