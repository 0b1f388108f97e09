from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.orphan_kind import OrphanKind
from ..models.orphan_reason import OrphanReason
from typing import cast
import datetime






T = TypeVar("T", bound="Orphan")



@_attrs_define
class Orphan:
    """ 
        Attributes:
            kind (OrphanKind):
            name (str):
            user_id (str): The tenant that it was, or would be.
            reason (OrphanReason): NoRecord: a namespace with our label and no record; CreateCutOff: a create ended before
                there was a tenant, and left something that holds data; VolumeReleased: the disk of a tenant that was purged, or
                of an earlier one of the same id, which its reclaim policy has kept.
            since (datetime.datetime | None):
            storage_bytes (int): What it takes up of storage.
            adopt (str): How it becomes of use again, for people.
            purge (str): How it is removed for good, for people.
     """

    kind: OrphanKind
    name: str
    user_id: str
    reason: OrphanReason
    since: datetime.datetime | None
    storage_bytes: int
    adopt: str
    purge: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        name = self.name

        user_id = self.user_id

        reason = self.reason.value

        since: None | str
        if isinstance(self.since, datetime.datetime):
            since = self.since.isoformat()
        else:
            since = self.since

        storage_bytes = self.storage_bytes

        adopt = self.adopt

        purge = self.purge


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "kind": kind,
            "name": name,
            "userId": user_id,
            "reason": reason,
            "since": since,
            "storageBytes": storage_bytes,
            "adopt": adopt,
            "purge": purge,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = OrphanKind(d.pop("kind"))




        name = d.pop("name")

        user_id = d.pop("userId")

        reason = OrphanReason(d.pop("reason"))




        def _parse_since(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                since_type_0 = datetime.datetime.fromisoformat(data)



                return since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        since = _parse_since(d.pop("since"))


        storage_bytes = d.pop("storageBytes")

        adopt = d.pop("adopt")

        purge = d.pop("purge")

        orphan = cls(
            kind=kind,
            name=name,
            user_id=user_id,
            reason=reason,
            since=since,
            storage_bytes=storage_bytes,
            adopt=adopt,
            purge=purge,
        )


        orphan.additional_properties = d
        return orphan

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
