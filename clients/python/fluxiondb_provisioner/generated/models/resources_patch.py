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





T = TypeVar("T", bound="ResourcesPatch")



@_attrs_define
class ResourcesPatch:
    """ 
        Attributes:
            requests (AskedCpuAmount | None | Unset):
            limits (AskedCpuAmount | None | Unset):
     """

    requests: AskedCpuAmount | None | Unset = UNSET
    limits: AskedCpuAmount | None | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.asked_cpu_amount import AskedCpuAmount
        requests: dict[str, Any] | None | Unset
        if isinstance(self.requests, Unset):
            requests = UNSET
        elif isinstance(self.requests, AskedCpuAmount):
            requests = self.requests.to_dict()
        else:
            requests = self.requests

        limits: dict[str, Any] | None | Unset
        if isinstance(self.limits, Unset):
            limits = UNSET
        elif isinstance(self.limits, AskedCpuAmount):
            limits = self.limits.to_dict()
        else:
            limits = self.limits


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
        def _parse_requests(data: object) -> AskedCpuAmount | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                requests_type_0 = AskedCpuAmount.from_dict(data)



                return requests_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AskedCpuAmount | None | Unset, data)

        requests = _parse_requests(d.pop("requests", UNSET))


        def _parse_limits(data: object) -> AskedCpuAmount | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                limits_type_0 = AskedCpuAmount.from_dict(data)



                return limits_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AskedCpuAmount | None | Unset, data)

        limits = _parse_limits(d.pop("limits", UNSET))


        resources_patch = cls(
            requests=requests,
            limits=limits,
        )

        return resources_patch

