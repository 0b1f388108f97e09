from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.asked_image_pull_policy import AskedImagePullPolicy
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="AskedImage")



@_attrs_define
class AskedImage:
    """ 
        Attributes:
            repository (str | Unset):
            tag (str | Unset): A tag, a digest as `sha256:...`, or both as `1.4.2@sha256:...`: then the digest says which
                image runs.
            pull_policy (AskedImagePullPolicy | Unset):
            pull_secrets (list[str] | Unset): Names of Secrets in the namespace, which an operator has prepared.
     """

    repository: str | Unset = UNSET
    tag: str | Unset = UNSET
    pull_policy: AskedImagePullPolicy | Unset = UNSET
    pull_secrets: list[str] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        repository = self.repository

        tag = self.tag

        pull_policy: str | Unset = UNSET
        if not isinstance(self.pull_policy, Unset):
            pull_policy = self.pull_policy.value


        pull_secrets: list[str] | Unset = UNSET
        if not isinstance(self.pull_secrets, Unset):
            pull_secrets = self.pull_secrets




        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if repository is not UNSET:
            field_dict["repository"] = repository
        if tag is not UNSET:
            field_dict["tag"] = tag
        if pull_policy is not UNSET:
            field_dict["pullPolicy"] = pull_policy
        if pull_secrets is not UNSET:
            field_dict["pullSecrets"] = pull_secrets

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        repository = d.pop("repository", UNSET)

        tag = d.pop("tag", UNSET)

        _pull_policy = d.pop("pullPolicy", UNSET)
        pull_policy: AskedImagePullPolicy | Unset
        if isinstance(_pull_policy,  Unset):
            pull_policy = UNSET
        else:
            pull_policy = AskedImagePullPolicy(_pull_policy)




        pull_secrets = cast(list[str], d.pop("pullSecrets", UNSET))


        asked_image = cls(
            repository=repository,
            tag=tag,
            pull_policy=pull_policy,
            pull_secrets=pull_secrets,
        )

        return asked_image

