from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.operation_state import OperationState
from ..models.operation_type import OperationType
from ..types import UNSET, Unset
from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.failure import Failure
  from ..models.outcome import Outcome
  from ..models.plan import Plan
  from ..models.step import Step





T = TypeVar("T", bound="Operation")



@_attrs_define
class Operation:
    """ 
        Attributes:
            id (str):
            type_ (OperationType):
            state (OperationState):
            started_at (datetime.datetime):
            deadline (datetime.datetime): If it has not succeeded by then, it has failed.
            finished_at (datetime.datetime | None):
            requested_by (str): The id of the credential that asked for it.
            steps (list[Step]): As far as it has come. Lists of tenants leave them out.
            failure (Failure | Unset):
            plan (Plan | Unset): What a change will do.
            outcome (Outcome | Unset): What a change truly did.
     """

    id: str
    type_: OperationType
    state: OperationState
    started_at: datetime.datetime
    deadline: datetime.datetime
    finished_at: datetime.datetime | None
    requested_by: str
    steps: list[Step]
    failure: Failure | Unset = UNSET
    plan: Plan | Unset = UNSET
    outcome: Outcome | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.failure import Failure
        from ..models.outcome import Outcome
        from ..models.plan import Plan
        from ..models.step import Step
        id = self.id

        type_ = self.type_.value

        state = self.state.value

        started_at = self.started_at.isoformat()

        deadline = self.deadline.isoformat()

        finished_at: None | str
        if isinstance(self.finished_at, datetime.datetime):
            finished_at = self.finished_at.isoformat()
        else:
            finished_at = self.finished_at

        requested_by = self.requested_by

        steps = []
        for steps_item_data in self.steps:
            steps_item = steps_item_data.to_dict()
            steps.append(steps_item)



        failure: dict[str, Any] | Unset = UNSET
        if not isinstance(self.failure, Unset):
            failure = self.failure.to_dict()

        plan: dict[str, Any] | Unset = UNSET
        if not isinstance(self.plan, Unset):
            plan = self.plan.to_dict()

        outcome: dict[str, Any] | Unset = UNSET
        if not isinstance(self.outcome, Unset):
            outcome = self.outcome.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "type": type_,
            "state": state,
            "startedAt": started_at,
            "deadline": deadline,
            "finishedAt": finished_at,
            "requestedBy": requested_by,
            "steps": steps,
        })
        if failure is not UNSET:
            field_dict["failure"] = failure
        if plan is not UNSET:
            field_dict["plan"] = plan
        if outcome is not UNSET:
            field_dict["outcome"] = outcome

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.failure import Failure
        from ..models.outcome import Outcome
        from ..models.plan import Plan
        from ..models.step import Step
        d = dict(src_dict)
        id = d.pop("id")

        type_ = OperationType(d.pop("type"))




        state = OperationState(d.pop("state"))




        started_at = datetime.datetime.fromisoformat(d.pop("startedAt"))




        deadline = datetime.datetime.fromisoformat(d.pop("deadline"))




        def _parse_finished_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                finished_at_type_0 = datetime.datetime.fromisoformat(data)



                return finished_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        finished_at = _parse_finished_at(d.pop("finishedAt"))


        requested_by = d.pop("requestedBy")

        steps = []
        _steps = d.pop("steps")
        for steps_item_data in (_steps):
            steps_item = Step.from_dict(steps_item_data)



            steps.append(steps_item)


        _failure = d.pop("failure", UNSET)
        failure: Failure | Unset
        if isinstance(_failure,  Unset):
            failure = UNSET
        else:
            failure = Failure.from_dict(_failure)




        _plan = d.pop("plan", UNSET)
        plan: Plan | Unset
        if isinstance(_plan,  Unset):
            plan = UNSET
        else:
            plan = Plan.from_dict(_plan)




        _outcome = d.pop("outcome", UNSET)
        outcome: Outcome | Unset
        if isinstance(_outcome,  Unset):
            outcome = UNSET
        else:
            outcome = Outcome.from_dict(_outcome)




        operation = cls(
            id=id,
            type_=type_,
            state=state,
            started_at=started_at,
            deadline=deadline,
            finished_at=finished_at,
            requested_by=requested_by,
            steps=steps,
            failure=failure,
            plan=plan,
            outcome=outcome,
        )


        operation.additional_properties = d
        return operation

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
