from enum import Enum


class FindingCause(str, Enum):
    ADMISSION_DENIED = "admission-denied"
    CLAIM_PENDING = "claim-pending"
    CRASH_LOOP = "crash-loop"
    DISK_FULL = "disk-full"
    IMAGE_PULL = "image-pull"
    NAMESPACE_STUCK = "namespace-stuck"
    NOT_LISTENING = "not-listening"
    OPERATION_FAILED = "operation-failed"
    OUT_OF_MEMORY = "out-of-memory"
    PAUSED = "paused"
    POD_REFUSED = "pod-refused"
    QUOTA_EXCEEDED = "quota-exceeded"
    SECRET_MISSING = "secret-missing"
    UNSCHEDULABLE = "unschedulable"
    VOLUME_LOST = "volume-lost"

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def _missing_(cls, value: object) -> "FindingCause | None":
        """A later version of the service may say what this one does not know: it is taken as it is."""
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = "UNKNOWN"
        unknown._value_ = value
        return unknown
