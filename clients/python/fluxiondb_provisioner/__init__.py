"""A client of the FluxionDB provisioner.

``Provisioner`` does what a back end needs. ``Provisioner.client`` goes with every call of the service that is below
``fluxiondb_provisioner.generated.api``.
"""

from .errors import OperationError, ProblemError
from .follow import StreamEvent
from .provisioner import Provisioner

__all__ = ["OperationError", "ProblemError", "Provisioner", "StreamEvent"]
