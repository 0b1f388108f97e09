from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.ingress_host import IngressHost
  from ..models.ingress_patch_annotations_type_0 import IngressPatchAnnotationsType0
  from ..models.ingress_tls import IngressTls





T = TypeVar("T", bound="IngressPatch")



@_attrs_define
class IngressPatch:
    """ 
        Attributes:
            enabled (bool | None | Unset):
            class_name (None | str | Unset): null: the cluster's default.
            annotations (IngressPatchAnnotationsType0 | None | Unset): Only keys that the operator allows.
            hosts (list[IngressHost] | None | Unset):
            tls (list[IngressTls] | None | Unset):
     """

    enabled: bool | None | Unset = UNSET
    class_name: None | str | Unset = UNSET
    annotations: IngressPatchAnnotationsType0 | None | Unset = UNSET
    hosts: list[IngressHost] | None | Unset = UNSET
    tls: list[IngressTls] | None | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.ingress_host import IngressHost
        from ..models.ingress_patch_annotations_type_0 import IngressPatchAnnotationsType0
        from ..models.ingress_tls import IngressTls
        enabled: bool | None | Unset
        if isinstance(self.enabled, Unset):
            enabled = UNSET
        else:
            enabled = self.enabled

        class_name: None | str | Unset
        if isinstance(self.class_name, Unset):
            class_name = UNSET
        else:
            class_name = self.class_name

        annotations: dict[str, Any] | None | Unset
        if isinstance(self.annotations, Unset):
            annotations = UNSET
        elif isinstance(self.annotations, IngressPatchAnnotationsType0):
            annotations = self.annotations.to_dict()
        else:
            annotations = self.annotations

        hosts: list[dict[str, Any]] | None | Unset
        if isinstance(self.hosts, Unset):
            hosts = UNSET
        elif isinstance(self.hosts, list):
            hosts = []
            for hosts_type_0_item_data in self.hosts:
                hosts_type_0_item = hosts_type_0_item_data.to_dict()
                hosts.append(hosts_type_0_item)


        else:
            hosts = self.hosts

        tls: list[dict[str, Any]] | None | Unset
        if isinstance(self.tls, Unset):
            tls = UNSET
        elif isinstance(self.tls, list):
            tls = []
            for tls_type_0_item_data in self.tls:
                tls_type_0_item = tls_type_0_item_data.to_dict()
                tls.append(tls_type_0_item)


        else:
            tls = self.tls


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if enabled is not UNSET:
            field_dict["enabled"] = enabled
        if class_name is not UNSET:
            field_dict["className"] = class_name
        if annotations is not UNSET:
            field_dict["annotations"] = annotations
        if hosts is not UNSET:
            field_dict["hosts"] = hosts
        if tls is not UNSET:
            field_dict["tls"] = tls

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.ingress_host import IngressHost
        from ..models.ingress_patch_annotations_type_0 import IngressPatchAnnotationsType0
        from ..models.ingress_tls import IngressTls
        d = dict(src_dict)
        def _parse_enabled(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        enabled = _parse_enabled(d.pop("enabled", UNSET))


        def _parse_class_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        class_name = _parse_class_name(d.pop("className", UNSET))


        def _parse_annotations(data: object) -> IngressPatchAnnotationsType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                annotations_type_0 = IngressPatchAnnotationsType0.from_dict(data)



                return annotations_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(IngressPatchAnnotationsType0 | None | Unset, data)

        annotations = _parse_annotations(d.pop("annotations", UNSET))


        def _parse_hosts(data: object) -> list[IngressHost] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                hosts_type_0 = []
                _hosts_type_0 = data
                for hosts_type_0_item_data in (_hosts_type_0):
                    hosts_type_0_item = IngressHost.from_dict(hosts_type_0_item_data)



                    hosts_type_0.append(hosts_type_0_item)

                return hosts_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[IngressHost] | None | Unset, data)

        hosts = _parse_hosts(d.pop("hosts", UNSET))


        def _parse_tls(data: object) -> list[IngressTls] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                tls_type_0 = []
                _tls_type_0 = data
                for tls_type_0_item_data in (_tls_type_0):
                    tls_type_0_item = IngressTls.from_dict(tls_type_0_item_data)



                    tls_type_0.append(tls_type_0_item)

                return tls_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[IngressTls] | None | Unset, data)

        tls = _parse_tls(d.pop("tls", UNSET))


        ingress_patch = cls(
            enabled=enabled,
            class_name=class_name,
            annotations=annotations,
            hosts=hosts,
            tls=tls,
        )

        return ingress_patch

