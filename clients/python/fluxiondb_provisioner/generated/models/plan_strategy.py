from enum import Enum

class PlanStrategy(str, Enum):
    AUTO = "auto"
    INPLACE = "inPlace"
    RESTART = "restart"

    def __str__(self) -> str:
        return str(self.value)
