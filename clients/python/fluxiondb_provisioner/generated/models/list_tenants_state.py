from enum import Enum

class ListTenantsState(str, Enum):
    ACTIVE = "active"
    CREATING = "creating"
    DEGRADED = "degraded"
    DELETED = "deleted"
    DELETING = "deleting"
    FAILED = "failed"
    RESIZING = "resizing"
    RESUMING = "resuming"
    SUSPENDED = "suspended"
    SUSPENDING = "suspending"
    UPDATING = "updating"

    def __str__(self) -> str:
        return str(self.value)
