from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.tenant_state import TenantState
from ..types import UNSET, Unset
from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.actual_sizes import ActualSizes
  from ..models.condition import Condition
  from ..models.endpoints import Endpoints
  from ..models.operation import Operation
  from ..models.sizes import Sizes
  from ..models.tenant_options import TenantOptions





T = TypeVar("T", bound="Tenant")



@_attrs_define
class Tenant:
    """ 
        Attributes:
            user_id (str):
            namespace (str):
            release (str):
            state (TenantState):
            size_plan (None | str): The size plan that it is on.
            plan (None | str): The same as `sizePlan`, by its name of before.
            protected (bool):
            desired (Sizes):
            options (TenantOptions):
            actual (ActualSizes):
            endpoints (Endpoints):
            conditions (list[Condition]):
            operation (Operation):
            generation (int): Raised by every change of what is desired.
            created_at (datetime.datetime):
            updated_at (datetime.datetime):
            deleted_at (datetime.datetime | None):
            adopted_from (None | str): The Helm release that it was taken over from.
            api_key (str | Unset): Only in the answer to the create that generated it. It cannot be read again.
            notes (list[str] | Unset): What the caller should know about this change, for people.
     """

    user_id: str
    namespace: str
    release: str
    state: TenantState
    size_plan: None | str
    plan: None | str
    protected: bool
    desired: Sizes
    options: TenantOptions
    actual: ActualSizes
    endpoints: Endpoints
    conditions: list[Condition]
    operation: Operation
    generation: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    deleted_at: datetime.datetime | None
    adopted_from: None | str
    api_key: str | Unset = UNSET
    notes: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.actual_sizes import ActualSizes
        from ..models.condition import Condition
        from ..models.endpoints import Endpoints
        from ..models.operation import Operation
        from ..models.sizes import Sizes
        from ..models.tenant_options import TenantOptions
        user_id = self.user_id

        namespace = self.namespace

        release = self.release

        state = self.state.value

        size_plan: None | str
        size_plan = self.size_plan

        plan: None | str
        plan = self.plan

        protected = self.protected

        desired = self.desired.to_dict()

        options = self.options.to_dict()

        actual = self.actual.to_dict()

        endpoints = self.endpoints.to_dict()

        conditions = []
        for conditions_item_data in self.conditions:
            conditions_item = conditions_item_data.to_dict()
            conditions.append(conditions_item)



        operation = self.operation.to_dict()

        generation = self.generation

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        deleted_at: None | str
        if isinstance(self.deleted_at, datetime.datetime):
            deleted_at = self.deleted_at.isoformat()
        else:
            deleted_at = self.deleted_at

        adopted_from: None | str
        adopted_from = self.adopted_from

        api_key = self.api_key

        notes: list[str] | Unset = UNSET
        if not isinstance(self.notes, Unset):
            notes = self.notes




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "userId": user_id,
            "namespace": namespace,
            "release": release,
            "state": state,
            "sizePlan": size_plan,
            "plan": plan,
            "protected": protected,
            "desired": desired,
            "options": options,
            "actual": actual,
            "endpoints": endpoints,
            "conditions": conditions,
            "operation": operation,
            "generation": generation,
            "createdAt": created_at,
            "updatedAt": updated_at,
            "deletedAt": deleted_at,
            "adoptedFrom": adopted_from,
        })
        if api_key is not UNSET:
            field_dict["apiKey"] = api_key
        if notes is not UNSET:
            field_dict["notes"] = notes

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.actual_sizes import ActualSizes
        from ..models.condition import Condition
        from ..models.endpoints import Endpoints
        from ..models.operation import Operation
        from ..models.sizes import Sizes
        from ..models.tenant_options import TenantOptions
        d = dict(src_dict)
        user_id = d.pop("userId")

        namespace = d.pop("namespace")

        release = d.pop("release")

        state = TenantState(d.pop("state"))




        def _parse_size_plan(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        size_plan = _parse_size_plan(d.pop("sizePlan"))


        def _parse_plan(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        plan = _parse_plan(d.pop("plan"))


        protected = d.pop("protected")

        desired = Sizes.from_dict(d.pop("desired"))




        options = TenantOptions.from_dict(d.pop("options"))




        actual = ActualSizes.from_dict(d.pop("actual"))




        endpoints = Endpoints.from_dict(d.pop("endpoints"))




        conditions = []
        _conditions = d.pop("conditions")
        for conditions_item_data in (_conditions):
            conditions_item = Condition.from_dict(conditions_item_data)



            conditions.append(conditions_item)


        operation = Operation.from_dict(d.pop("operation"))




        generation = d.pop("generation")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))




        updated_at = datetime.datetime.fromisoformat(d.pop("updatedAt"))




        def _parse_deleted_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                deleted_at_type_0 = datetime.datetime.fromisoformat(data)



                return deleted_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        deleted_at = _parse_deleted_at(d.pop("deletedAt"))


        def _parse_adopted_from(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        adopted_from = _parse_adopted_from(d.pop("adoptedFrom"))


        api_key = d.pop("apiKey", UNSET)

        notes = cast(list[str], d.pop("notes", UNSET))


        tenant = cls(
            user_id=user_id,
            namespace=namespace,
            release=release,
            state=state,
            size_plan=size_plan,
            plan=plan,
            protected=protected,
            desired=desired,
            options=options,
            actual=actual,
            endpoints=endpoints,
            conditions=conditions,
            operation=operation,
            generation=generation,
            created_at=created_at,
            updated_at=updated_at,
            deleted_at=deleted_at,
            adopted_from=adopted_from,
            api_key=api_key,
            notes=notes,
        )


        tenant.additional_properties = d
        return tenant

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
