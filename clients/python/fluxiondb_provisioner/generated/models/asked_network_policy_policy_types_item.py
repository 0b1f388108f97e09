from enum import Enum

class AskedNetworkPolicyPolicyTypesItem(str, Enum):
    EGRESS = "Egress"
    INGRESS = "Ingress"

    def __str__(self) -> str:
        return str(self.value)
