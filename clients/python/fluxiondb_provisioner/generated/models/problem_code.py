from enum import Enum


class ProblemCode(str, Enum):
    BODY_TOO_LARGE = "body-too-large"
    CLUSTER_UNAVAILABLE = "cluster-unavailable"
    CREATE_IN_PROGRESS = "create-in-progress"
    HANDLER_TIMEOUT = "handler-timeout"
    HEADERS_TOO_LARGE = "headers-too-large"
    IDEMPOTENCY_KEY_REUSED = "idempotency-key-reused"
    INTERNAL_ERROR = "internal-error"
    INVALID_REQUEST = "invalid-request"
    ISSUER_UNAVAILABLE = "issuer-unavailable"
    KEY_DIFFERS = "key-differs"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    NAMESPACE_TAKEN = "namespace-taken"
    NOT_ADOPTABLE = "not-adoptable"
    NOT_FEASIBLE = "not-feasible"
    NOT_READY = "not-ready"
    NO_LOG = "no-log"
    OPERATION_NOT_FOUND = "operation-not-found"
    OPTION_NOT_ALLOWED = "option-not-allowed"
    OVERLOADED = "overloaded"
    PRECONDITION_FAILED = "precondition-failed"
    RAM_ABOVE_CREDENTIAL = "ram-above-credential"
    RECORD_UNREADABLE = "record-unreadable"
    REFUSED_BY_CLUSTER = "refused-by-cluster"
    REQUEST_TIMEOUT = "request-timeout"
    ROUTE_NOT_FOUND = "route-not-found"
    SCOPE_MISSING = "scope-missing"
    SECRET_MISSING = "secret-missing"
    TENANT_DELETED = "tenant-deleted"
    TENANT_DELETING = "tenant-deleting"
    TENANT_EXISTS = "tenant-exists"
    TENANT_NOT_FOUND = "tenant-not-found"
    TENANT_PROTECTED = "tenant-protected"
    TENANT_SUSPENDED = "tenant-suspended"
    TOO_MANY_REQUESTS = "too-many-requests"
    TOO_MANY_TENANTS = "too-many-tenants"
    UNAUTHENTICATED = "unauthenticated"
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type"

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def _missing_(cls, value: object) -> "ProblemCode | None":
        """A later version of the service may say what this one does not know: it is taken as it is."""
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = "UNKNOWN"
        unknown._value_ = value
        return unknown
