from enum import Enum

class NetworkPolicyPolicyTypesItem(str, Enum):
    EGRESS = "Egress"
    INGRESS = "Ingress"

    def __str__(self) -> str:
        return str(self.value)
