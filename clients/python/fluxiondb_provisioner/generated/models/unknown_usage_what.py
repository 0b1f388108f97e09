from enum import Enum

class UnknownUsageWhat(str, Enum):
    CPU = "cpu"
    MEMORY = "memory"
    VOLUME = "volume"

    def __str__(self) -> str:
        return str(self.value)
