from enum import Enum

class DriftRepair(str, Enum):
    AUTOMATIC = "automatic"
    RESTART = "restart"

    def __str__(self) -> str:
        return str(self.value)
