from enum import Enum


class OrphanKind(str, Enum):
    NAMESPACE = "Namespace"
    PERSISTENTVOLUME = "PersistentVolume"

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def _missing_(cls, value: object) -> "OrphanKind | None":
        """A later version of the service may say what this one does not know: it is taken as it is."""
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = "UNKNOWN"
        unknown._value_ = value
        return unknown
