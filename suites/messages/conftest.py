"""The exchanges that read messages."""

from suites.messages.crowded import *
from suites.messages.in_turn import *
from suites.messages.inbox import *
from suites.messages.one_message import *
from suites.messages.others import *
from suites.messages.sent_items import *
from suites.messages.types import *
