"""The twin: an embedded double of both clouds and of the Messages API, on loopback only.

One process, one port, real HTTP. The first segment of a path stands for the real host, so a real
URL becomes the twin's by changing ``https://`` to ``http://127.0.0.1:PORT/``. The twin decides
from what a request contains, keeps state, and can inject named defects (`DEFECTS`). It
imports nothing from the rest of golive and its answers are not built from the contract's schemas:
two hands, so that they can disagree. It has no defect by default, and a green run against it speaks
of the suite, not of any deployment.
"""

from golive.twin.accounts import TwinAccount
from golive.twin.defects import DEFECT_FACTS, DEFECTS, DefectFacts
from golive.twin.scenarios import SCENARIOS
from golive.twin.server import ReceivedRequest, Twin

__all__ = [
    "DEFECTS",
    "DEFECT_FACTS",
    "SCENARIOS",
    "DefectFacts",
    "ReceivedRequest",
    "Twin",
    "TwinAccount",
]
