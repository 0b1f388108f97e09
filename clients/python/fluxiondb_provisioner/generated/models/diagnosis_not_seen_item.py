from enum import Enum

class DiagnosisNotSeenItem(str, Enum):
    EVENTS = "events"
    LOG = "log"

    def __str__(self) -> str:
        return str(self.value)
