from enum import Enum

class IngressPathPathType(str, Enum):
    EXACT = "Exact"
    IMPLEMENTATIONSPECIFIC = "ImplementationSpecific"
    PREFIX = "Prefix"

    def __str__(self) -> str:
        return str(self.value)
