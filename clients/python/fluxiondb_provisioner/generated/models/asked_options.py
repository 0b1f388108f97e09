from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.asked_image import AskedImage
  from ..models.asked_ingress import AskedIngress
  from ..models.asked_liveness_probe import AskedLivenessProbe
  from ..models.asked_network_policy import AskedNetworkPolicy
  from ..models.asked_options_affinity import AskedOptionsAffinity
  from ..models.asked_options_labels import AskedOptionsLabels
  from ..models.asked_options_node_selector import AskedOptionsNodeSelector
  from ..models.asked_options_pod_annotations import AskedOptionsPodAnnotations
  from ..models.asked_options_pod_labels import AskedOptionsPodLabels
  from ..models.asked_options_tolerations_item import AskedOptionsTolerationsItem
  from ..models.asked_readiness_probe import AskedReadinessProbe
  from ..models.asked_resources import AskedResources
  from ..models.asked_secret import AskedSecret
  from ..models.asked_service import AskedService
  from ..models.asked_storage import AskedStorage





T = TypeVar("T", bound="AskedOptions")



@_attrs_define
class AskedOptions:
    """ 
        Attributes:
            image (AskedImage | Unset):
            storage (AskedStorage | Unset):
            secret (AskedSecret | Unset):
            resources (AskedResources | Unset):
            service (AskedService | Unset):
            ingress (AskedIngress | Unset):
            network_policy (AskedNetworkPolicy | Unset):
            liveness_probe (AskedLivenessProbe | Unset):
            readiness_probe (AskedReadinessProbe | Unset):
            pod_annotations (AskedOptionsPodAnnotations | Unset): Only keys that the operator allows.
            pod_labels (AskedOptionsPodLabels | Unset): Labels of the pod besides its own.
            node_selector (AskedOptionsNodeSelector | Unset): Labels that the node must have.
            tolerations (list[AskedOptionsTolerationsItem] | Unset):
            affinity (AskedOptionsAffinity | Unset): An Affinity.
            priority_class_name (None | str | Unset):
            service_account_name (None | str | Unset): An account that an operator has prepared.
            flush_interval (int | Unset): Seconds between two writes to the volume.
            data_folder (str | Unset): `/data` or a folder below it.
            labels (AskedOptionsLabels | Unset): Kept on the tenant's namespace as `label.fluxiondb.com/<key>`.
            description (str | Unset):
            protected (bool | Unset): A protected tenant cannot be deleted.
            replica_count (int | Unset): Only 1: the database does not scale out.
     """

    image: AskedImage | Unset = UNSET
    storage: AskedStorage | Unset = UNSET
    secret: AskedSecret | Unset = UNSET
    resources: AskedResources | Unset = UNSET
    service: AskedService | Unset = UNSET
    ingress: AskedIngress | Unset = UNSET
    network_policy: AskedNetworkPolicy | Unset = UNSET
    liveness_probe: AskedLivenessProbe | Unset = UNSET
    readiness_probe: AskedReadinessProbe | Unset = UNSET
    pod_annotations: AskedOptionsPodAnnotations | Unset = UNSET
    pod_labels: AskedOptionsPodLabels | Unset = UNSET
    node_selector: AskedOptionsNodeSelector | Unset = UNSET
    tolerations: list[AskedOptionsTolerationsItem] | Unset = UNSET
    affinity: AskedOptionsAffinity | Unset = UNSET
    priority_class_name: None | str | Unset = UNSET
    service_account_name: None | str | Unset = UNSET
    flush_interval: int | Unset = UNSET
    data_folder: str | Unset = UNSET
    labels: AskedOptionsLabels | Unset = UNSET
    description: str | Unset = UNSET
    protected: bool | Unset = UNSET
    replica_count: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.asked_image import AskedImage
        from ..models.asked_ingress import AskedIngress
        from ..models.asked_liveness_probe import AskedLivenessProbe
        from ..models.asked_network_policy import AskedNetworkPolicy
        from ..models.asked_options_affinity import AskedOptionsAffinity
        from ..models.asked_options_labels import AskedOptionsLabels
        from ..models.asked_options_node_selector import AskedOptionsNodeSelector
        from ..models.asked_options_pod_annotations import AskedOptionsPodAnnotations
        from ..models.asked_options_pod_labels import AskedOptionsPodLabels
        from ..models.asked_options_tolerations_item import AskedOptionsTolerationsItem
        from ..models.asked_readiness_probe import AskedReadinessProbe
        from ..models.asked_resources import AskedResources
        from ..models.asked_secret import AskedSecret
        from ..models.asked_service import AskedService
        from ..models.asked_storage import AskedStorage
        image: dict[str, Any] | Unset = UNSET
        if not isinstance(self.image, Unset):
            image = self.image.to_dict()

        storage: dict[str, Any] | Unset = UNSET
        if not isinstance(self.storage, Unset):
            storage = self.storage.to_dict()

        secret: dict[str, Any] | Unset = UNSET
        if not isinstance(self.secret, Unset):
            secret = self.secret.to_dict()

        resources: dict[str, Any] | Unset = UNSET
        if not isinstance(self.resources, Unset):
            resources = self.resources.to_dict()

        service: dict[str, Any] | Unset = UNSET
        if not isinstance(self.service, Unset):
            service = self.service.to_dict()

        ingress: dict[str, Any] | Unset = UNSET
        if not isinstance(self.ingress, Unset):
            ingress = self.ingress.to_dict()

        network_policy: dict[str, Any] | Unset = UNSET
        if not isinstance(self.network_policy, Unset):
            network_policy = self.network_policy.to_dict()

        liveness_probe: dict[str, Any] | Unset = UNSET
        if not isinstance(self.liveness_probe, Unset):
            liveness_probe = self.liveness_probe.to_dict()

        readiness_probe: dict[str, Any] | Unset = UNSET
        if not isinstance(self.readiness_probe, Unset):
            readiness_probe = self.readiness_probe.to_dict()

        pod_annotations: dict[str, Any] | Unset = UNSET
        if not isinstance(self.pod_annotations, Unset):
            pod_annotations = self.pod_annotations.to_dict()

        pod_labels: dict[str, Any] | Unset = UNSET
        if not isinstance(self.pod_labels, Unset):
            pod_labels = self.pod_labels.to_dict()

        node_selector: dict[str, Any] | Unset = UNSET
        if not isinstance(self.node_selector, Unset):
            node_selector = self.node_selector.to_dict()

        tolerations: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.tolerations, Unset):
            tolerations = []
            for tolerations_item_data in self.tolerations:
                tolerations_item = tolerations_item_data.to_dict()
                tolerations.append(tolerations_item)



        affinity: dict[str, Any] | Unset = UNSET
        if not isinstance(self.affinity, Unset):
            affinity = self.affinity.to_dict()

        priority_class_name: None | str | Unset
        if isinstance(self.priority_class_name, Unset):
            priority_class_name = UNSET
        else:
            priority_class_name = self.priority_class_name

        service_account_name: None | str | Unset
        if isinstance(self.service_account_name, Unset):
            service_account_name = UNSET
        else:
            service_account_name = self.service_account_name

        flush_interval = self.flush_interval

        data_folder = self.data_folder

        labels: dict[str, Any] | Unset = UNSET
        if not isinstance(self.labels, Unset):
            labels = self.labels.to_dict()

        description = self.description

        protected = self.protected

        replica_count = self.replica_count


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if image is not UNSET:
            field_dict["image"] = image
        if storage is not UNSET:
            field_dict["storage"] = storage
        if secret is not UNSET:
            field_dict["secret"] = secret
        if resources is not UNSET:
            field_dict["resources"] = resources
        if service is not UNSET:
            field_dict["service"] = service
        if ingress is not UNSET:
            field_dict["ingress"] = ingress
        if network_policy is not UNSET:
            field_dict["networkPolicy"] = network_policy
        if liveness_probe is not UNSET:
            field_dict["livenessProbe"] = liveness_probe
        if readiness_probe is not UNSET:
            field_dict["readinessProbe"] = readiness_probe
        if pod_annotations is not UNSET:
            field_dict["podAnnotations"] = pod_annotations
        if pod_labels is not UNSET:
            field_dict["podLabels"] = pod_labels
        if node_selector is not UNSET:
            field_dict["nodeSelector"] = node_selector
        if tolerations is not UNSET:
            field_dict["tolerations"] = tolerations
        if affinity is not UNSET:
            field_dict["affinity"] = affinity
        if priority_class_name is not UNSET:
            field_dict["priorityClassName"] = priority_class_name
        if service_account_name is not UNSET:
            field_dict["serviceAccountName"] = service_account_name
        if flush_interval is not UNSET:
            field_dict["flushInterval"] = flush_interval
        if data_folder is not UNSET:
            field_dict["dataFolder"] = data_folder
        if labels is not UNSET:
            field_dict["labels"] = labels
        if description is not UNSET:
            field_dict["description"] = description
        if protected is not UNSET:
            field_dict["protected"] = protected
        if replica_count is not UNSET:
            field_dict["replicaCount"] = replica_count

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.asked_image import AskedImage
        from ..models.asked_ingress import AskedIngress
        from ..models.asked_liveness_probe import AskedLivenessProbe
        from ..models.asked_network_policy import AskedNetworkPolicy
        from ..models.asked_options_affinity import AskedOptionsAffinity
        from ..models.asked_options_labels import AskedOptionsLabels
        from ..models.asked_options_node_selector import AskedOptionsNodeSelector
        from ..models.asked_options_pod_annotations import AskedOptionsPodAnnotations
        from ..models.asked_options_pod_labels import AskedOptionsPodLabels
        from ..models.asked_options_tolerations_item import AskedOptionsTolerationsItem
        from ..models.asked_readiness_probe import AskedReadinessProbe
        from ..models.asked_resources import AskedResources
        from ..models.asked_secret import AskedSecret
        from ..models.asked_service import AskedService
        from ..models.asked_storage import AskedStorage
        d = dict(src_dict)
        _image = d.pop("image", UNSET)
        image: AskedImage | Unset
        if isinstance(_image,  Unset):
            image = UNSET
        else:
            image = AskedImage.from_dict(_image)




        _storage = d.pop("storage", UNSET)
        storage: AskedStorage | Unset
        if isinstance(_storage,  Unset):
            storage = UNSET
        else:
            storage = AskedStorage.from_dict(_storage)




        _secret = d.pop("secret", UNSET)
        secret: AskedSecret | Unset
        if isinstance(_secret,  Unset):
            secret = UNSET
        else:
            secret = AskedSecret.from_dict(_secret)




        _resources = d.pop("resources", UNSET)
        resources: AskedResources | Unset
        if isinstance(_resources,  Unset):
            resources = UNSET
        else:
            resources = AskedResources.from_dict(_resources)




        _service = d.pop("service", UNSET)
        service: AskedService | Unset
        if isinstance(_service,  Unset):
            service = UNSET
        else:
            service = AskedService.from_dict(_service)




        _ingress = d.pop("ingress", UNSET)
        ingress: AskedIngress | Unset
        if isinstance(_ingress,  Unset):
            ingress = UNSET
        else:
            ingress = AskedIngress.from_dict(_ingress)




        _network_policy = d.pop("networkPolicy", UNSET)
        network_policy: AskedNetworkPolicy | Unset
        if isinstance(_network_policy,  Unset):
            network_policy = UNSET
        else:
            network_policy = AskedNetworkPolicy.from_dict(_network_policy)




        _liveness_probe = d.pop("livenessProbe", UNSET)
        liveness_probe: AskedLivenessProbe | Unset
        if isinstance(_liveness_probe,  Unset):
            liveness_probe = UNSET
        else:
            liveness_probe = AskedLivenessProbe.from_dict(_liveness_probe)




        _readiness_probe = d.pop("readinessProbe", UNSET)
        readiness_probe: AskedReadinessProbe | Unset
        if isinstance(_readiness_probe,  Unset):
            readiness_probe = UNSET
        else:
            readiness_probe = AskedReadinessProbe.from_dict(_readiness_probe)




        _pod_annotations = d.pop("podAnnotations", UNSET)
        pod_annotations: AskedOptionsPodAnnotations | Unset
        if isinstance(_pod_annotations,  Unset):
            pod_annotations = UNSET
        else:
            pod_annotations = AskedOptionsPodAnnotations.from_dict(_pod_annotations)




        _pod_labels = d.pop("podLabels", UNSET)
        pod_labels: AskedOptionsPodLabels | Unset
        if isinstance(_pod_labels,  Unset):
            pod_labels = UNSET
        else:
            pod_labels = AskedOptionsPodLabels.from_dict(_pod_labels)




        _node_selector = d.pop("nodeSelector", UNSET)
        node_selector: AskedOptionsNodeSelector | Unset
        if isinstance(_node_selector,  Unset):
            node_selector = UNSET
        else:
            node_selector = AskedOptionsNodeSelector.from_dict(_node_selector)




        _tolerations = d.pop("tolerations", UNSET)
        tolerations: list[AskedOptionsTolerationsItem] | Unset = UNSET
        if _tolerations is not UNSET:
            tolerations = []
            for tolerations_item_data in _tolerations:
                tolerations_item = AskedOptionsTolerationsItem.from_dict(tolerations_item_data)



                tolerations.append(tolerations_item)


        _affinity = d.pop("affinity", UNSET)
        affinity: AskedOptionsAffinity | Unset
        if isinstance(_affinity,  Unset):
            affinity = UNSET
        else:
            affinity = AskedOptionsAffinity.from_dict(_affinity)




        def _parse_priority_class_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        priority_class_name = _parse_priority_class_name(d.pop("priorityClassName", UNSET))


        def _parse_service_account_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        service_account_name = _parse_service_account_name(d.pop("serviceAccountName", UNSET))


        flush_interval = d.pop("flushInterval", UNSET)

        data_folder = d.pop("dataFolder", UNSET)

        _labels = d.pop("labels", UNSET)
        labels: AskedOptionsLabels | Unset
        if isinstance(_labels,  Unset):
            labels = UNSET
        else:
            labels = AskedOptionsLabels.from_dict(_labels)




        description = d.pop("description", UNSET)

        protected = d.pop("protected", UNSET)

        replica_count = d.pop("replicaCount", UNSET)

        asked_options = cls(
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
            replica_count=replica_count,
        )

        return asked_options

