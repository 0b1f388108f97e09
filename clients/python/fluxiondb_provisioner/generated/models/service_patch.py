from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.service_patch_type_type_0 import ServicePatchTypeType0
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.service_patch_annotations_type_0 import ServicePatchAnnotationsType0





T = TypeVar("T", bound="ServicePatch")



@_attrs_define
class ServicePatch:
    """ 
        Attributes:
            type_ (None | ServicePatchTypeType0 | Unset):
            port (int | None | Unset):
            annotations (None | ServicePatchAnnotationsType0 | Unset): Only keys that the operator allows.
     """

    type_: None | ServicePatchTypeType0 | Unset = UNSET
    port: int | None | Unset = UNSET
    annotations: None | ServicePatchAnnotationsType0 | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.service_patch_annotations_type_0 import ServicePatchAnnotationsType0
        type_: None | str | Unset
        if isinstance(self.type_, Unset):
            type_ = UNSET
        elif isinstance(self.type_, ServicePatchTypeType0):
            type_ = self.type_.value
        else:
            type_ = self.type_

        port: int | None | Unset
        if isinstance(self.port, Unset):
            port = UNSET
        else:
            port = self.port

        annotations: dict[str, Any] | None | Unset
        if isinstance(self.annotations, Unset):
            annotations = UNSET
        elif isinstance(self.annotations, ServicePatchAnnotationsType0):
            annotations = self.annotations.to_dict()
        else:
            annotations = self.annotations


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if type_ is not UNSET:
            field_dict["type"] = type_
        if port is not UNSET:
            field_dict["port"] = port
        if annotations is not UNSET:
            field_dict["annotations"] = annotations

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.service_patch_annotations_type_0 import ServicePatchAnnotationsType0
        d = dict(src_dict)
        def _parse_type_(data: object) -> None | ServicePatchTypeType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                type_type_0 = ServicePatchTypeType0(data)



                return type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ServicePatchTypeType0 | Unset, data)

        type_ = _parse_type_(d.pop("type", UNSET))


        def _parse_port(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        port = _parse_port(d.pop("port", UNSET))


        def _parse_annotations(data: object) -> None | ServicePatchAnnotationsType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                annotations_type_0 = ServicePatchAnnotationsType0.from_dict(data)



                return annotations_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ServicePatchAnnotationsType0 | Unset, data)

        annotations = _parse_annotations(d.pop("annotations", UNSET))


        service_patch = cls(
            type_=type_,
            port=port,
            annotations=annotations,
        )

        return service_patch

