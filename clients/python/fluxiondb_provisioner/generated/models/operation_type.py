from enum import Enum

class OperationType(str, Enum):
    ADOPT = "adopt"
    CREATE = "create"
    DELETE = "delete"
    OTHER = "other"
    PURGE = "purge"
    RESIZE = "resize"
    RESTART = "restart"
    RESUME = "resume"
    ROTATE_KEY = "rotate-key"
    SUSPEND = "suspend"
    UNDELETE = "undelete"
    UPDATE = "update"

    def __str__(self) -> str:
        return str(self.value)
