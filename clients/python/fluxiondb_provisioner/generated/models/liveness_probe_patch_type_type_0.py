from enum import Enum

class LivenessProbePatchTypeType0(str, Enum):
    EXEC = "exec"
    TCP = "tcp"

    def __str__(self) -> str:
        return str(self.value)
