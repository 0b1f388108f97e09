from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.asked_ingress_annotations import AskedIngressAnnotations
  from ..models.ingress_host import IngressHost
  from ..models.ingress_tls import IngressTls





T = TypeVar("T", bound="AskedIngress")



@_attrs_define
class AskedIngress:
    """ 
        Attributes:
            enabled (bool | Unset):
            class_name (None | str | Unset): null: the cluster's default.
            annotations (AskedIngressAnnotations | Unset): Only keys that the operator allows.
            hosts (list[IngressHost] | Unset):
            tls (list[IngressTls] | Unset):
     """

    enabled: bool | Unset = UNSET
    class_name: None | str | Unset = UNSET
    annotations: AskedIngressAnnotations | Unset = UNSET
    hosts: list[IngressHost] | Unset = UNSET
    tls: list[IngressTls] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.asked_ingress_annotations import AskedIngressAnnotations
        from ..models.ingress_host import IngressHost
        from ..models.ingress_tls import IngressTls
        enabled = self.enabled

        class_name: None | str | Unset
        if isinstance(self.class_name, Unset):
            class_name = UNSET
        else:
            class_name = self.class_name

        annotations: dict[str, Any] | Unset = UNSET
        if not isinstance(self.annotations, Unset):
            annotations = self.annotations.to_dict()

        hosts: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.hosts, Unset):
            hosts = []
            for hosts_item_data in self.hosts:
                hosts_item = hosts_item_data.to_dict()
                hosts.append(hosts_item)



        tls: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.tls, Unset):
            tls = []
            for tls_item_data in self.tls:
                tls_item = tls_item_data.to_dict()
                tls.append(tls_item)




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
        from ..models.asked_ingress_annotations import AskedIngressAnnotations
        from ..models.ingress_host import IngressHost
        from ..models.ingress_tls import IngressTls
        d = dict(src_dict)
        enabled = d.pop("enabled", UNSET)

        def _parse_class_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        class_name = _parse_class_name(d.pop("className", UNSET))


        _annotations = d.pop("annotations", UNSET)
        annotations: AskedIngressAnnotations | Unset
        if isinstance(_annotations,  Unset):
            annotations = UNSET
        else:
            annotations = AskedIngressAnnotations.from_dict(_annotations)




        _hosts = d.pop("hosts", UNSET)
        hosts: list[IngressHost] | Unset = UNSET
        if _hosts is not UNSET:
            hosts = []
            for hosts_item_data in _hosts:
                hosts_item = IngressHost.from_dict(hosts_item_data)



                hosts.append(hosts_item)


        _tls = d.pop("tls", UNSET)
        tls: list[IngressTls] | Unset = UNSET
        if _tls is not UNSET:
            tls = []
            for tls_item_data in _tls:
                tls_item = IngressTls.from_dict(tls_item_data)



                tls.append(tls_item)


        asked_ingress = cls(
            enabled=enabled,
            class_name=class_name,
            annotations=annotations,
            hosts=hosts,
            tls=tls,
        )

        return asked_ingress

