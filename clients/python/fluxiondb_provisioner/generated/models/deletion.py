from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.deletion_phase import DeletionPhase
from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.namespace_deletion import NamespaceDeletion
  from ..models.remaining_object import RemainingObject





T = TypeVar("T", bound="Deletion")



@_attrs_define
class Deletion:
    """ How far the deletion of a tenant has come, and what holds it up.

        Attributes:
            user_id (str):
            phase (DeletionPhase): none: nobody has asked for it; stopping: the database ends; kept: it has ended, and all
                data is there; requested: it will be purged; removing: Kubernetes removes its namespace.
            requested_at (datetime.datetime | None):
            namespace (NamespaceDeletion):
            remaining (list[RemainingObject]): Objects that are there still.
            next_ (list[str]): What can be done now, for people.
     """

    user_id: str
    phase: DeletionPhase
    requested_at: datetime.datetime | None
    namespace: NamespaceDeletion
    remaining: list[RemainingObject]
    next_: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.namespace_deletion import NamespaceDeletion
        from ..models.remaining_object import RemainingObject
        user_id = self.user_id

        phase = self.phase.value

        requested_at: None | str
        if isinstance(self.requested_at, datetime.datetime):
            requested_at = self.requested_at.isoformat()
        else:
            requested_at = self.requested_at

        namespace = self.namespace.to_dict()

        remaining = []
        for remaining_item_data in self.remaining:
            remaining_item = remaining_item_data.to_dict()
            remaining.append(remaining_item)



        next_ = self.next_




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "userId": user_id,
            "phase": phase,
            "requestedAt": requested_at,
            "namespace": namespace,
            "remaining": remaining,
            "next": next_,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.namespace_deletion import NamespaceDeletion
        from ..models.remaining_object import RemainingObject
        d = dict(src_dict)
        user_id = d.pop("userId")

        phase = DeletionPhase(d.pop("phase"))




        def _parse_requested_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                requested_at_type_0 = datetime.datetime.fromisoformat(data)



                return requested_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        requested_at = _parse_requested_at(d.pop("requestedAt"))


        namespace = NamespaceDeletion.from_dict(d.pop("namespace"))




        remaining = []
        _remaining = d.pop("remaining")
        for remaining_item_data in (_remaining):
            remaining_item = RemainingObject.from_dict(remaining_item_data)



            remaining.append(remaining_item)


        next_ = cast(list[str], d.pop("next"))


        deletion = cls(
            user_id=user_id,
            phase=phase,
            requested_at=requested_at,
            namespace=namespace,
            remaining=remaining,
            next_=next_,
        )


        deletion.additional_properties = d
        return deletion

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
