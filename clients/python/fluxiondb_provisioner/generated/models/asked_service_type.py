from enum import Enum

class AskedServiceType(str, Enum):
    CLUSTERIP = "ClusterIP"
    LOADBALANCER = "LoadBalancer"
    NODEPORT = "NodePort"

    def __str__(self) -> str:
        return str(self.value)
