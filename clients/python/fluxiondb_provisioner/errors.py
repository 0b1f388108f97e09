"""What goes wrong, as types."""

from .generated.models import Operation, Problem


class ProblemError(Exception):
    """A refusal of the service: ``code`` is for programs and does not change, the message is for people."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem
        self.code = str(problem.code)
        self.status = problem.status


class OperationError(Exception):
    """An operation that did not succeed, or whose place a newer one took."""

    def __init__(self, operation: Operation) -> None:
        failure = operation.failure
        super().__init__(failure.message if failure else f"the operation has {operation.state}")
        self.operation = operation
