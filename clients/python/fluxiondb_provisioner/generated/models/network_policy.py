from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.network_policy_policy_types_item import NetworkPolicyPolicyTypesItem
from typing import cast

if TYPE_CHECKING:
  from ..models.network_policy_egress_item import NetworkPolicyEgressItem
  from ..models.network_policy_ingress_item import NetworkPolicyIngressItem





T = TypeVar("T", bound="NetworkPolicy")



@_attrs_define
class NetworkPolicy:
    """ 
        Attributes:
            enabled (bool):
            policy_types (list[NetworkPolicyPolicyTypesItem]):
            ingress (list[NetworkPolicyIngressItem]):
            egress (list[NetworkPolicyEgressItem]):
     """

    enabled: bool
    policy_types: list[NetworkPolicyPolicyTypesItem]
    ingress: list[NetworkPolicyIngressItem]
    egress: list[NetworkPolicyEgressItem]





    def to_dict(self) -> dict[str, Any]:
        from ..models.network_policy_egress_item import NetworkPolicyEgressItem
        from ..models.network_policy_ingress_item import NetworkPolicyIngressItem
        enabled = self.enabled

        policy_types = []
        for policy_types_item_data in self.policy_types:
            policy_types_item = policy_types_item_data.value
            policy_types.append(policy_types_item)



        ingress = []
        for ingress_item_data in self.ingress:
            ingress_item = ingress_item_data.to_dict()
            ingress.append(ingress_item)



        egress = []
        for egress_item_data in self.egress:
            egress_item = egress_item_data.to_dict()
            egress.append(egress_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "enabled": enabled,
            "policyTypes": policy_types,
            "ingress": ingress,
            "egress": egress,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.network_policy_egress_item import NetworkPolicyEgressItem
        from ..models.network_policy_ingress_item import NetworkPolicyIngressItem
        d = dict(src_dict)
        enabled = d.pop("enabled")

        policy_types = []
        _policy_types = d.pop("policyTypes")
        for policy_types_item_data in (_policy_types):
            policy_types_item = NetworkPolicyPolicyTypesItem(policy_types_item_data)



            policy_types.append(policy_types_item)


        ingress = []
        _ingress = d.pop("ingress")
        for ingress_item_data in (_ingress):
            ingress_item = NetworkPolicyIngressItem.from_dict(ingress_item_data)



            ingress.append(ingress_item)


        egress = []
        _egress = d.pop("egress")
        for egress_item_data in (_egress):
            egress_item = NetworkPolicyEgressItem.from_dict(egress_item_data)



            egress.append(egress_item)


        network_policy = cls(
            enabled=enabled,
            policy_types=policy_types,
            ingress=ingress,
            egress=egress,
        )

        return network_policy

