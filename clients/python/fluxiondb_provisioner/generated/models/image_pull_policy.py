from enum import Enum

class ImagePullPolicy(str, Enum):
    ALWAYS = "Always"
    IFNOTPRESENT = "IfNotPresent"
    NEVER = "Never"

    def __str__(self) -> str:
        return str(self.value)
