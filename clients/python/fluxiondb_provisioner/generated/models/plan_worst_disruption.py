from enum import Enum

class PlanWorstDisruption(str, Enum):
    NONE = "none"
    RESTART = "restart"

    def __str__(self) -> str:
        return str(self.value)
