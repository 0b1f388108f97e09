from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
import datetime






T = TypeVar("T", bound="BilledUsage")



@_attrs_define
class BilledUsage:
    """ What a tenant was given in a span of time.

        Attributes:
            user_id (str):
            ram_gib_hours (float): RAM that it was given, in GiB times hours, while it was meant to run.
            storage_gib_hours (float): Storage that it was given, in GiB times hours, until it was purged.
            running_hours (float): How long it was meant to run.
            since (datetime.datetime): From when on this is known.
            purged (bool): Whether there is no such tenant any more.
     """

    user_id: str
    ram_gib_hours: float
    storage_gib_hours: float
    running_hours: float
    since: datetime.datetime
    purged: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        user_id = self.user_id

        ram_gib_hours = self.ram_gib_hours

        storage_gib_hours = self.storage_gib_hours

        running_hours = self.running_hours

        since = self.since.isoformat()

        purged = self.purged


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "userId": user_id,
            "ramGibHours": ram_gib_hours,
            "storageGibHours": storage_gib_hours,
            "runningHours": running_hours,
            "since": since,
            "purged": purged,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        user_id = d.pop("userId")

        ram_gib_hours = d.pop("ramGibHours")

        storage_gib_hours = d.pop("storageGibHours")

        running_hours = d.pop("runningHours")

        since = datetime.datetime.fromisoformat(d.pop("since"))




        purged = d.pop("purged")

        billed_usage = cls(
            user_id=user_id,
            ram_gib_hours=ram_gib_hours,
            storage_gib_hours=storage_gib_hours,
            running_hours=running_hours,
            since=since,
            purged=purged,
        )


        billed_usage.additional_properties = d
        return billed_usage

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
