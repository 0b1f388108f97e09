from enum import Enum

class LivenessProbeType(str, Enum):
    EXEC = "exec"
    TCP = "tcp"

    def __str__(self) -> str:
        return str(self.value)
