"""What `golive init` writes into somebody's own folder: environments, variables to fill in, a pipeline."""

from golive.scaffold.answers import DEPLOYMENTS, Answers
from golive.scaffold.files import ALWAYS, Written, plan, refuse_to_overwrite, write

__all__ = ["ALWAYS", "DEPLOYMENTS", "Answers", "Written", "plan", "refuse_to_overwrite", "write"]
