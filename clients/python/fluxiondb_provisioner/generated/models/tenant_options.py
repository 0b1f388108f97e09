from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.image import Image
  from ..models.ingress import Ingress
  from ..models.liveness_probe import LivenessProbe
  from ..models.network_policy import NetworkPolicy
  from ..models.readiness_probe import ReadinessProbe
  from ..models.resources import Resources
  from ..models.secret import Secret
  from ..models.service import Service
  from ..models.storage import Storage
  from ..models.tenant_options_affinity import TenantOptionsAffinity
  from ..models.tenant_options_labels import TenantOptionsLabels
  from ..models.tenant_options_node_selector import TenantOptionsNodeSelector
  from ..models.tenant_options_pod_annotations import TenantOptionsPodAnnotations
  from ..models.tenant_options_pod_labels import TenantOptionsPodLabels
  from ..models.tenant_options_tolerations_item import TenantOptionsTolerationsItem





T = TypeVar("T", bound="TenantOptions")



@_attrs_define
class TenantOptions:
    """ 
        Attributes:
            image (Image):
            storage (Storage):
            secret (Secret):
            resources (Resources):
            service (Service):
            ingress (Ingress):
            network_policy (NetworkPolicy):
            liveness_probe (LivenessProbe):
            readiness_probe (ReadinessProbe):
            pod_annotations (TenantOptionsPodAnnotations): Only keys that the operator allows.
            pod_labels (TenantOptionsPodLabels): Labels of the pod besides its own.
            node_selector (TenantOptionsNodeSelector): Labels that the node must have.
            tolerations (list[TenantOptionsTolerationsItem]):
            affinity (TenantOptionsAffinity): An Affinity.
            priority_class_name (None | str):
            service_account_name (None | str): An account that an operator has prepared.
            flush_interval (int): Seconds between two writes to the volume.
            data_folder (str): `/data` or a folder below it.
            labels (TenantOptionsLabels): Kept on the tenant's namespace as `label.fluxiondb.com/<key>`.
            description (str):
            protected (bool): A protected tenant cannot be deleted.
     """

    image: Image
    storage: Storage
    secret: Secret
    resources: Resources
    service: Service
    ingress: Ingress
    network_policy: NetworkPolicy
    liveness_probe: LivenessProbe
    readiness_probe: ReadinessProbe
    pod_annotations: TenantOptionsPodAnnotations
    pod_labels: TenantOptionsPodLabels
    node_selector: TenantOptionsNodeSelector
    tolerations: list[TenantOptionsTolerationsItem]
    affinity: TenantOptionsAffinity
    priority_class_name: None | str
    service_account_name: None | str
    flush_interval: int
    data_folder: str
    labels: TenantOptionsLabels
    description: str
    protected: bool





    def to_dict(self) -> dict[str, Any]:
        from ..models.image import Image
        from ..models.ingress import Ingress
        from ..models.liveness_probe import LivenessProbe
        from ..models.network_policy import NetworkPolicy
        from ..models.readiness_probe import ReadinessProbe
        from ..models.resources import Resources
        from ..models.secret import Secret
        from ..models.service import Service
        from ..models.storage import Storage
        from ..models.tenant_options_affinity import TenantOptionsAffinity
        from ..models.tenant_options_labels import TenantOptionsLabels
        from ..models.tenant_options_node_selector import TenantOptionsNodeSelector
        from ..models.tenant_options_pod_annotations import TenantOptionsPodAnnotations
        from ..models.tenant_options_pod_labels import TenantOptionsPodLabels
        from ..models.tenant_options_tolerations_item import TenantOptionsTolerationsItem
        image = self.image.to_dict()

        storage = self.storage.to_dict()

        secret = self.secret.to_dict()

        resources = self.resources.to_dict()

        service = self.service.to_dict()

        ingress = self.ingress.to_dict()

        network_policy = self.network_policy.to_dict()

        liveness_probe = self.liveness_probe.to_dict()

        readiness_probe = self.readiness_probe.to_dict()

        pod_annotations = self.pod_annotations.to_dict()

        pod_labels = self.pod_labels.to_dict()

        node_selector = self.node_selector.to_dict()

        tolerations = []
        for tolerations_item_data in self.tolerations:
            tolerations_item = tolerations_item_data.to_dict()
            tolerations.append(tolerations_item)



        affinity = self.affinity.to_dict()

        priority_class_name: None | str
        priority_class_name = self.priority_class_name

        service_account_name: None | str
        service_account_name = self.service_account_name

        flush_interval = self.flush_interval

        data_folder = self.data_folder

        labels = self.labels.to_dict()

        description = self.description

        protected = self.protected


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "image": image,
            "storage": storage,
            "secret": secret,
            "resources": resources,
            "service": service,
            "ingress": ingress,
            "networkPolicy": network_policy,
            "livenessProbe": liveness_probe,
            "readinessProbe": readiness_probe,
            "podAnnotations": pod_annotations,
            "podLabels": pod_labels,
            "nodeSelector": node_selector,
            "tolerations": tolerations,
            "affinity": affinity,
            "priorityClassName": priority_class_name,
            "serviceAccountName": service_account_name,
            "flushInterval": flush_interval,
            "dataFolder": data_folder,
            "labels": labels,
            "description": description,
            "protected": protected,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.image import Image
        from ..models.ingress import Ingress
        from ..models.liveness_probe import LivenessProbe
        from ..models.network_policy import NetworkPolicy
        from ..models.readiness_probe import ReadinessProbe
        from ..models.resources import Resources
        from ..models.secret import Secret
        from ..models.service import Service
        from ..models.storage import Storage
        from ..models.tenant_options_affinity import TenantOptionsAffinity
        from ..models.tenant_options_labels import TenantOptionsLabels
        from ..models.tenant_options_node_selector import TenantOptionsNodeSelector
        from ..models.tenant_options_pod_annotations import TenantOptionsPodAnnotations
        from ..models.tenant_options_pod_labels import TenantOptionsPodLabels
        from ..models.tenant_options_tolerations_item import TenantOptionsTolerationsItem
        d = dict(src_dict)
        image = Image.from_dict(d.pop("image"))




        storage = Storage.from_dict(d.pop("storage"))




        secret = Secret.from_dict(d.pop("secret"))




        resources = Resources.from_dict(d.pop("resources"))




        service = Service.from_dict(d.pop("service"))




        ingress = Ingress.from_dict(d.pop("ingress"))




        network_policy = NetworkPolicy.from_dict(d.pop("networkPolicy"))




        liveness_probe = LivenessProbe.from_dict(d.pop("livenessProbe"))




        readiness_probe = ReadinessProbe.from_dict(d.pop("readinessProbe"))




        pod_annotations = TenantOptionsPodAnnotations.from_dict(d.pop("podAnnotations"))




        pod_labels = TenantOptionsPodLabels.from_dict(d.pop("podLabels"))




        node_selector = TenantOptionsNodeSelector.from_dict(d.pop("nodeSelector"))




        tolerations = []
        _tolerations = d.pop("tolerations")
        for tolerations_item_data in (_tolerations):
            tolerations_item = TenantOptionsTolerationsItem.from_dict(tolerations_item_data)



            tolerations.append(tolerations_item)


        affinity = TenantOptionsAffinity.from_dict(d.pop("affinity"))




        def _parse_priority_class_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        priority_class_name = _parse_priority_class_name(d.pop("priorityClassName"))


        def _parse_service_account_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        service_account_name = _parse_service_account_name(d.pop("serviceAccountName"))


        flush_interval = d.pop("flushInterval")

        data_folder = d.pop("dataFolder")

        labels = TenantOptionsLabels.from_dict(d.pop("labels"))




        description = d.pop("description")

        protected = d.pop("protected")

        tenant_options = cls(
            image=image,
            storage=storage,
            secret=secret,
            resources=resources,
            service=service,
            ingress=ingress,
            network_policy=network_policy,
            liveness_probe=liveness_probe,
            readiness_probe=readiness_probe,
            pod_annotations=pod_annotations,
            pod_labels=pod_labels,
            node_selector=node_selector,
            tolerations=tolerations,
            affinity=affinity,
            priority_class_name=priority_class_name,
            service_account_name=service_account_name,
            flush_interval=flush_interval,
            data_folder=data_folder,
            labels=labels,
            description=description,
            protected=protected,
        )

        return tenant_options

