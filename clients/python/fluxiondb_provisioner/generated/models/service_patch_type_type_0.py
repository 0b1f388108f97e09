from enum import Enum

class ServicePatchTypeType0(str, Enum):
    CLUSTERIP = "ClusterIP"
    LOADBALANCER = "LoadBalancer"
    NODEPORT = "NodePort"

    def __str__(self) -> str:
        return str(self.value)
