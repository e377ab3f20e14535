"""What `golive init` writes into somebody's own folder: environments, variables to fill in, a pipeline."""

from golive.starting.answers import DEPLOYMENTS, Answers
from golive.starting.files import Written, plan, write

__all__ = ["DEPLOYMENTS", "Answers", "Written", "plan", "write"]
