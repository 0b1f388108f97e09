from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.asked_cpu_amount import AskedCpuAmount





T = TypeVar("T", bound="AskedResources")



@_attrs_define
class AskedResources:
    """ 
        Attributes:
            requests (AskedCpuAmount | Unset):
            limits (AskedCpuAmount | Unset):
     """

    requests: AskedCpuAmount | Unset = UNSET
    limits: AskedCpuAmount | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.asked_cpu_amount import AskedCpuAmount
        requests: dict[str, Any] | Unset = UNSET
        if not isinstance(self.requests, Unset):
            requests = self.requests.to_dict()

        limits: dict[str, Any] | Unset = UNSET
        if not isinstance(self.limits, Unset):
            limits = self.limits.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if requests is not UNSET:
            field_dict["requests"] = requests
        if limits is not UNSET:
            field_dict["limits"] = limits

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.asked_cpu_amount import AskedCpuAmount
        d = dict(src_dict)
        _requests = d.pop("requests", UNSET)
        requests: AskedCpuAmount | Unset
        if isinstance(_requests,  Unset):
            requests = UNSET
        else:
            requests = AskedCpuAmount.from_dict(_requests)




        _limits = d.pop("limits", UNSET)
        limits: AskedCpuAmount | Unset
        if isinstance(_limits,  Unset):
            limits = UNSET
        else:
            limits = AskedCpuAmount.from_dict(_limits)




        asked_resources = cls(
            requests=requests,
            limits=limits,
        )

        return asked_resources

