from enum import Enum

class NetworkPolicyPatchPolicyTypesType0Item(str, Enum):
    EGRESS = "Egress"
    INGRESS = "Ingress"

    def __str__(self) -> str:
        return str(self.value)
