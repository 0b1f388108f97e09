from enum import Enum


class DeletionPhase(str, Enum):
    KEPT = "kept"
    NONE = "none"
    REMOVING = "removing"
    REQUESTED = "requested"
    STOPPING = "stopping"

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def _missing_(cls, value: object) -> "DeletionPhase | None":
        """A later version of the service may say what this one does not know: it is taken as it is."""
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = "UNKNOWN"
        unknown._value_ = value
        return unknown
