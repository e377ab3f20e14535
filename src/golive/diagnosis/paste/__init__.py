"""What a person has in hand, explained: a body, a header block, a code, an id, or pasted commands.

The paste is protected first, then cut into pieces, then parsed into the fields of `causes.yaml`; causes and
remarks compare those fields only. Nothing is sent, and nothing that was secret in the paste comes back.
"""

from golive.diagnosis.paste.answer import Answer as Answer
from golive.diagnosis.paste.explain import explain as explain
